import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Theatre, theatre } from './stage.ts'

let stage: Theatre | null = null
afterEach(() => {
  stage?.close()
  stage = null
})

const on = (tasks: string, more: Readonly<Record<string, string>> = {}) => {
  stage = theatre({
    files: { 'site.yml': `- hosts: all\n  tasks:\n${tasks.replaceAll(/^/gm, '    ')}`, ...more },
  })
  return stage
}

const FILES = Array.from(
  { length: 12 },
  (_, n) => `- { name: f${n}, copy: { content: "${n}", dest: "{{ dir }}/f${n}" } }\n`,
)

describe('a chain', () => {
  it('sends each change once, with one look before it and one behind', async () => {
    const played = await on(FILES.join('')).play()
    expect(played.summary.stats.h1).toMatchObject({ changed: 12, failed: 0 })
    expect(played.requests).toBeLessThanOrEqual(12 + 2)
    expect(readFileSync(path.join(played.dir, 'f11'), 'utf8')).toBe('11')
  })

  it('builds on what it has foreseen: one file line by line, a file in a new folder, its stat', async () => {
    const played = await on(`- file: { path: "{{ dir }}/new/deep", state: directory }
- { name: one, lineinfile: { path: "{{ dir }}/new/deep/f", line: one, create: true, mode: "0600" } }
- { name: two, lineinfile: { path: "{{ dir }}/new/deep/f", line: two } }
- { name: look, stat: { path: "{{ dir }}/new/deep/f" }, register: seen }
- { name: three, lineinfile: { path: "{{ dir }}/new/deep/f", line: three, mode: "0640" } }
- { name: told, assert: { that: [seen.stat.size == 8, seen.stat.mode == "0600"] } }
`).play()
    expect(played.results.slice(1)).toEqual([
      'h1 one: changed',
      'h1 two: changed',
      'h1 look: ok',
      'h1 three: changed',
      'h1 told: ok',
    ])
    expect(readFileSync(path.join(played.dir, 'new/deep/f'), 'utf8')).toBe('one\ntwo\nthree\n')
  })

  it('ends at the task that fails: what comes after it was not done', async () => {
    const played = await on(
      `${FILES[0]}- { name: bad, copy: { content: x, dest: "{{ dir }}/no/such/folder/f" } }\n${FILES[1]}`,
    ).play()
    expect(played.results).toEqual(['h1 f0: changed', 'h1 bad: failed'])
    expect(() => readFileSync(path.join(played.dir, 'f1'))).toThrow('ENOENT')
  })

  it('goes on behind a failure that is passed over, and in a rescue', async () => {
    const played = await on(`- { name: a, copy: { content: a, dest: "{{ dir }}/a" } }
- { name: bad, copy: { content: x, dest: "{{ dir }}/no/f" }, ignore_errors: true }
- { name: b, copy: { content: b, dest: "{{ dir }}/b" } }
- block:
    - { name: c, copy: { content: c, dest: "{{ dir }}/c" } }
    - { name: worse, copy: { content: x, dest: "{{ dir }}/no/f" } }
    - { name: never, copy: { content: x, dest: "{{ dir }}/never" } }
  rescue:
    - { name: saved, copy: { content: "{{ ansible_failed_task.name }}", dest: "{{ dir }}/saved" } }
- { name: d, copy: { content: d, dest: "{{ dir }}/d" } }
`).play()
    expect(played.results).toEqual([
      'h1 a: changed',
      'h1 bad: ignored',
      'h1 b: changed',
      'h1 c: changed',
      'h1 worse: failed',
      'h1 saved: changed',
      'h1 d: changed',
    ])
    expect(readFileSync(path.join(played.dir, 'saved'), 'utf8')).toBe('worse')
    expect(() => readFileSync(path.join(played.dir, 'never'))).toThrow('ENOENT')
  })

  it('stops where a path turns out to lead elsewhere, and does it right', async () => {
    const played = on(`- { name: link, file: { path: "{{ dir }}/l", src: "{{ dir }}/real", state: link } }
- { name: through, copy: { content: new, dest: "{{ dir }}/l/f" } }
- { name: same, copy: { content: new, dest: "{{ dir }}/real/f" } }
`)
    const folder = path.join(played.dir, 'real')
    await import('node:fs').then(fs => fs.mkdirSync(folder))
    writeFileSync(path.join(folder, 'f'), 'old')
    const { results } = await played.play()
    expect(results).toEqual(['h1 link: changed', 'h1 through: changed', 'h1 same: ok'])
    expect(readFileSync(path.join(folder, 'f'), 'utf8')).toBe('new')
  })

  it('guards all that a decision looked at, also what was known from elsewhere', async () => {
    const site = (text: string) => ({
      'site.yml': `- hosts: all
  tasks:
    - { name: folder, stat: { path: "{{ dir }}", follow: true } }
    - { name: first, copy: { content: "${text}", dest: "{{ dir }}/x" } }
    - { name: from, copy: { content: kept, dest: "{{ dir }}/a" } }
    - { name: on the host, copy: { src: "{{ dir }}/a", dest: "{{ dir }}/b", remote_src: true } }
    - { name: last, copy: { content: "${text}", dest: "{{ dir }}/y" } }
`,
    })
    const played = on('- ping:\n')
    await played.play({ files: site('one') })
    const { results } = await played.play({ files: site('two') })
    expect(results).toEqual([
      'h1 folder: ok',
      'h1 first: changed',
      'h1 from: ok',
      'h1 on the host: ok',
      'h1 last: changed',
    ])
  })

  it('waits for whoever reads what an earlier task returns', async () => {
    const played = await on(`- { name: a, copy: { content: a, dest: "{{ dir }}/a" }, register: first }
- { name: b, copy: { content: "{{ first.checksum }}", dest: "{{ dir }}/b" } }
- { name: c, copy: { content: c, dest: "{{ dir }}/c" }, when: first is changed }
- { name: d, copy: { content: d, dest: "{{ dir }}/d" }, when: first is not changed }
`).play()
    expect(played.results).toEqual(['h1 a: changed', 'h1 b: changed', 'h1 c: changed', 'h1 d: skipped'])
    expect(readFileSync(path.join(played.dir, 'b'), 'utf8')).toBe('86f7e437faa5a7fce15d1ddcb9eaeaea377667b8')
  })

  it('takes the items of a loop along, and notifies once', async () => {
    const played = await on(
      `- { name: items, copy: { content: "{{ item }}", dest: "{{ dir }}/{{ item }}" }, loop: [a, b, c, a], notify: told }
- { name: after, copy: { content: x, dest: "{{ dir }}/x" } }
- meta: flush_handlers
`,
      {},
    ).play({
      files: {
        'site.yml': `- hosts: all
  tasks:
    - { name: items, copy: { content: "{{ item }}", dest: "{{ dir }}/{{ item }}" }, loop: [a, b, c, a], notify: told }
    - { name: after, copy: { content: x, dest: "{{ dir }}/x" } }
  handlers:
    - { name: told, copy: { content: t, dest: "{{ dir }}/t" } }
    - { name: untold, copy: { content: u, dest: "{{ dir }}/u" } }
`,
      },
    })
    expect(played.results).toEqual(['h1 items: changed', 'h1 after: changed', 'h1 told: changed'])
    const items = played.events.flatMap(event => (event.type === 'task.item' ? [event.status] : []))
    expect(items).toEqual(['changed', 'changed', 'changed', 'ok'])
    expect(() => readFileSync(path.join(played.dir, 'u'))).toThrow('ENOENT')
    expect(played.requests).toBeLessThanOrEqual(10)
  })
})

describe('a chain of commands', () => {
  const COMMANDS = Array.from(
    { length: 20 },
    (_, n) => `- { name: c${n}, command: "echo ${n}", changed_when: false, register: out }
- { name: s${n}, stat: { path: "{{ dir }}/f${n}" }, register: seen }
- { name: f${n}, copy: { content: "${n}", dest: "{{ dir }}/f${n}" } }
- { name: d${n}, debug: { var: seen.stat.exists } }
`,
  ).join('')

  it('runs what runs every time, and all that does nothing between, in three requests waited for', async () => {
    const played = on(COMMANDS)
    await played.play()
    const { summary, results, roundTrips } = await played.play()
    expect(summary.stats.h1).toMatchObject({ ok: 80, changed: 0, failed: 0 })
    expect(results.slice(-4)).toEqual(['h1 c19: ok', 'h1 s19: ok', 'h1 f19: ok', 'h1 d19: ok'])
    expect(roundTrips).toBeLessThanOrEqual(3)
  })

  it('ends where one changes what was seen: what comes after it is decided anew', async () => {
    const played = on(`- { name: kept, copy: { content: kept, dest: "{{ dir }}/f" } }
- { name: breaks, shell: "echo broken >{{ dir }}/f" }
- { name: mended, copy: { content: kept, dest: "{{ dir }}/f" } }
- { name: reads, command: "cat {{ dir }}/f", register: read }
- { name: told, assert: { that: read.stdout == "kept" } }
`)
    await played.play()
    const { results } = await played.play()
    expect(results).toEqual([
      'h1 kept: ok',
      'h1 breaks: changed',
      'h1 mended: changed',
      'h1 reads: changed',
      'h1 told: ok',
    ])
  })

  it.each([
    ['a command that fails', 'command: "false"'],
    ['a condition of its own', 'command: "true"\n  failed_when: true'],
    ['an assertion that fails', 'assert: { that: 1 == 2 }'],
  ])('does not reach past %s', async (_, text) => {
    const played = await on(`- { name: first, command: "true" }
- name: ends
  ${text}
- { name: never, command: "touch {{ dir }}/never" }
`).play()
    expect(played.results).toEqual(['h1 first: changed', 'h1 ends: failed'])
    expect(() => readFileSync(path.join(played.dir, 'never'))).toThrow('ENOENT')
  })

  it('knows what calm tasks and facts of its own say, and waits for what commands say', async () => {
    const played = on(`- { name: there, stat: { path: "{{ dir }}/none" }, register: seen }
- { name: fact, set_fact: { word: "{{ 'b' if seen.stat.exists else 'a' }}" } }
- { name: says, command: "echo {{ word }}", register: said }
- { name: left out, command: "touch {{ dir }}/never", when: seen.stat.exists }
- { name: repeats, command: "echo {{ said.stdout }}{{ word }}", register: twice }
- { name: told, assert: { that: twice.stdout == "aa" } }
`)
    const { results } = await played.play()
    expect(results).toEqual([
      'h1 there: ok',
      'h1 fact: ok',
      'h1 says: changed',
      'h1 left out: skipped',
      'h1 repeats: changed',
      'h1 told: ok',
    ])
  })

  it('is not begun any further after an interrupt', async () => {
    const interrupt = new AbortController()
    const played = on(`- { name: one, command: "true" }
- { name: long, shell: "touch {{ dir }}/begun; sleep 30" }
- { name: never, command: "touch {{ dir }}/never" }
`)
    const begun = path.join(played.dir, 'begun')
    const waiting = setInterval(() => existsSync(begun) && interrupt.abort(new Error('stop')), 20)
    const { summary } = await played.play({ signal: interrupt.signal })
    clearInterval(waiting)
    expect(summary).toMatchObject({ interrupted: true, unfinished: ['h1'] })
    expect(existsSync(path.join(played.dir, 'never'))).toBe(false)
  })
})

describe('a chain through roles', () => {
  const ROLE = (name: string) => ({
    [`roles/${name}/tasks/main.yml`]: `- { name: ${name} file, copy: { content: "${name}", dest: "{{ dir }}/${name}" } }
- { name: ${name} command, command: "echo ${name}" }
`,
  })

  it('goes on from one role to the next, and out of a block', async () => {
    const played = on('- ping:\n', { ...ROLE('r1'), ...ROLE('r2'), ...ROLE('r3') })
    const site = {
      'site.yml': `- hosts: all
  gather_facts: false
  roles: [r1, r2, r3]
  tasks:
    - block:
        - { name: inner, command: "true" }
    - { name: outer, command: "true" }
`,
    }
    await played.play({ files: site })
    const { results, roundTrips } = await played.play({ files: site })
    expect(results).toEqual([
      ...['r1', 'r2', 'r3'].flatMap(name => [`h1 ${name} file: ok`, `h1 ${name} command: changed`]),
      'h1 inner: changed',
      'h1 outer: changed',
    ])
    expect(roundTrips).toBe(2)
  })

  it('ends in front of a role that may have run', async () => {
    const played = on('- ping:\n', ROLE('r1'))
    const site = `- hosts: all
  roles:
    - r1
    - { role: r1, when: true }
    - { role: r1 }
  tasks:
    - { name: last, command: "true" }
`
    const { results } = await played.play({ files: { 'site.yml': site } })
    expect(results.filter(line => line.includes('command')).length).toBe(2)
    expect(results.at(-1)).toBe('h1 last: changed')
  })
})
