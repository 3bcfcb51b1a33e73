import { VpaiError } from '../../base/error.ts'
import { historyOf, isAhead, proposed, type Releases } from '../../release/history.ts'
import { askYes } from '../ask.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { type Going, goBack, isNothingToDo, planBack } from '../releases/go-back.ts'
import { readReleases, releaseNumber, requireAll } from '../releases/read-releases.ts'
import { tellRollback } from '../releases/tell-rollback.ts'
import { positive, words } from '../run-settings.ts'

const WAIT_S = 120

/** vpai rollback ENV: back to an earlier release; without --to the one that is likely to be meant. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env = ''] = args
  const told = { io, options: { ...options, output: undefined } }
  const releases = requireAll(await readReleases(told, { env, command: `rollback ${env}` }))
  const to = chosen(releases, options.to)
  tellHistory(io, releases, to)
  const going: Going = { ...told, env, releases, to, services: words(options.service) }
  const hosts = await planBack(going)
  requireServices(going, hosts)
  await tellRollback(told, { env, hosts })
  if (options.check === true) return isNothingToDo(hosts) ? EXIT.fine : EXIT.changes
  if (isNothingToDo(hosts) && ![...releases.values()].some(isAhead)) return EXIT.fine
  if (options.yes !== true && !(await confirmed(going))) return EXIT.usage
  return backOrAsBefore({ ...going, options }, hosts)
}

/** Where the older one does not get well, the newer one is put back. */
async function backOrAsBefore(going: Going, hosts: Awaited<ReturnType<typeof planBack>>): Promise<number> {
  const { io, options, env, releases, to } = going
  const waitS = positive('--wait', options.wait) ?? WAIT_S
  const code = await goBack(going, { hosts, waitS })
  if (code !== EXIT.failed) return code
  const newest = historyOf(releases)[0]?.number ?? to
  const isKnown = ![...releases.values()].some(isAhead) && newest !== to
  if (!isKnown) {
    io.err.write(`Release ${to} could not be gone back to. What was there before it is in no release.\n`)
    return code
  }
  io.err.write(`Release ${to} could not be gone back to: release ${newest} is put back.\n`)
  const again = await readReleases({ io, options }, { env, command: `rollback ${env}` })
  const forth: Going = { ...going, releases: requireAll(again), to: newest }
  const restored = await goBack(forth, { hosts: await planBack(forth), waitS })
  io.err.write(
    restored === EXIT.fine
      ? `Release ${newest} is back.\n`
      : `Release ${newest} could not be put back either: see above.\n`,
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

async function confirmed({ io, env, to }: Going): Promise<boolean> {
  if (io.stdinIsTty) return askYes(`Go back to release ${to} on ${env}?`)
  throw new VpaiError('CONFIRM_NEEDED', `going back on ${env} asks first, and nobody can be asked`, {
    hint: `vpai rollback ${env} --to ${to} --yes does it.`,
  })
}
