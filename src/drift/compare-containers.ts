/** Containers of a release, those of its compose projects and those declared by name, against what runs now. */
import type { Manifest } from '../release/manifest.ts'
import type { ContainerState } from '../release/system-state.ts'
import type { Finding, Problem } from './finding.ts'

export function compareContainers(
  manifest: Pick<Manifest, 'compose' | 'containers'>,
  before: readonly ContainerState[],
  now: readonly ContainerState[],
): readonly Finding[] {
  const olds = before.filter(one => isDeclared(manifest, one))
  const nows = new Map(now.map(one => [one.name, one]))
  const known = new Set(olds.map(({ name }) => name))
  return [
    ...olds.flatMap(old => findingsOf(old, nows.get(old.name))),
    ...now.filter(one => isDeclared(manifest, one) && !known.has(one.name)).map(undeclared),
  ]
}

/** What `compose run` makes comes and goes. */
export function isDeclared(
  { compose, containers }: Pick<Manifest, 'compose' | 'containers'>,
  { project, name, isOneOff }: ContainerState,
): boolean {
  return containers.includes(name) || (!isOneOff && compose.some(one => one.project === project))
}

function findingsOf(was: ContainerState, now: ContainerState | undefined): readonly Finding[] {
  if (now === undefined) {
    const evidence = ['nothing is known of a container that was removed']
    return [{ ...about(was), problem: 'gone', was: stateText(was), is: null, evidence, at: null }]
  }
  const evidence = [
    ...(now.id === was.id ? [] : ['it is another container than that of the release']),
    `started ${now.startedAt.slice(0, 19).replace('T', ' ')} UTC`,
  ]
  const started = Date.parse(now.startedAt)
  const at = Number.isNaN(started) || started < 0 ? null : Math.round(started / 1000)
  const found = (problem: Problem, texts: readonly [string, string], isDrift = true): Finding => ({
    ...about(was),
    problem,
    was: texts[0],
    is: texts[1],
    isDrift,
    evidence,
    at,
  })
  const state = stateProblem(was, now)
  return [
    ...(was.image === now.image ? [] : [found('image', [imageText(was), imageText(now)])]),
    ...(was.config === now.config || was.config === '' || now.config === ''
      ? []
      : [found('configuration', [short(was.config), short(now.config)])]),
    ...(state === null ? [] : [found(state.problem, [stateText(was), stateText(now)], state.isDrift)]),
  ]
}

function stateProblem(
  was: ContainerState,
  now: ContainerState,
): { readonly problem: Problem; readonly isDrift: boolean } | null {
  if (now.status === 'restarting')
    return was.status === 'restarting' ? null : { problem: 'restarting', isDrift: true }
  if (was.status === 'running' && now.status !== 'running') {
    // A job that came to its end, and that nobody is to start again.
    const hasEnded = now.status === 'exited' && now.exitCode === 0 && now.restartPolicy === 'no'
    return hasEnded ? { problem: 'ended', isDrift: false } : { problem: 'stopped', isDrift: true }
  }
  if (now.health === 'unhealthy' && was.health !== 'unhealthy') return { problem: 'unhealthy', isDrift: true }
  const isRestarted = now.id === was.id && now.restarts > was.restarts
  return isRestarted ? { problem: 'restarted', isDrift: false } : null
}

function undeclared(now: ContainerState): Finding {
  const evidence = [`of the compose project ${now.project}, started ${now.startedAt.slice(0, 19)} UTC`]
  return { ...about(now), problem: 'undeclared', was: null, is: stateText(now), evidence, at: null }
}

function about({ name }: ContainerState): Pick<Finding, 'kind' | 'subject' | 'isDrift'> {
  return { kind: 'container', subject: name, isDrift: true }
}

function stateText({ status, health, exitCode, restarts }: ContainerState): string {
  const notes = [
    ...(health === '' ? [] : [health]),
    ...(status === 'exited' ? [`code ${exitCode}`] : []),
    ...(restarts === 0 ? [] : [`restarted ${restarts}×`]),
  ]
  return notes.length === 0 ? status : `${status} (${notes.join(', ')})`
}

function imageText({ reference, image }: ContainerState): string {
  return `${reference} ${short(image)}`
}

function short(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12)
}
