/** Ctrl-C at a real process: how it ends, and what it leaves for the next run. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { aPlace, type Place } from './io.ts'
import { builtProgram } from './program.ts'

let program: string
let place: Place | undefined

beforeAll(() => {
  program = builtProgram()
})
afterAll(() => rmSync(path.dirname(program), { recursive: true, force: true }))
afterEach(() => place?.remove())

const SITE = `
- hosts: all
  gather_facts: false
  tasks:
    - shell: COMMAND
- hosts: later
  tasks: [ping:]
`
const HOSTS = `
all:
  hosts:
    h1: { ansible_connection: local }
later:
  hosts:
    h2: { ansible_connection: local }
`

it.each([
  ['SIGINT', 'once', 'sleep 60', 'is being stopped'],
  ['SIGTERM', 'once', 'sleep 60', 'is being stopped'],
  // Whatever stops it, its helper is told to go by a session of its own, which takes its time.
  ['SIGINT', 'twice', "trap '' TERM; sleep 2; sleep 2; sleep 2", 'is being stopped'],
] as const)(
  '%s %s ends the run, with its end in the journal and its hosts to be retried',
  async (signal, times, command, told) => {
    place = aPlace({ 'inventory/hosts.yml': HOSTS })
    const begun = path.join(place.folder, 'begun')
    place.write('site.yml', SITE.replace('COMMAND', JSON.stringify(`touch ${begun}; ${command}`)))
    const child = spawn(process.execPath, [program, 'run', 'site.yml'], {
      cwd: place.folder,
      env: { PATH: process.env.PATH, HOME: place.home, VPAI_HOST_STATE: path.join(place.home, 'record') },
    })
    // It may be gone before anybody looks.
    const ended = once(child, 'exit')
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', chunk => {
        text += chunk
      })
    await vi.waitFor(() => expect(existsSync(begun)).toBe(true), { timeout: 20_000 })
    child.kill(signal)
    await vi.waitFor(() => expect(text).toContain(told), { timeout: 10_000 })
    const started = Date.now()
    if (times === 'twice') child.kill(signal)
    const [code] = await ended
    expect([code, text]).toEqual([99, expect.stringContaining('Interrupted')])
    if (times === 'twice') expect(Date.now() - started).toBeLessThan(1500)
    const runs = path.join(place.folder, '.vpai/runs')
    const journal = readFileSync(path.join(runs, readdirSync(runs)[0] ?? '', 'journal.ndjson'), 'utf8')
    const lines = journal.trim().split('\n')
    expect(JSON.parse(lines.find(line => line.includes('run.ended')) ?? '{}')).toMatchObject({
      type: 'run.ended',
      interrupted: true,
    })
    expect(readFileSync(path.join(place.folder, '.vpai/retry'), 'utf8')).toBe('h1\nh2\n')
  },
  40_000,
)
