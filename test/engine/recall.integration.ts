import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Host, Identity, Session } from '../../src/engine/ports.ts'
import { type Stage, type Theatre, theatre } from './stage.ts'

let stage: Theatre | null = null
afterEach(() => {
  stage?.close()
  stage = null
})

/** The second copy hangs on what the stat says, so nothing of it can be known ahead. */
const HANGING = `- hosts: all
  tasks:
    - { name: one, copy: { content: one, dest: "{{ dir }}/one" } }
    - { name: look, stat: { path: "{{ dir }}/one" }, register: seen }
    - { name: two, copy: { content: two, dest: "{{ dir }}/two" }, when: seen.stat.exists }
`

const on = (more: Partial<Stage> = {}) => {
  stage = theatre({ files: { 'site.yml': HANGING }, remembers: true, ...more })
  return stage
}
const memory = ({ dir }: Theatre) => {
  const folder = path.join(dir, '../state/asked')
  const [id = ''] = readdirSync(folder)
  return path.join(folder, id, 'h1.json')
}

describe('what was looked at in the last run', () => {
  it('is asked along with the first question, also what hangs on answers', async () => {
    const played = on()
    await played.play()
    const again = await played.play()
    expect(again.results).toEqual(['h1 one: ok', 'h1 look: ok', 'h1 two: ok'])
    expect(again.requests).toBe(1)
  })

  it('is not known where nothing is kept', async () => {
    const played = on({ remembers: false })
    await played.play()
    expect((await played.play()).requests).toBe(2)
  })

  it('decides nothing: what is different on the host is put right', async () => {
    const played = on()
    await played.play()
    writeFileSync(path.join(played.dir, 'two'), 'changed')
    expect((await played.play()).results).toEqual(['h1 one: ok', 'h1 look: ok', 'h1 two: changed'])
    rmSync(path.join(played.dir, 'two'))
    expect((await played.play()).results.at(-1)).toBe('h1 two: changed')
  })

  it('is left as it was by a run in check mode', async () => {
    const played = on()
    await played.play()
    const before = readFileSync(memory(played), 'utf8')
    await played.play({
      options: { check: true },
      files: { 'site.yml': HANGING.replaceAll('/two', '/three') },
    })
    expect(readFileSync(memory(played), 'utf8')).toBe(before)
  })

  it('holds no path with a secret', async () => {
    const played = on({
      files: { 'site.yml': HANGING.replaceAll('/two', '/{{ token }}') },
      secrets: { token: 'geheim-8461' },
    })
    await played.play()
    expect(readFileSync(memory(played), 'utf8')).not.toContain('geheim')
  })

  it('is missing when its file is damaged', async () => {
    const played = on()
    await played.play()
    writeFileSync(memory(played), '{"": [{"kind": "path"}]}')
    expect((await played.play()).requests).toBe(2)
    expect((await played.play()).requests).toBe(1)
  })

  it('is looked at as a whole, also behind commands that looked for a file', async () => {
    const asked: string[] = []
    const played = on({ files: { 'site.yml': MARKED }, reached: listening(asked) })
    await played.play()
    asked.length = 0
    const again = await played.play()
    expect(again.results).toEqual([
      'h1 one: ok',
      'h1 first: ok',
      'h1 two: ok',
      'h1 second: ok',
      'h1 three: ok',
    ])
    expect(again.requests).toBe(1)
    expect(asked.join('\n').match(/ end \d+\\n/g)?.length).toBe(1)
    rmSync(path.join(played.dir, 'first'))
    expect((await played.play()).results.filter(result => result.endsWith('changed'))).toEqual([
      'h1 first: changed',
    ])
  })
})

const MARKED = `- hosts: all
  tasks:
    - { name: one, copy: { content: one, dest: "{{ dir }}/one" } }
    - { name: first, command: { cmd: "touch {{ dir }}/first", creates: "{{ dir }}/first" } }
    - { name: two, copy: { content: two, dest: "{{ dir }}/two" } }
    - { name: second, command: { cmd: "touch {{ dir }}/second", creates: "{{ dir }}/second" } }
    - { name: three, copy: { content: three, dest: "{{ dir }}/three" } }
`

/** Notes the scripts of all requests. */
function listening(asked: string[]): (host: Host) => void {
  return host => {
    const { session } = host
    Object.assign(host, {
      session: async (identity: Identity): Promise<Session> => {
        const opened = await session.call(host, identity)
        const request: Session['request'] = given => {
          asked.push(given.script)
          return opened.request(given)
        }
        return new Proxy(opened, {
          get: (target, name) => {
            if (name === 'request') return request
            const value: unknown = Reflect.get(target, name, target)
            return typeof value === 'function' ? value.bind(target) : value
          },
        })
      },
    })
  }
}
