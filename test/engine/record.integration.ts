import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Played, type Stage, type Theatre, theatre } from './stage.ts'

let open: Theatre | null = null
afterEach(() => open?.close())

function stage(site: string, over: Partial<Stage> = {}): Theatre {
  open = theatre({ files: { 'site.yml': site }, record: {}, ...over })
  return open
}

const recordOf = ({ dir }: Theatre) => path.join(dir, '..', 'record', 'stage')
const runsOf = (theatre: Theatre) => readdirSync(path.join(recordOf(theatre), 'runs')).sort()
const pendingOf = (theatre: Theatre) => readdirSync(path.join(recordOf(theatre), 'pending'))
const endOf = (theatre: Theatre, run: string) =>
  readFileSync(path.join(recordOf(theatre), 'runs', run, 'ended'), 'utf8').trim()
const linesOf = (theatre: Theatre, name: string) => {
  const file = path.join(theatre.dir, name)
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}
const warnings = ({ events }: Played) =>
  events.flatMap(event => (event.type === 'warning' ? [event.message] : []))

const COPY = `
- hosts: all
  tasks:
    - name: Write it
      copy: { content: "{{ text | default('a') }}", dest: "{{ dir }}/a" }
      notify: Tell
    - name: Then
      command: "{{ then | default('true') }}"
      changed_when: false
  handlers:
    - name: Tell
      shell: echo told >>{{ dir }}/told
`

describe('the record of runs on a host', () => {
  it('begins with the first change, and ends with the run', async () => {
    const theatre = stage(COPY)
    await theatre.play()
    expect(runsOf(theatre)).toEqual(['0000000001'])
    expect(endOf(theatre, '0000000001')).toBe('ok')
    expect(pendingOf(theatre)).toEqual([])
  })

  it('is not touched by a run that changes nothing, and costs it no request', async () => {
    const theatre = stage(COPY.replace(/ {4}- name: Then[\s\S]*false\n/, ''))
    await theatre.play()
    const { requests, results } = await theatre.play()
    expect(results).toEqual(['h1 Write it: ok'])
    expect(requests).toBe(1)
    expect(runsOf(theatre)).toEqual(['0000000001'])
  })

  it('keeps the handler of a run that failed before it could run, and the next run runs it', async () => {
    const theatre = stage(COPY)
    const failed = await theatre.play({ options: { extraVars: { then: 'false' } } })
    expect(failed.summary.stats.h1?.failed).toBe(1)
    expect(pendingOf(theatre)).toHaveLength(1)
    expect(endOf(theatre, '0000000001')).toBe('failed')
    const next = await theatre.play()
    expect(next.results).toEqual(['h1 Write it: ok', 'h1 Then: ok', 'h1 Tell: changed'])
    expect(linesOf(theatre, 'told')).toEqual(['told'])
    expect(pendingOf(theatre)).toEqual([])
    await theatre.play()
    expect(linesOf(theatre, 'told')).toEqual(['told'])
  })

  it('tells in a dry run which handlers are due, and leaves them due', async () => {
    const theatre = stage(COPY)
    await theatre.play({ options: { extraVars: { then: 'false' } } })
    const dry = await theatre.play({ options: { check: true } })
    expect(dry.results.at(-1)).toMatch(/^h1 Tell: (skipped|changed)$/)
    expect(warnings(dry).join()).toContain('handlers of an earlier run are due: Tell')
    expect(pendingOf(theatre)).toHaveLength(1)
  })

  it('tells the commands of two names of one machine apart', async () => {
    const site = `
- hosts: all
  tasks:
    - shell: echo $$; sleep 0.2; echo x >>{{ dir }}/each
      register: said
    - copy: { content: "{{ said.stdout }}", dest: "{{ dir }}/{{ inventory_hostname }}" }
`
    const theatre = stage(site, { hosts: ['h1', 'h2', 'h3'] })
    const { summary } = await theatre.play()
    expect(Object.values(summary.stats).map(({ failed }) => failed)).toEqual([0, 0, 0])
    const processes = ['h1', 'h2', 'h3'].flatMap(name => linesOf(theatre, name))
    expect(linesOf(theatre, 'each')).toEqual(['x', 'x', 'x'])
    expect(new Set(processes.filter(one => /^\d+$/.test(one))).size).toBe(3)
  })

  it('strikes out what a task noted that changed nothing after all', async () => {
    const theatre = stage(`
- hosts: all
  tasks:
    - shell: "true"
      register: said
      changed_when: said.stdout == 'x'
      notify: Tell
  handlers:
    - name: Tell
      shell: echo told >>{{ dir }}/told
`)
    await theatre.play()
    expect(pendingOf(theatre)).toEqual([])
    expect(linesOf(theatre, 'told')).toEqual([])
  })
})

const isRoot = process.getuid?.() === 0
if (!isRoot) console.warn('no record is kept for other users: only root may act as another user')

describe.skipIf(!isRoot)('another user who changes something', () => {
  const SITE = `
- hosts: all
  tasks:
    - copy: { content: a, dest: "{{ dir }}/a" }
    - name: As another
      command: id -un
      become: true
      become_user: nobody
`

  /** The record lies in a folder of that mode, below folders that are not there yet. */
  async function playBelow(mode: number): Promise<Played> {
    const theatre = stage(SITE, { record: { becomes: true } })
    const below = path.join(theatre.dir, '..', 'state')
    mkdirSync(below)
    chmodSync(below, mode)
    chmodSync(path.dirname(theatre.dir), 0o711)
    return theatre.play({ record: { becomes: true, ownFolder: path.join(below, 'missing/record') } })
  }

  it('is let to the record, whose folders were made for it', async () => {
    const { results } = await playBelow(0o711)
    expect(results.at(-1)).toBe('h1 As another: changed')
  })

  it('who cannot reach the record is told so', async () => {
    const { results, events } = await playBelow(0o700)
    expect(results.at(-1)).toBe('h1 As another: failed')
    expect(JSON.stringify(events)).toContain('nobody cannot reach the record of this run')
  })
})

describe('a lease', () => {
  const HELD = { run: 'other', command: 'deploy prod', user: 'ada', machine: 'laptop' }

  /** Another run that goes on: this process is its session. */
  function holdFor(theatre: Theatre, beat: string): void {
    const run = path.join(recordOf(theatre), 'runs', '0000000007')
    mkdirSync(run, { recursive: true })
    mkdirSync(path.join(recordOf(theatre), 'pending'), { recursive: true })
    writeFileSync(path.join(run, 'holder'), `${JSON.stringify(HELD)}\n`)
    writeFileSync(path.join(run, 'journal'), 'task Restore it\n')
    writeFileSync(path.join(run, 'beat'), `${beat}\n`)
  }

  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  const uptime = () => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0])

  it('of another run that lives keeps this one from acting', async () => {
    const theatre = stage(COPY)
    holdFor(theatre, `${boot} 999999 1 ${uptime()}`)
    const { summary, events } = await theatre.play()
    const result = events.find(event => event.type === 'task.result')
    expect(result?.type === 'task.result' && result.reason).toContain(
      '“vpai deploy prod” of ada on laptop is at work on h1',
    )
    expect(summary.stats.h1?.failed).toBe(1)
    expect(existsSync(path.join(theatre.dir, 'a'))).toBe(false)
  })

  it.each([
    ['was silent for a minute', () => `${boot} 999999 1 ${uptime() - 61}`, {}],
    ['was gone with the start of the host', () => 'another-boot 999999 1 5', {}],
    ['is known here to be gone', () => `${boot} 999999 1 ${uptime()}`, { isGone: () => true }],
  ])('of a run that %s is taken over', async (_how, beat, record) => {
    const theatre = stage(COPY, { record })
    holdFor(theatre, beat())
    const played = await theatre.play()
    expect(played.summary.stats.h1?.failed).toBe(0)
    expect(warnings(played).join()).toContain(
      '“vpai deploy prod” of ada on laptop was cut off in the task “Restore it”',
    )
    expect(runsOf(theatre)).toEqual(['0000000007', '0000000008'])
    expect(endOf(theatre, '0000000007')).toBe('cut')
  })

  it('is waited for as long as is wished', async () => {
    const theatre = stage(COPY, { record: { waitS: 60 } })
    holdFor(theatre, `${boot} 999999 1 ${uptime()}`)
    const ended = path.join(recordOf(theatre), 'runs', '0000000007', 'ended')
    setTimeout(() => writeFileSync(ended, 'ok\n'), 300)
    const played = await theatre.play()
    expect(warnings(played).join()).toContain('waiting for “vpai deploy prod”')
    expect(played.summary.stats.h1?.failed).toBe(0)
  })

  it('that was lost meanwhile keeps every further change from being made', async () => {
    const theatre = stage(`
- hosts: all
  tasks:
    - copy: { content: a, dest: "{{ dir }}/a" }
    - pause: { seconds: 0 }
    - command: mkdir {{ record }}/runs/0000000002
      delegate_to: localhost
      vars: { ansible_connection: local }
      changed_when: false
    - name: Too late
      copy: { content: b, dest: "{{ dir }}/b" }
`)
    const played = await theatre.play({ options: { extraVars: { record: recordOf(theatre) } } })
    expect(played.results.at(-1)).toBe('h1 Too late: failed')
    expect(existsSync(path.join(theatre.dir, 'b'))).toBe(false)
  })
})
