/** Where a secret would be seen by others on the host, and what a digest of one gives away. */
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Snapshot } from '../../src/engine/snapshot.ts'
import { type Theatre, theatre } from './stage.ts'

let open: Theatre | undefined
afterEach(() => {
  vi.restoreAllMocks()
  open?.close()
})

const TOKEN = 'correct-horse-battery'

function on(tasks: string): Theatre {
  const site = `- hosts: all\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`
  open = theatre({ files: { 'site.yml': site }, secrets: { token: TOKEN } })
  return open
}

describe('a secret that others on the host would see', () => {
  const LOOKED_UP = '- { name: looks, stat: { path: "{{ dir }}/{{ token }}" } }'

  it.each([
    ['in what is looked up', LOOKED_UP, 'what is looked up'],
    [
      'in what a condition of a command looks up',
      '- { name: looks, command: { cmd: "true", creates: "{{ token }}" } }',
      'what is looked up',
    ],
    [
      'in what a script of a module looks up',
      '- { name: looks, getent: { database: passwd, key: "{{ token }}", fail_key: false } }',
      'what is looked up',
    ],
    [
      'as the user to become',
      '- { name: looks, ping: {}, become: true, become_user: "{{ token }}", ignore_unreachable: true }',
      'become_user',
    ],
    [
      'as what a link leads to',
      '- { name: looks, file: { path: "{{ dir }}/l", src: "{{ token }}", state: link, force: true } }',
      'a path',
    ],
  ])('%s is told of once, and refused where secrets are strict', async (_what, task, where) => {
    const stage = on(task)
    const refused = await stage.play({ options: { strictSecrets: true } })
    expect(refused.results).toEqual(['h1 looks: failed'])
    expect(JSON.stringify(refused.events)).toContain('SECRET_IN_ARGUMENTS')
    const { events } = await stage.play()
    const warned = events.flatMap(event => (event.type === 'warning' ? [event.message] : []))
    expect(warned.filter(message => message.includes(`a secret stands in ${where}`))).toHaveLength(1)
    expect(JSON.stringify(events)).not.toContain(TOKEN)
  })

  it('is found although its words are arguments of their own', async () => {
    const task = '- { name: loads, command: { argv: ["true", correct, horse] } }'
    const stage = on(task)
    const { results } = await stage.play({
      secrets: { token: 'correct horse' },
      options: { strictSecrets: true },
    })
    expect(results).toEqual(['h1 loads: failed'])
  })

  it('is told of once for all items of a loop', async () => {
    const { events } = await on(`${LOOKED_UP.slice(0, -2)}, loop: [1, 2, 3] }`).play()
    expect(events.filter(event => event.type === 'warning')).toHaveLength(1)
  })

  it('is not looked up ahead of the task that is refused for it', async () => {
    const asked = on(`- { name: first, stat: { path: "{{ dir }}" } }\n${LOOKED_UP}`)
    const asking = vi.spyOn(Snapshot.prototype, 'ask')
    const { results } = await asked.play({ options: { strictSecrets: true } })
    expect(results).toEqual(['h1 first: ok', 'h1 looks: failed'])
    expect(asking).toHaveBeenCalled()
    expect(JSON.stringify(asking.mock.calls)).not.toContain(TOKEN)
  })
})

it.each([
  ['always changes', ''],
  ['is told by its output', ', register: out, changed_when: out.stdout == token'],
  ['never changes', ', changed_when: false'],
])('a command with a secret that check mode does not run and that %s shows none', async (_what, more) => {
  const { events } = await on(`- { name: runs, command: "echo {{ token }}"${more} }`).play({
    options: { check: true },
  })
  expect(JSON.stringify(events)).toContain('not run in check mode')
  expect(JSON.stringify(events)).not.toContain(TOKEN)
})

it('a question shows no secret', async () => {
  const { questions } = await on('- { name: asks, pause: { prompt: "is {{ token }} right" } }').play({
    answers: ['yes'],
  })
  expect(questions).toEqual(['is [secret] right'])
})

describe('digests of a content with a secret', () => {
  const OLD = 'password = an older one\n'
  const NEW = `password = ${TOKEN}\n`

  it.each([
    ['copy', '- { name: puts, copy: { content: "password = {{ token }}\\n", dest: "{{ dir }}/f" } }'],
    ['template', '- { name: puts, template: { src: f.j2, dest: "{{ dir }}/f" } }'],
    [
      'lineinfile',
      '- { name: puts, lineinfile: { path: "{{ dir }}/f", regexp: ^pass, line: "password = {{ token }}" } }',
    ],
    [
      'fetch',
      '- { name: puts, copy: { content: "password = {{ token }}\\n", dest: "{{ dir }}/f" }, no_log: true }\n' +
        '- { name: fetches, fetch: { src: "{{ dir }}/f", dest: "{{ dir }}/fetched" } }',
    ],
  ])('are not shown by %s, neither of the new nor of the old one', async (_module, tasks) => {
    const stage = on(`${tasks}\n- { name: sums, stat: { path: "{{ dir }}/f", checksum_algorithm: sha512 } }`)
    writeFileSync(`${stage.dir}/f`, OLD)
    const files = { 'templates/f.j2': 'password = {{ token }}\n' }
    const told = [await stage.play({ files }), await stage.play({ files, options: { diff: true } })]
    expect(told.map(one => one.results[0])).toEqual(['h1 puts: changed', 'h1 puts: ok'])
    expect(sumsIn(JSON.stringify(told.map(one => one.events)))).toEqual([])
  })

  it('are shown of any other content', async () => {
    const { events } = await on('- { name: puts, copy: { content: "x", dest: "{{ dir }}/f" } }').play()
    expect(JSON.stringify(events)).toContain(createHash('sha1').update('x').digest('hex'))
  })

  function sumsIn(text: string): string[] {
    return [OLD, NEW].flatMap(content =>
      ['md5', 'sha1', 'sha256', 'sha512'].filter(algorithm =>
        text.includes(createHash(algorithm).update(content).digest('hex').slice(0, 12)),
      ),
    )
  }
})
