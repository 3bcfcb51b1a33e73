/** What is ill on a host. Each text is for people; what is only worth knowing is not among them. */
import { type LeaseState, leaseState } from '../record/look.ts'
import type { ContainerState } from '../release/system-state.ts'
import type { Certificate, StatusSeen } from './seen.ts'

export interface Judged {
  /** Empty: all is well. */
  readonly ills: readonly string[]
  readonly lease: LeaseState
  readonly certificates: readonly JudgedCertificate[]
}

export interface JudgedCertificate extends Certificate {
  /** Whole days; null: it cannot be read. */
  readonly daysLeft: number | null
  readonly isIll: boolean
}

const FULL_PERCENT = 90

/** `isGone`: the process that holds the lease is known to be gone. */
export function judge(seen: StatusSeen, isGone: boolean): Judged {
  const { record, failedUnits, containers, disks, at } = seen
  const lease = record.open === null ? 'free' : leaseState(record.open, isGone)
  const certificates = seen.certificates.map(one => judgedCertificate(one, at))
  return {
    lease,
    certificates,
    ills: [
      ...runIlls(seen, lease),
      ...record.pending.map(({ handler }) => `the handler “${handler}” is due, and has not run`),
      ...(failedUnits ?? []).map(name => `the unit ${name} failed`),
      ...(containers ?? []).flatMap(containerIll),
      ...certificates.filter(({ isIll }) => isIll).map(certificateIll),
      ...disks.flatMap(({ mount, used, inodes }) => [
        ...(used !== null && used >= FULL_PERCENT ? [`${mount} is ${used} % full`] : []),
        ...(inodes !== null && inodes >= FULL_PERCENT ? [`${mount} has ${inodes} % of its inodes used`] : []),
      ]),
      ...(seen.restore?.result === 'failed' ? ['the last restore that was tried failed'] : []),
    ],
  }
}

function runIlls({ record, runs }: StatusSeen, lease: LeaseState): readonly string[] {
  const last = runs.at(-1)
  if (record.open !== null) {
    const { command } = record.open.holder
    return lease === 'held'
      ? []
      : [`“vpai ${String(command)}” was cut off: the next deploy goes on from there`]
  }
  if (last === undefined || last.ended === 'ok' || last.ended === null) return []
  const words = { failed: 'failed', interrupted: 'was interrupted', cut: 'was cut off' }
  const [, how] = Object.entries(words).find(([word]) => word === last.ended) ?? []
  return how === undefined ? [] : [`the last run that changed something, “vpai ${last.command}”, ${how}`]
}

/** One that nobody wants to run is well. */
export function containerIll({ name, status, health, exitCode, restartPolicy }: ContainerState): string[] {
  if (status === 'restarting' || status === 'dead') return [`the container ${name} is ${status}`]
  if (status === 'running' && health === 'unhealthy') return [`the container ${name} is unhealthy`]
  const isMissed = status === 'exited' && exitCode !== 0 && restartPolicy !== 'no' && restartPolicy !== ''
  return isMissed ? [`the container ${name} ended with code ${exitCode}`] : []
}

const DAY_S = 86_400
const SOON_S = 14 * DAY_S

/** Short-lived ones are renewed late: a sixth of their time is left then, at the least. */
function judgedCertificate(certificate: Certificate, at: number): JudgedCertificate {
  const { from, until } = certificate
  if (from === null || until === null) return { ...certificate, daysLeft: null, isIll: false }
  const left = until - at
  const isIll = left < Math.min(SOON_S, (until - from) / 6)
  return { ...certificate, daysLeft: Math.floor(left / DAY_S), isIll }
}

function certificateIll({ path, names, daysLeft, until }: JudgedCertificate): string {
  const what = `the certificate of ${names.join(', ')} (${path})`
  if (daysLeft === null || until === null) return `${what} cannot be read`
  return daysLeft < 0 ? `${what} has expired` : `${what} expires in ${daysLeft} days`
}
