/** Every module on a real host, where it works and where it fails, with secrets: nobody sees one. A run of minutes, one a form of output. */
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BuiltProject, finished } from '../../built/built-project.ts'
import { builtProgram } from '../../cli/program.ts'
import { startTestbed, type Testbed, whyNoTestbed } from '../../testbed/index.ts'
import { CANARIES, leaksIn } from '../canaries.ts'
import { type Play, playsOfEveryModule } from './plays.ts'
import { Target } from './target.ts'

/** Each canary goes through the arguments of every module in one of them; all are in the environment in each. */
export const RUNS = {
  ndjson: ['injection', 'newline', 'plain'],
  json: ['quotes', 'percent', 'dollar'],
  plain: ['backslash', 'unicode', 'equals'],
  pretty: ['spaces', 'braces'],
} as const

/** Two minutes on an idle machine; on one that is used by many, ten times that. */
const MOST_MS = 1_200_000

export function canariesOnAHost(output: keyof typeof RUNS): void {
  const reason = whyNoTestbed()
  if (reason !== null) console.warn(`no canary goes through every module: ${reason}`)
  const names = RUNS[output]
  const plays = playsOfEveryModule(Object.keys(RUNS).indexOf(output))
  describe.skipIf(reason !== null)(
    'through every module, where it works and where it fails, a secret',
    () => {
      let program: string
      let testbed: Testbed
      let target: Target
      let project: BuiltProject

      beforeAll(async () => {
        program = builtProgram()
        project = new BuiltProject(program)
        cpSync(path.join(import.meta.dirname, 'project'), project.folder, { recursive: true })
        project.write('vpai.yml', 'secrets: secrets.age\n')
        project.write('site.yml', JSON.stringify(plays))
        testbed = await startTestbed({ recipe: path.join(import.meta.dirname, 'image') })
        const [info] = testbed.hosts
        if (!info) throw new Error('the test bed has no host')
        target = new Target(testbed, info)
        project.writeHosts(info, { ansible_user: 'deploy', host_name: info.name })
        await target.prepare()
        expect(await project.vpai(['secrets', 'init'])).toMatchObject({ code: 0 })
        for (const [name, value] of Object.entries(CANARIES))
          await project.vpai(['secrets', 'set', `canary.${name}`], { stdin: value })
      })
      afterAll(async () => {
        await testbed?.stop()
        project?.remove()
        if (program) rmSync(path.dirname(program), { recursive: true, force: true })
      })

      it(
        `shows neither in ${output}, journal and process list nor in what is left on the host`,
        async () => {
          rmSync(path.join(project.folder, '.vpai'), { recursive: true, force: true })
          await target.run('touch /srv/canary/since')
          const watch = target.watch(output)
          const variables = JSON.stringify({ secret_name: names[0], secret_names: names })
          const flags = ['--output', output, '-vvv', '--diff', '-e', variables]
          const done = await finished(project.start(['run', 'site.yml', '-i', 'hosts.yml', ...flags]))
          const places = {
            'standard output': done.stdout,
            'standard error': done.stderr,
            state: stateOf(project.folder),
            'seen by others': await watch.stop(),
            'left on the host': await target.left('/srv/canary/since'),
          }
          const leaks = Object.entries(places).flatMap(([where, text]) =>
            leaksIn(text).map(leak => ({ where, ...leak })),
          )
          expect({ leaks, unexpected: unexpected(places.state, plays) }).toEqual({
            leaks: [],
            unexpected: [],
          })
          expect(done.code).toBe(0)
          expect(done.stdout).toContain('[secret]')
          expect(Number(/looked (\d+) times/.exec(places['seen by others'])?.[1])).toBeGreaterThan(50)
        },
        MOST_MS,
      )
    },
  )
}

interface Told {
  readonly type: string
  readonly name: string
  readonly status: string
  readonly item: string | null
  readonly reason: string | null
}

const WORKED = ['ok', 'changed']
const FAILED = ['failed', 'ignored']

/** Tasks and items, as the journal tells them, that ended in another way than the table says, or never did; of meta it tells nothing. */
function unexpected(journal: string, plays: readonly Play[]): string[] {
  const told = journal.split('\n').flatMap(line => (line.startsWith('{"') ? [JSON.parse(line) as Told] : []))
  const ends = told.filter(({ type }) => /^task\.(item|result)$/.test(type))
  const wrong = ends.filter(({ name, status }) => !(/ fails: /.test(name) ? FAILED : WORKED).includes(status))
  const ended = new Set(ends.map(({ name }) => name))
  const missing = plays
    .flatMap(({ tasks }) => tasks.filter(task => !('meta' in task)).map(({ name }) => String(name)))
    .filter(name => !ended.has(name))
  return [
    ...wrong.map(({ name, item, status, reason }) => `${name} ${item ?? ''}: ${status}: ${reason}`),
    ...missing.map(name => `${name}: never ended`),
  ]
}

/** All files of .vpai/, one after the other. */
function stateOf(folder: string): string {
  return readdirSync(path.join(folder, '.vpai'), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => `${entry.name}\n${readFileSync(path.join(entry.parentPath, entry.name), 'utf8')}`)
    .join('\n')
}
