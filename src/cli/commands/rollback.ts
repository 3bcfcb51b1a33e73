import { VpaiError } from '../../base/error.ts'
import { addedSnapshots, requireSnapshots } from '../../release/data-back.ts'
import { historyOf, isAhead, proposed, type Releases } from '../../release/history.ts'
import { askYes } from '../ask.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { type Going, goBack, isNothingToDo, planBack, type Snapshots } from '../releases/go-back.ts'
import { readReleases, releaseNumber, requireAll } from '../releases/read-releases.ts'
import { tellData } from '../releases/tell-data.ts'
import { tellRollback } from '../releases/tell-rollback.ts'
import { positive, words } from '../run-settings.ts'

const WAIT_S = 120

/** vpai rollback ENV: back to an earlier release; without --to the one that is likely to be meant. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env = ''] = args
  const told = { io, options: { ...options, output: undefined } }
  const releases = requireAll(await readReleases(told, { env, command: `rollback ${env}` }))
  const to = chosen(releases, options.to)
  const snapshots = withData(releases, { to, options })
  tellHistory(io, releases, to)
  const going: Going = { ...told, env, releases, to, services: words(options.service) }
  const hosts = await planBack(going)
  requireServices(going, hosts)
  await tellRollback(told, { env, hosts })
  await tellData(going, snapshots)
  const isNothing = snapshots === null && isNothingToDo(hosts)
  if (options.check === true) return isNothing ? EXIT.fine : EXIT.changes
  if (isNothing && ![...releases.values()].some(isAhead)) return EXIT.fine
  if (options.yes !== true && !(await confirmed(going, snapshots))) return EXIT.usage
  return backOrAsBefore({ ...going, options }, hosts, snapshots)
}

/** null: data stays as it is. Throws SNAPSHOT_NONE, SNAPSHOT_SERVICES. */
function withData(
  releases: Releases,
  { to, options }: { readonly to: number; readonly options: Invocation['options'] },
): Snapshots | null {
  if (options.withData !== true) return null
  if (words(options.service).length === 0) return requireSnapshots(releases, to)
  throw new VpaiError('SNAPSHOT_SERVICES', '--with-data brings back all data, not that of --service', {
    hint: 'Leave out one of them.',
  })
}

/** Where the older one does not get well, the newer one is put back, with the data there was. */
async function backOrAsBefore(
  going: Going,
  hosts: Awaited<ReturnType<typeof planBack>>,
  snapshots: Snapshots | null,
): Promise<number> {
  const { io, options, env, releases, to } = going
  const waitS = positive('--wait', options.wait) ?? WAIT_S
  const progress = { hasDataBegun: false, isUntouched: false }
  const code = await goBack(going, { hosts, waitS, snapshots, progress })
  if (code !== EXIT.failed || progress.isUntouched) return code
  const newest = historyOf(releases)[0]?.number ?? to
  const isKnown = ![...releases.values()].some(isAhead) && newest !== to
  if (!isKnown) {
    io.err.write(`Release ${to} could not be gone back to. What was there before it is in no release.\n`)
    return code
  }
  io.err.write(`Release ${to} could not be gone back to: release ${newest} is put back.\n`)
  const again = await readReleases({ io, options }, { env, command: `rollback ${env}` })
  const now = requireAll(again)
  const forth: Going = { ...going, options: { ...options, snapshot: false }, releases: now, to: newest }
  const kept = progress.hasDataBegun ? addedSnapshots(releases, now) : null
  if (progress.hasDataBegun && kept?.size === 0)
    io.err.write('The data that was there before was not kept: it is as it has come to be.\n')
  const data = kept?.size ? kept : null
  const restored = await goBack(forth, { hosts: await planBack(forth), waitS, snapshots: data })
  io.err.write(
    restored === EXIT.fine
      ? `Release ${newest} is back.\n`
      : `Release ${newest} could not be put back either. What keeps both of them from getting well is told above, with what their containers said.\nMend that; then “vpai rollback ${env}” or “vpai deploy ${env}” goes on from what is there.\n`,
  )
  return Math.max(code, restored)
}

/** Throws RELEASE_NONE. */
function chosen(releases: Releases, typed: unknown): number {
  if (typed !== undefined) return releaseNumber(releases, String(typed))
  const number = proposed(releases)
  if (number !== null) return number
  throw new VpaiError('RELEASE_NONE', 'there is no earlier release to go back to', {
    hint: 'A deploy that changed something makes one. `vpai history ENV` shows what there is.',
  })
}

function tellHistory(io: Invocation['io'], releases: Releases, to: number): void {
  for (const { number, when, by } of historyOf(releases))
    io.out.write(`${number === to ? '→' : ' '}${String(number).padStart(4)}  ${when}  ${by}\n`)
}

/** Throws SERVICE_UNKNOWN. */
function requireServices({ services, to }: Going, hosts: Awaited<ReturnType<typeof planBack>>): void {
  const known = new Set(hosts.flatMap(({ rollback }) => rollback.target.images.map(({ service }) => service)))
  const unknown = services.find(name => !known.has(name))
  if (unknown === undefined) return
  throw new VpaiError('SERVICE_UNKNOWN', `release ${to} has no service ${unknown}`, {
    hint: known.size === 0 ? 'It has no compose project.' : `It has: ${[...known].sort().join(', ')}.`,
  })
}

async function confirmed({ io, env, to }: Going, snapshots: Snapshots | null): Promise<boolean> {
  const what = snapshots === null ? '' : ', and lose what was written since'
  if (io.stdinIsTty) return askYes(`Go back to release ${to} on ${env}${what}?`)
  throw new VpaiError('CONFIRM_NEEDED', `going back on ${env} asks first, and nobody can be asked`, {
    hint: `vpai rollback ${env} --to ${to} --yes does it.`,
  })
}
