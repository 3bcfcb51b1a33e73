/** What is said of each host, and the exit code for all of them. */
import { type Judged, judge } from './judge.ts'
import { parseStatus, type StatusSeen } from './seen.ts'

export type HostStatus =
  | ({ readonly state: 'fine' | 'ill' } & Omit<StatusSeen, 'certificates'> & Judged)
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'unreachable'; readonly reason: string }

/** `isGone`: is the process of this holder known to be gone? */
export function statusOf(answer: string, isGone: (holder: StatusSeen['record']) => boolean): HostStatus {
  const seen = parseStatus(answer)
  if (seen === null) return { state: 'failed', reason: 'its answer is cut short' }
  const judged = judge(seen, isGone(seen.record))
  return { state: judged.ills.length > 0 ? 'ill' : 'fine', ...seen, ...judged }
}

/** 0 all is well, 2 something is ill, 3 a host could not be asked, 4 one was not reached: the highest. */
export function exitCodeOf(hosts: Iterable<HostStatus>): 0 | 2 | 3 | 4 {
  const codes = { fine: 0, ill: 2, failed: 3, unreachable: 4 } as const
  return Math.max(0, ...[...hosts].map(({ state }) => codes[state])) as 0 | 2 | 3 | 4
}

/** What could not be looked at, for people. */
export function unseenOf({
  failedUnits,
  containers,
  whyNoContainers,
  disks,
  needsReboot,
}: Omit<StatusSeen, 'certificates'>) {
  return [
    ...(failedUnits === null ? [{ what: 'units', why: 'systemd does not run here' }] : []),
    ...(containers === null ? [{ what: 'containers', why: whyNoContainers ?? '' }] : []),
    ...(disks.length === 0 ? [{ what: 'disks', why: 'df tells nothing' }] : []),
    ...(needsReboot === null ? [{ what: 'reboot', why: 'only Debian and its kin tell' }] : []),
  ]
}

/** The host as `--output json` has it. */
export function statusDocument(host: HostStatus) {
  if (host.state === 'failed' || host.state === 'unreachable')
    return { state: host.state, reason: host.reason }
  const { state, ills, record, lease, runs, release, restore, containers, certificates, disks } = host
  const last = runs.at(-1) ?? null
  return {
    state,
    reason: null,
    ills: [...ills],
    lastRun: last,
    lastDeploy: runs.findLast(({ command }) => command.startsWith('deploy')) ?? null,
    release: release === null ? null : { ...release, isNewest: isNewest(host) },
    open: record.open === null ? null : { lease, holder: record.open.holder, task: record.open.task },
    pendingHandlers: record.pending.map(({ handler, by, run }) => ({ handler, by, run })),
    failedUnits: host.failedUnits,
    containers:
      containers === null
        ? null
        : containers.map(({ name, status, health, restarts, reference }) => {
            return { name, status, health, restarts, image: reference }
          }),
    certificates: certificates.map(({ path, names, until, daysLeft, isIll }) => {
      return { path, names, expires: timeOf(until), daysLeft, isIll }
    }),
    disks: disks.map(one => ({ ...one })),
    restore: restore === null ? null : { ...restore, at: timeOf(restore.at) },
    needsReboot: host.needsReboot,
    uptimeS: Math.round(host.uptime),
    notLookedAt: unseenOf(host),
  }
}

/** Nothing was changed by a run since it. */
export function isNewest({ release, record }: Pick<StatusSeen, 'release' | 'record'>): boolean {
  return release !== null && (record.runs.at(-1)?.number ?? 0) <= release.lease
}

function timeOf(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString()
}
