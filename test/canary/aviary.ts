/** A project whose secrets are hard to keep, run against this machine's own sshd, and where one of them may come to light. */
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BuiltProject, finished } from '../built/built-project.ts'
import { builtProgram } from '../cli/program.ts'
import { type Sshd, startSshd } from '../connections/sshd.ts'
import { CANARIES, type Leak, leaksIn } from './canaries.ts'
import { watchProcesses } from './watch-processes.ts'

const all = Object.keys(CANARIES)

/**
 * Exit code, canaries and flags of a run. Each canary goes through every task in one of the runs; all are known, and in
 * some tasks, in every run.
 */
const RUNS = {
  pretty: [0, ['injection', 'newline', 'unicode'], ['--output', 'pretty']],
  plain: [
    2,
    ['quotes', 'dollar', 'spaces'],
    ['--output', 'plain', '-vvv', '--diff', '-e', 'ends_badly=true'],
  ],
  json: [0, ['backslash', 'percent', 'braces'], ['--output', 'json', '-vvv', '--diff']],
  ndjson: [2, ['plain', 'equals'], ['--output', 'ndjson', '-vvv', '--diff', '-e', 'ends_badly=true']],
  'a dry run': [0, all, ['--output', 'plain', '-vvv', '--diff', '--check']],
} as const satisfies Record<string, readonly [number, readonly string[], readonly string[]]>

/** What a describe block works with: there from its first test to its last. */
export interface Aviary {
  readonly project: BuiltProject
}

export function aviary(): Aviary {
  let program: string
  let project: BuiltProject
  let sshd: Sshd
  let echo: Server

  beforeAll(async () => {
    program = builtProgram()
    project = new BuiltProject(program)
    cpSync(path.join(import.meta.dirname, 'project'), project.folder, { recursive: true })
    project.write('vpai.yml', 'secrets: secrets.age\n')
    sshd = await startSshd()
    echo = await startEcho()
    const { port } = echo.address() as AddressInfo
    project.writeHosts(sshd, {
      target: path.join(project.folder, 'target'),
      echo_url: `http://127.0.0.1:${port}/`,
    })
    expect(await project.vpai(['secrets', 'init'])).toMatchObject({ code: 0 })
    for (const [name, value] of Object.entries(CANARIES)) {
      const set = await project.vpai(['secrets', 'set', `canary.${name}`], { stdin: value })
      expect(set).toMatchObject({ code: 0 })
      expect(leaksIn(set.stdout + set.stderr)).toEqual([])
      expect((await project.vpai(['secrets', 'get', `canary.${name}`])).stdout).toBe(value)
    }
  })
  afterAll(async () => {
    await sshd?.stop()
    echo?.close()
    project?.remove()
    if (program) rmSync(path.dirname(program), { recursive: true, force: true })
  })
  return {
    get project() {
      return project
    },
  }
}

export function isToldNowhere(aviary: Aviary, runs: readonly (keyof typeof RUNS)[]): void {
  it.each(runs)(
    'shows neither in what is told nor in the journal nor among the processes: %s',
    async name => {
      const { project } = aviary
      const [code, chosen, flags] = RUNS[name]
      forget(project.folder)
      const child = project.start([
        'run',
        'site.yml',
        '-i',
        'hosts.yml',
        ...flags,
        '-e',
        JSON.stringify({ chosen }),
      ])
      const watch = watchProcesses()
      const done = await finished(child)
      const commandLines = watch.stop()
      const leaks = [
        ...found('standard output', done.stdout),
        ...found('standard error', done.stderr),
        ...found('state', stateOf(project.folder)),
        ...found('processes', commandLines.join('\n')),
      ]
      expect(leaks).toEqual([])
      expect(done.stdout).toContain('[secret]')
      expect(commandLines.length).toBeGreaterThan(10)
      expect(done.code).toBe(code)
      if (name === 'a dry run') return
      const written = readFileSync(path.join(project.folder, 'target/all.json'), 'utf8')
      expect(JSON.parse(written)).toEqual(CANARIES)
    },
  )
}

interface Found extends Leak {
  readonly where: string
}

function found(where: string, text: string): Found[] {
  return leaksIn(text).map(leak => ({ where, ...leak }))
}

/** What runs before have left. */
export function forget(folder: string): void {
  for (const name of ['target', '.vpai']) rmSync(path.join(folder, name), { recursive: true, force: true })
}

/** All files of .vpai/, one after the other. */
export function stateOf(folder: string): string {
  const state = path.join(folder, '.vpai')
  return readdirSync(state, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => `${entry.name}\n${readFileSync(path.join(entry.parentPath, entry.name), 'utf8')}`)
    .join('\n')
}

/** A server that tells back what it was sent, headers and body. */
function startEcho(): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.setHeader('x-told', Buffer.from(request.url ?? '').toString('base64'))
      response.end(
        JSON.stringify({
          headers: request.headers,
          url: request.url,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
  })
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}
