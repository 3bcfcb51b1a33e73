import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { RecordOptions } from '../../src/engine/lease.ts'
import { type Played, type Stage, type Theatre, theatre } from './stage.ts'

let open: Theatre | null = null
afterEach(() => open?.close())

const OWNING: Partial<RecordOptions> = { owning: { kind: 'plays', environment: 'test', prune: false } }
const PRUNING: Partial<RecordOptions> = { owning: { kind: 'plays', environment: 'test', prune: true } }

function stage(over: Partial<Stage> = {}): Theatre {
  open = theatre({ record: OWNING, ...over, files: { 'site.yml': SITE, ...over.files } })
  return open
}

const SITE = role(`
- name: Folder
  file: { path: "{{ dir }}/web", state: directory }
- name: Page
  copy: { content: a, dest: "{{ dir }}/web/{{ item }}" }
  loop: "{{ pages | default(['one', 'two']) }}"
- name: Late
  copy: { content: c, dest: "{{ dir }}/late" }
  when: late | default(true)
`)

function role(tasks: string): string {
  return `- hosts: all\n  tasks:\n${tasks.trim().replace(/^/gm, '    ')}\n`
}

const only = (vars: Record<string, string | boolean | string[]>) => ({ options: { extraVars: vars } })
const GONE = { 'site.yml': role('- stat: { path: / }') }

function orphans({ events, dir }: Played): string[] {
  return events.flatMap(event =>
    event.type === 'orphan' ? [`${event.task}: ${event.resource.replace(`${dir}/`, '')}`] : [],
  )
}

const listsOf = ({ dir }: Theatre) => path.join(dir, '..', 'record', 'stage', 'owned')
const runsOf = ({ dir }: Theatre) => readdirSync(path.join(dir, '..', 'record', 'stage', 'runs'))
const textOf = (theatre: Theatre) =>
  readFileSync(path.join(listsOf(theatre), readdirSync(listsOf(theatre))[0] ?? ''), 'utf8')

describe('what a host has by its playbooks', () => {
  it('is kept for root alone, and costs a run that changes nothing no request', async () => {
    const theatre = stage()
    await theatre.play()
    expect(textOf(theatre).match(/^entry /gm)).toHaveLength(4)
    expect(statSync(listsOf(theatre)).mode & 0o777).toBe(0o700)
    const again = await theatre.play()
    expect([again.requests, orphans(again)]).toEqual([1, []])
    expect(runsOf(theatre)).toEqual(['0000000001'])
    expect(readdirSync(listsOf(theatre))).toHaveLength(1)
  })

  it('is written down also where everything was there already, once', async () => {
    const theatre = stage()
    await theatre.play({ record: {} })
    await theatre.play()
    expect(textOf(theatre).match(/^entry /gm)).toHaveLength(4)
    const again = await theatre.play()
    expect([again.requests, runsOf(theatre).length]).toEqual([1, 1])
  })

  it('tells what is no longer declared in each run, and leaves it', async () => {
    const theatre = stage()
    await theatre.play()
    const dry = await theatre.play({ options: { extraVars: { pages: ['one'] }, check: true } })
    expect(orphans(dry)).toEqual(['Page: file web/two'])
    const told = await theatre.play(only({ pages: ['one'] }))
    const again = await theatre.play(only({ pages: ['one'] }))
    expect([orphans(told), orphans(again), again.requests]).toEqual([
      ['Page: file web/two'],
      ['Page: file web/two'],
      1,
    ])
    expect(existsSync(path.join(theatre.dir, 'web/two'))).toBe(true)
    expect(orphans(await theatre.play())).toEqual([])
  })

  it('keeps what a skipped task has declared, until that task is gone', async () => {
    const theatre = stage()
    await theatre.play()
    expect(orphans(await theatre.play(only({ late: false })))).toEqual([])
    const renamed = SITE.replace('name: Late', 'name: Later')
    expect(orphans(await theatre.play({ files: { 'site.yml': renamed }, ...only({ late: false }) }))).toEqual(
      [],
    )
    const gone = { 'site.yml': SITE.slice(0, SITE.indexOf('    - name: Late')) }
    expect(orphans(await theatre.play({ files: gone }))).toEqual(['Late: file late'])
  })

  it.each([
    ['tags', { tags: ['none'] }],
    ['a start in the middle', { startAtTask: 'Late' }],
  ])('is not judged by a run with %s', async (_title, options) => {
    const theatre = stage()
    await theatre.play()
    const files = { 'site.yml': SITE.replace(/ {4}- name: Page[\s\S]*?(?= {4}- name: Late)/, '') }
    expect(orphans(await theatre.play({ files, options }))).toEqual([])
    expect(orphans(await theatre.play({ files }))).toHaveLength(2)
  })

  it('is not judged by a run that failed, which still notes what it made', async () => {
    const theatre = stage()
    await theatre.play()
    const failing = role('- copy: { content: n, dest: "{{ dir }}/new" }\n- command: "false"')
    const failed = await theatre.play({ files: { 'site.yml': failing } })
    expect(orphans(failed)).toEqual([])
    expect(textOf(theatre)).toContain('/new')
    expect(orphans(await theatre.play({ files: GONE }))).toHaveLength(5)
  })

  it('is no more than what a task has taken away since', async () => {
    const theatre = stage()
    await theatre.play()
    const gone = role('- file: { path: "{{ dir }}/web", state: absent }')
    expect(orphans(await theatre.play({ files: { 'site.yml': gone } }))).toEqual(['Late: file late'])
    const both = `${gone}    - file: { path: "{{ dir }}/late", state: absent }\n`
    expect(orphans(await theatre.play({ files: { 'site.yml': both } }))).toEqual([])
    expect(orphans(await theatre.play({ files: GONE }))).toEqual([])
  })

  it('is kept while an include that brought it is not followed', async () => {
    const theatre = stage({
      files: {
        'site.yml': role('- debug: { msg: x }\n- include_tasks: more.yml\n  when: more | default(true)'),
        'more.yml': '- copy: { content: m, dest: "{{ dir }}/more" }\n',
      },
    })
    await theatre.play()
    expect(orphans(await theatre.play(only({ more: false })))).toEqual([])
    expect(orphans(await theatre.play({ files: GONE }))).toEqual(['copy: file more'])
  })
})

describe('pruning', () => {
  it('says in a dry run what it would remove, removes it, and tells nothing more', async () => {
    const theatre = stage()
    await theatre.play()
    const dry = await theatre.play({ files: GONE, record: PRUNING, options: { check: true } })
    expect(dry.results.filter(one => one.includes('changed'))).toHaveLength(3)
    expect(existsSync(path.join(theatre.dir, 'late'))).toBe(true)
    const pruned = await theatre.play({ files: GONE, record: PRUNING })
    expect(pruned.results.map(one => one.replace(`${theatre.dir}/`, ''))).toEqual([
      'h1 stat: ok',
      'h1 Remove file web/one: changed',
      'h1 Remove file web/two: changed',
      'h1 Remove file late: changed',
      'h1 Remove directory web: changed',
    ])
    expect(readdirSync(theatre.dir)).toEqual([])
    for (const record of [PRUNING, OWNING]) {
      const again = await theatre.play({ files: GONE, record })
      expect([orphans(again), again.results]).toEqual([[], ['h1 stat: ok']])
    }
  })

  it('leaves folders that hold something, and what is something else by now', async () => {
    const theatre = stage()
    await theatre.play()
    writeFileSync(path.join(theatre.dir, 'web/own'), 'mine')
    const pruned = await theatre.play({ files: GONE, record: PRUNING })
    expect(pruned.results.at(-1)).toContain('directory')
    expect(pruned.results.at(-1)).toContain('skipped')
    expect(readdirSync(path.join(theatre.dir, 'web'))).toEqual(['own'])
    expect(orphans(await theatre.play({ files: GONE }))).toEqual([])
  })

  it('ends with the first that cannot be removed, and does the rest the next time', async () => {
    const theatre = stage({ files: { 'site.yml': role(CRON) } })
    await theatre.play()
    const file = path.join(theatre.dir, 'cron')
    rmSync(file)
    mkdirSync(file)
    const failed = await theatre.play({ files: GONE, record: PRUNING })
    expect(failed.summary.stats.h1?.failed).toBe(1)
    expect(orphans(await theatre.play({ files: GONE }))).toHaveLength(1)
  })
})

const CRON = '- cron: { name: n, job: "true", cron_file: "{{ dir }}/cron" }'

describe('removing a role', () => {
  const removing: Partial<RecordOptions> = { owning: { kind: 'remove', role: 'web' } }
  const files = {
    'site.yml': '- hosts: all\n  roles: [web, db]\n',
    'roles/web/tasks/main.yml':
      '- copy: { content: w, dest: "{{ dir }}/w" }\n- copy: { content: s, dest: "{{ dir }}/s" }\n',
    'roles/db/tasks/main.yml':
      '- copy: { content: d, dest: "{{ dir }}/d" }\n- copy: { content: s, dest: "{{ dir }}/s" }\n',
  }

  it('takes what only that role has declared, and is done once', async () => {
    const theatre = stage({ files })
    await theatre.play()
    const look = { 'site.yml': role('- stat: { path: / }') }
    const removed = await theatre.play({ files: look, record: removing })
    expect(orphans(removed)).toEqual(['copy: file w'])
    expect(readdirSync(theatre.dir).sort()).toEqual(['d', 's'])
    const again = await theatre.play({ files: look, record: removing })
    expect([orphans(again), again.results]).toEqual([[], ['h1 stat: ok']])
    const without = { ...files, 'site.yml': '- hosts: all\n  roles: [db]\n' }
    expect(orphans(await theatre.play({ files: without }))).toEqual([])
  })
})
