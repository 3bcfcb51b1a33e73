import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BuiltProject, finished } from '../built/built-project.ts'
import { builtProgram } from '../cli/program.ts'
import { type Sshd, sshdMissing, startSshd } from '../connections/sshd.ts'
import { CANARIES, type Leak, leaksIn } from './canaries.ts'
import { watchProcesses } from './watch-processes.ts'

const missing = sshdMissing()
if (missing) console.warn(`no canary is let out: ${missing}`)

const RUN = ['run', 'site.yml', '-i', 'hosts.yml']

describe.skipIf(missing)('a secret', () => {
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

  const all = Object.keys(CANARIES)
  // Each goes through every task in one of the runs; all are known, and in some tasks, in every run.
  it.each<[string, number, readonly string[], readonly string[]]>([
    ['pretty', 0, ['injection', 'newline', 'unicode'], ['--output', 'pretty']],
    [
      'plain',
      2,
      ['quotes', 'dollar', 'spaces'],
      ['--output', 'plain', '-vvv', '--diff', '-e', 'ends_badly=true'],
    ],
    ['json', 0, ['backslash', 'percent', 'braces'], ['--output', 'json', '-vvv', '--diff']],
    ['ndjson', 2, ['plain', 'equals'], ['--output', 'ndjson', '-vvv', '--diff', '-e', 'ends_badly=true']],
    ['a dry run', 0, all, ['--output', 'plain', '-vvv', '--diff', '--check']],
  ])(
    'shows neither in what is told nor in the journal nor among the processes: %s',
    async (_name, code, chosen, flags) => {
      forget(project.folder)
      const child = project.start([...RUN, ...flags, '-e', JSON.stringify({ chosen })])
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
      if (flags.includes('--check')) return
      const written = readFileSync(path.join(project.folder, 'target/all.json'), 'utf8')
      expect(JSON.parse(written)).toEqual(CANARIES)
    },
  )

  it('that would be an argument of a program is refused under strict_secrets before anything starts', async () => {
    forget(project.folder)
    project.write('vpai.yml', 'secrets: secrets.age\nstrict_secrets: true\n')
    const child = project.start(['run', 'arguments.yml', '-i', 'hosts.yml', '-vvv', '--output', 'ndjson'])
    const watch = watchProcesses()
    const done = await finished(child)
    const leaks = leaksIn(`${done.stdout}${done.stderr}${stateOf(project.folder)}${watch.stop().join('\n')}`)
    expect(leaks).toEqual([])
    const results = done.stdout.split('\n').flatMap(taskResult)
    expect(results.length).toBeGreaterThan(40)
    expect(results.filter(({ code }) => code !== 'SECRET_IN_ARGUMENTS')).toEqual([])
    expect(done.stdout).toContain('stdin:')
  })

  it('that is an argument of a program is warned of otherwise, and told nowhere', async () => {
    forget(project.folder)
    project.write('vpai.yml', 'secrets: secrets.age\n')
    const done = await project.vpai(['run', 'arguments.yml', '-i', 'hosts.yml', '-vvv', '--diff', '--check'])
    expect(leaksIn(`${done.stdout}${done.stderr}${stateOf(project.folder)}`)).toEqual([])
    expect(done.stdout + done.stderr).toContain('A path to tell of: a secret stands in what is looked up')
  })

  it.each([
    [['explain', 'web1', 'canary']],
    [['explain', 'web1', 'derived_of_it']],
    [['inventory', '--vars']],
    [['inventory', '--vars', '--output', 'json']],
  ])('is masked by vpai %j', async argv => {
    project.write('group_vars/all.yml', "derived_of_it: 'x{{ canary.quotes }}'\n")
    const done = await project.vpai([...argv, '-i', 'hosts.yml'])
    expect(leaksIn(done.stdout + done.stderr)).toEqual([])
    expect(done.code).toBe(0)
  })
})

interface TaskResult {
  readonly name: string
  /** Of the error that ended it. */
  readonly code: unknown
}

/** Of a line of ndjson. */
function taskResult(line: string): TaskResult[] {
  if (!line.startsWith('{')) return []
  const event = JSON.parse(line) as { type: string; name: string; result?: { code?: unknown } }
  return event.type === 'task.result' ? [{ name: event.name, code: event.result?.code }] : []
}

interface Found extends Leak {
  readonly where: string
}

function found(where: string, text: string): Found[] {
  return leaksIn(text).map(leak => ({ where, ...leak }))
}

/** What runs before have left. */
function forget(folder: string): void {
  for (const name of ['target', '.vpai']) rmSync(path.join(folder, name), { recursive: true, force: true })
}

/** All files of .vpai/, one after the other. */
function stateOf(folder: string): string {
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
