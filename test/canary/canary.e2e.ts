import { describe, expect, it } from 'vitest'
import { finished } from '../built/built-project.ts'
import { sshdMissing } from '../connections/sshd.ts'
import { aviary, forget, isToldNowhere, stateOf } from './aviary.ts'
import { leaksIn } from './canaries.ts'
import { watchProcesses } from './watch-processes.ts'

const missing = sshdMissing()
if (missing) console.warn(`no canary is let out: ${missing}`)

describe.skipIf(missing)('a secret', () => {
  const place = aviary()

  isToldNowhere(place, ['ndjson', 'a dry run'])

  it('that would be an argument of a program is refused under strict_secrets before anything starts', async () => {
    const { project } = place
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
    const { project } = place
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
    place.project.write('group_vars/all.yml', "derived_of_it: 'x{{ canary.quotes }}'\n")
    const done = await place.project.vpai([...argv, '-i', 'hosts.yml'])
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
