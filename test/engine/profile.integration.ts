import { afterEach, expect, it } from 'vitest'
import { type Theatre, theatre } from './stage.ts'

let stage: Theatre | null = null
afterEach(() => stage?.close())

const SITE = `- hosts: all
  gather_facts: false
  tasks:
    - { name: file, copy: { content: x, dest: "{{ dir }}/f" } }
    - { name: slow, command: sleep 0.2 }
    - { name: waits, pause: { seconds: 1 } }
`

it('tells where the time of each task went, all of it, when asked', async () => {
  stage = theatre({ files: { 'site.yml': SITE } })
  const { events } = await stage.play({ options: { profile: true } })
  const spent = new Map(events.flatMap(event => (event.type === 'task.result' ? [[event.name, event]] : [])))
  for (const { spent: parts, elapsedMs } of spent.values()) {
    const sum = Object.values(parts ?? {}).reduce((all, ms) => all + ms, 0)
    expect(Math.abs(sum - elapsedMs)).toBeLessThanOrEqual(2)
  }
  expect(spent.get('slow')?.spent?.act).toBeGreaterThanOrEqual(190)
  expect(spent.get('file')?.spent?.upload).toBeGreaterThan(0)
})

it('says nothing of it otherwise', async () => {
  stage = theatre({ files: { 'site.yml': SITE } })
  const { events } = await stage.play()
  expect(events.some(event => event.type === 'task.result' && event.spent !== undefined)).toBe(false)
})
