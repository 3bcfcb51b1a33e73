/** `errors: warn` of a lookup goes on with nothing, and says so. */
import { afterEach, expect, it } from 'vitest'
import { type Theatre, theatre } from './stage.ts'

let open: Theatre | null = null

afterEach(() => {
  open?.close()
  open = null
})

it.each([
  ['warn', '', ['the lookup file failed and gives nothing']],
  ['ignore', '', []],
  ['warn', ', no_log: true', []],
])('a lookup that fails with errors=%s%s', async (errors, keyword, says) => {
  const look = `"{{ lookup('file', 'none.txt', errors='${errors}') | default('none', true) }}"`
  open = theatre({
    files: {
      'site.yml': `- { hosts: all, gather_facts: false, tasks: [{ name: looks, debug: { msg: ${look} }${keyword} }] }\n`,
    },
  })
  const { events } = await open.play()
  const warnings = events.flatMap(event => (event.type === 'warning' ? [event.message] : []))
  expect(warnings).toEqual(says.map(text => expect.stringContaining(text)))
  expect(events.some(event => event.type === 'task.result' && event.status === 'ok')).toBe(true)
})
