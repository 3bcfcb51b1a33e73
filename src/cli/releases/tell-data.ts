/** What a rollback means for the data of each host: whether the schema has moved since, and what would be lost. */
import type { RunEvent } from '../../base/event.ts'
import { snapshotsOf } from '../../release/data-back.ts'
import type { SnapshotSeen } from '../../release/snapshot-scripts.ts'
import { EXIT } from '../exit-codes.ts'
import { playbookOf } from '../made-play.ts'
import { play } from '../play.ts'
import { sitePlaybook } from '../project/site-playbook.ts'
import { comparingSchemas, SCHEMA_OF } from './data-plays.ts'
import type { Going, Snapshots } from './go-back.ts'

/** `snapshots`: those that come back; null: data stays as it is. */
export async function tellData(going: Going, snapshots: Snapshots | null): Promise<void> {
  const { io, releases, to } = going
  const known = snapshotsOf(releases, to)
  const moved = [...known.values()].some(one => one !== null) ? await movedSchemas(going, known) : new Map()
  for (const [host, snapshot] of known) {
    if (snapshot === null) continue
    const schemas = [...(moved.get(host) ?? [])].sort().join(', ')
    if (snapshots !== null) io.out.write(`${backText(host, snapshot, schemas)}\n`)
    else if (schemas !== '') io.out.write(`${movedText({ host, to, schemas }, snapshot)}\n`)
  }
}

function backText(host: string, snapshot: SnapshotSeen, schemas: string): string {
  const { when, age, bytes, roles } = snapshot
  const moved = schemas === '' ? '' : `; the schema has moved since: ${schemas}`
  return `${host}: data of ${when} comes back (${sizeText(bytes)}: ${roles.join(', ')}); what was written in the ${ageText(age)} since is lost${moved}`
}

function movedText(
  { host, to, schemas }: { readonly host: string; readonly to: number; readonly schemas: string },
  { when, age }: SnapshotSeen,
): string {
  return `${host}: the schema has moved since release ${to} (${schemas}): what ran then may not run with the data there is now. --with-data brings back the data of ${when}; what was written in the ${ageText(age)} since is lost.`
}

/** By host the names that are other ones now. Nothing where it could not be asked. */
async function movedSchemas(
  { io, options, env }: Going,
  known: ReadonlyMap<string, SnapshotSeen | null>,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const moved = new Map<string, Set<string>>()
  const names = new Map([...known].map(([host, snapshot]) => [host, snapshot?.name ?? null]))
  const code = await play({
    io: { ...io, out: { write: () => undefined } },
    options: { ...options, output: 'plain' },
    check: false,
    command: `rollback ${env}`,
    playbooks: project => [sitePlaybook(project, env)],
    instead: (project, { data }) =>
      playbookOf(comparingSchemas({ project, data, own: io.env.VPAI_HOST_STATE }, names)),
    extraVars: { target_env: env },
    within: env,
    onEvent: event => note(event, moved),
  })
  if (code !== EXIT.fine) io.err.write('It could not be asked whether the schema has moved.\n')
  return moved
}

function note(event: RunEvent, moved: Map<string, Set<string>>): void {
  if (event.type !== 'task.result' || !event.name.includes(SCHEMA_OF)) return
  const { host, result } = event
  if (typeof result.stdout !== 'string') return
  const own = moved.get(host) ?? new Set<string>()
  moved.set(host, own)
  for (const [, name = ''] of result.stdout.matchAll(/^schema moved (.*)$/gm)) own.add(name)
}

export function sizeText(bytes: number): string {
  const steps = ['kB', 'MB', 'GB', 'TB']
  const at = Math.min(steps.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3) - 1))
  return `${Number((bytes / 1000 ** (at + 1)).toPrecision(2))} ${steps[at]}`
}

/** Seconds, for people. */
export function ageText(seconds: number): string {
  const [size, unit] = [
    [86_400, 'day'] as const,
    [3600, 'hour'] as const,
    [60, 'minute'] as const,
    [1, 'second'] as const,
  ].find(([one]) => seconds >= one) ?? [1, 'second']
  const count = Math.floor(seconds / size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
