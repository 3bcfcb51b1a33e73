/** Options as typed to what the engine wants. */
import { VpaiError } from '../base/error.ts'
import type { RunOptions } from '../engine/world.ts'
import { expandLimitFiles } from '../files/inventory-files.ts'
import { readRetry } from '../state/run-directory.ts'
import type { Project } from './project/open.ts'

type Options = Readonly<Record<string, unknown>>

export function runOptions(project: Project, options: Options): RunOptions {
  return {
    check: options.check === true,
    diff: (options.diff ?? project.ansible.diffAlways) === true,
    forks: positive('--forks', options.forks) ?? project.ansible.forks ?? project.settings.forks,
    tags: words(options.tags),
    skipTags: words(options.skipTags),
    startAtTask: (options.startAtTask as string | undefined) ?? null,
    extraVars: project.extraVars,
    gatherFacts: project.settings.gather_facts && project.ansible.gathering !== 'explicit',
    gatherOnce: project.ansible.gathering === 'smart',
    verbosity: (options.verbose as number | undefined) ?? 0,
    profile: options.profile === true,
    forceHandlers: (options.forceHandlers ?? project.ansible.forceHandlers) === true,
    strictSecrets: project.settings.strict_secrets,
    become: {
      on: (options.become ?? project.ansible.become) === true,
      user: (options.becomeUser as string | undefined) ?? project.ansible.becomeUser ?? null,
      method: (options.becomeMethod as string | undefined) ?? project.ansible.becomeMethod ?? null,
    },
  }
}

/** `a,b` and several uses of a flag are one list. */
export function words(given: unknown): string[] {
  return ((given as string[] | undefined) ?? [])
    .flatMap(one => one.split(','))
    .map(one => one.trim())
    .filter(Boolean)
}

export function positive(flag: string, given: unknown): number | null {
  if (given === undefined) return null
  const number = Number(given)
  if (Number.isInteger(number) && number > 0) return number
  throw new VpaiError('OPTION_VALUE', `${flag} takes a whole number above 0, not ${String(given)}`)
}

/** --limit, with @retry and @files read in, kept within the environment of a deploy. */
export function limitOf(project: Project, options: Options, within: string | undefined): string | undefined {
  const given = options.limit as string | undefined
  const limit =
    given === undefined
      ? undefined
      : given === '@retry'
        ? retryHosts(project)
        : expandLimitFiles(given, project.root)
  if (within === undefined) return limit
  return limit === undefined ? within : `${limit},&${within}`
}

function retryHosts(project: Project): string {
  const hosts = readRetry(project.stateDirectory)
  if (hosts && hosts.length > 0) return hosts.join(',')
  throw new VpaiError('RETRY_NOTHING', 'no host failed in the last run, so there is nothing to retry')
}
