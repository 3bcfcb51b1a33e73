import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { barePlay } from '../../src/config/bare-play.ts'
import { bareTask } from '../../src/config/bare-task.ts'
import type { DataOptions } from '../../src/engine/first-change.ts'
import { type Played, type Stage, type Theatre, theatre } from './stage.ts'

let open: Theatre | null = null
afterEach(() => open?.close())

const POSITION = { file: 'data', line: 1, column: 1 }

/** A play of data that runs one command on h1. */
function keeping(cmd: string): DataOptions {
  const task = bareTask({
    id: 'keep',
    name: 'Keep',
    module: 'shell',
    args: { cmd },
    register: 'kept',
    position: POSITION,
    directory: '.',
  })
  const about = { position: POSITION, name: 'data', directory: '.', file: 'data' }
  return { closed: 'kept', plays: [barePlay({ ...about, hosts: 'h1', tasks: [task] })] }
}

const SITE = `
- hosts: all
  tasks:
    - name: Look
      command: "true"
      changed_when: false
    - name: Ask
      stat: { path: "{{ dir }}/a" }
    - name: Write
      copy: { content: "{{ text | default('a') }}", dest: "{{ dir }}/{{ inventory_hostname }}" }
    - name: More
      copy: { content: b, dest: "{{ dir }}/more-{{ inventory_hostname }}" }
`

function stage(data: (dir: string) => DataOptions, over: Partial<Stage> = {}): Theatre {
  open = theatre({ files: { 'site.yml': SITE }, hosts: ['h2', 'h1'], ...over })
  const { dir } = open
  const play: Theatre['play'] = more => theatreOf.play({ record: { data: data(dir) }, ...more })
  const theatreOf = open
  return { ...open, dir, close: open.close, play }
}
const log = ({ dir }: Theatre) => readFileSync(path.join(dir, 'log'), 'utf8').trim().split('\n')
const order = ({ results }: Played) => results.map(line => line.replace(/^(\S+) (.*)$/, '$1 $2'))

describe('before the first change of a run', () => {
  it('data is kept once, though it is on another host than the change', async () => {
    const one = stage(dir => keeping(`echo "there: $(ls ${dir})" >>${dir}/log; echo name`))
    const played = await one.play()
    expect(played.summary.dataKept).toBe('kept')
    expect(log(one)).toEqual(['there:'])
    const at = order(played)
    expect(at.findIndex(line => line.includes('Keep'))).toBeLessThan(
      at.findIndex(line => line.includes('Write')),
    )
    expect(at.filter(line => line.includes('Keep'))).toHaveLength(1)
  })

  it('nothing is kept where nothing changes, also with commands that only look', async () => {
    const one = stage(dir => keeping(`echo x >>${dir}/log`))
    await one.play()
    const again = await one.play()
    expect(again.summary.dataKept).toBeNull()
    expect(log(one)).toEqual(['x'])
  })

  it('a dry run keeps nothing', async () => {
    const one = stage(dir => keeping(`echo x >>${dir}/log`))
    const dry = await one.play({ options: { check: true } })
    expect(dry.summary.dataKept).toBeNull()
    expect(existsSync(path.join(one.dir, 'log'))).toBe(false)
  })

  it('data that cannot be kept leaves every host as it was, also by a rescue', async () => {
    const rescued = SITE.replace(/ {4}- name: Write[\s\S]*/, '').concat(`    - block:
        - copy: { content: a, dest: "{{ dir }}/{{ inventory_hostname }}" }
      rescue:
        - copy: { content: b, dest: "{{ dir }}/rescued-{{ inventory_hostname }}" }
    - copy: { content: c, dest: "{{ dir }}/after-{{ inventory_hostname }}" }
      ignore_errors: true
`)
    const one = stage(() => keeping('echo no room >&2; exit 1'), { files: { 'site.yml': rescued } })
    const { summary } = await one.play()
    expect(summary.dataKept).toBe('failed')
    for (const name of ['h1', 'h2', 'rescued-h1', 'rescued-h2', 'after-h1', 'after-h2'])
      expect(existsSync(path.join(one.dir, name)), name).toBe(false)
  })

  it('variables of the run are seen, and those that are made meanwhile are not', async () => {
    const site = SITE.replace('    - name: Look', '    - set_fact: { mine: seen }\n    - name: Look')
    const one = stage(dir => keeping(`echo ${dir} >${dir}/log`), { files: { 'site.yml': site } })
    const told = `${site}    - debug: { msg: "{{ kept is defined }}" }\n`
    const { events } = await one.play({ files: { 'site.yml': told } })
    const last = events.filter(one => one.type === 'task.result').at(-1)
    expect(last).toMatchObject({ result: { msg: false } })
  })
})
