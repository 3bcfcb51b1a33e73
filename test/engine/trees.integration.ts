/** Trees of files: one look, one stream. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Host, Request } from '../../src/engine/ports.ts'
import { type Played, type Stage, type Theatre, theatre } from './stage.ts'

let stage: Theatre | null = null
afterEach(() => {
  stage?.close()
  stage = null
})

const FILES = Object.fromEntries(
  Array.from({ length: 60 }, (_, n) => [`files/tree/part${n % 6}/f${n}`, `content ${n}\n`]),
)

const on = (tasks: string, more: Partial<Stage> = {}) => {
  stage = theatre({
    files: { 'site.yml': `- hosts: all\n  tasks:\n${tasks.replaceAll(/^/gm, '    ')}`, ...FILES },
    remembers: true,
    ...more,
  })
  return stage
}

const COPY =
  '- { name: tree, copy: { src: tree/, dest: "{{ dir }}/srv", mode: "0640", directory_mode: "0750" } }\n'
const SYNCHRONIZE = '- { name: tree, synchronize: { src: tree/, dest: "{{ dir }}/srv/", times: false } }\n'
const WAYS = [
  ['copy', COPY],
  ['synchronize', SYNCHRONIZE],
] as const

const filesIn = (dir: string) =>
  [0, 1, 2, 3, 4, 5].flatMap(part => readdirSync(path.join(dir, `srv/part${part}`)))
const changesOf = ({ events }: Played) =>
  events.flatMap(event => (event.type === 'task.result' ? (event.changes ?? []) : []))

/** A host that has no tar. */
function withoutTar(host: Host): void {
  const session = host.session.bind(host)
  host.session = async identity => {
    const real = await session(identity)
    return {
      hello: real.hello,
      cancel: asked => real.cancel(asked),
      close: () => real.close(),
      request: (request: Request) =>
        real.request({
          ...request,
          script: request.script.replaceAll('command -v tar', 'command -v no-tar'),
        }),
    }
  }
}

describe.each(WAYS)('%s of a tree', (module, task) => {
  it('asks once, sends once, and has nothing to do the next time', async () => {
    const there = on(task)
    const first = await there.play()
    expect(first.results).toEqual(['h1 tree: changed'])
    expect(filesIn(first.dir)).toHaveLength(60)
    expect(readFileSync(path.join(first.dir, 'srv/part3/f9'), 'utf8')).toBe('content 9\n')
    if (module === 'copy') {
      expect(statSync(path.join(first.dir, 'srv/part3/f9')).mode & 0o777).toBe(0o640)
      expect(statSync(path.join(first.dir, 'srv/part3')).mode & 0o777).toBe(0o750)
    }
    // The second look is where dest turned out to be a folder to be.
    expect(first.requests).toBeLessThanOrEqual(module === 'copy' ? 3 : 2)
    expect(changesOf(first).length).toBeGreaterThanOrEqual(66)
    const again = await there.play()
    expect(again.results).toEqual(['h1 tree: ok'])
    expect(again.requests).toBe(1)
  })

  it('sends only what differs', async () => {
    const there = on(task)
    await there.play()
    const second = await there.play({
      files: Object.fromEntries(
        [0, 1, 2, 3, 4].map(n => [`files/tree/part${n}/f${n}`, `other ${n}, longer\n`]),
      ),
    })
    expect(changesOf(second).map(change => change.subject.replace(/.*\/f/, 'f'))).toEqual([
      'f0',
      'f1',
      'f2',
      'f3',
      'f4',
    ])
    expect(readFileSync(path.join(second.dir, 'srv/part4/f4'), 'utf8')).toBe('other 4, longer\n')
  })

  it('changes nothing in check mode, and tells the same', async () => {
    const there = on(task)
    const checked = await there.play({ options: { check: true } })
    expect(existsSync(path.join(checked.dir, 'srv'))).toBe(false)
    expect(changesOf(await there.play())).toEqual(changesOf(checked))
  })

  it('arrives file by file where there is no tar', async () => {
    const played = await on(task, { reached: withoutTar }).play()
    expect(played.results).toEqual(['h1 tree: changed'])
    expect(filesIn(played.dir)).toHaveLength(60)
  })

  it('stands in a chain with what comes before and behind it', async () => {
    const played = await on(
      `- { name: before, copy: { content: a, dest: "{{ dir }}/a" } }
${task}- { name: behind, copy: { content: b, dest: "{{ dir }}/srv/part0/b" } }
- { name: look, stat: { path: "{{ dir }}/srv/part0/f0" }, register: seen }
- { name: told, assert: { that: seen.stat.size == 10 } }
`,
    ).play()
    expect(played.results).toEqual([
      'h1 before: changed',
      'h1 tree: changed',
      'h1 behind: changed',
      'h1 look: ok',
      'h1 told: ok',
    ])
    expect(played.roundTrips).toBeLessThanOrEqual(5)
  })
})
