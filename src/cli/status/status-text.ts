/** How the hosts are, for people: a table, and below it what is ill. */
import { safeText } from '../../report/safe-text.ts'
import type { Style } from '../../report/style.ts'
import { containerIll } from '../../status/judge.ts'
import { type HostStatus, isNewest, unseenOf } from '../../status/report.ts'
import { ageText } from '../releases/tell-data.ts'

type Seen = Extract<HostStatus, { state: 'fine' | 'ill' }>

const HEAD = [
  'HOST',
  'STATE',
  'RELEASE',
  'LAST RUN',
  'HANDLERS',
  'UNITS',
  'CONTAINERS',
  'CERTIFICATE',
  'DISK',
  'RESTORE',
]

export function statusText(hosts: ReadonlyMap<string, HostStatus>, style: Style): string {
  const rows = [HEAD, ...[...hosts].map(([name, host]) => [name, ...cellsOf(host)])].map(row =>
    row.map(safeText),
  )
  const widths = HEAD.map((_head, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  const lines = rows.map((row, index) => {
    const line = row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
    return index === 0 ? style.bold(line) : line
  })
  const details = [...hosts].flatMap(([name, host]) => detailsOf(name, host, style))
  return `${[...lines, ...details].join('\n')}\n`
}

function cellsOf(host: HostStatus): readonly string[] {
  if (host.state === 'failed' || host.state === 'unreachable') return [host.state]
  return [
    host.state,
    releaseCell(host),
    runCell(host),
    host.record.pending.length === 0 ? '–' : `${host.record.pending.length} due`,
    host.failedUnits === null
      ? '?'
      : host.failedUnits.length === 0
        ? 'ok'
        : `${host.failedUnits.length} failed`,
    containersCell(host),
    certificateCell(host),
    diskCell(host),
    restoreCell(host),
  ]
}

function releaseCell(host: Seen): string {
  if (host.release === null) return 'none'
  return `${host.release.number}${isNewest(host) ? '' : ', changed since'}`
}

function runCell({ runs, record, lease }: Seen): string {
  const last = runs.at(-1)
  if (last === undefined) return 'never'
  const open = lease === 'held' ? 'at work' : lease === 'ending' ? 'ending' : 'cut off'
  return `${last.started.replace(/ UTC$/, '')} ${record.open === null ? (last.ended ?? 'cut off') : open}`
}

function containersCell({ containers }: Seen): string {
  if (containers === null) return '?'
  const ill = containers.filter(one => containerIll(one).length > 0).length
  const running = containers.filter(({ status }) => status === 'running').length
  return ill === 0 ? `${running} run` : `${running} run, ${ill} ill`
}

function certificateCell({ certificates }: Seen): string {
  const days = certificates.flatMap(({ daysLeft }) => daysLeft ?? [])
  return days.length === 0 ? '–' : `${Math.min(...days)} days`
}

function diskCell({ disks }: Seen): string {
  const used = disks.flatMap(one => [one.used, one.inodes]).filter(one => one !== null)
  return used.length === 0 ? '?' : `${Math.max(...used)} %`
}

function restoreCell({ restore, at }: Seen): string {
  if (restore === null) return 'never'
  return `${ageText(Math.max(1, at - restore.at))} ago${restore.result === 'ok' ? '' : ', failed'}`
}

function detailsOf(name: string, host: HostStatus, style: Style): readonly string[] {
  const line = (paint: (text: string) => string, text: string) => `${name}: ${paint(safeText(text))}`
  if (host.state === 'failed' || host.state === 'unreachable') return [line(style.removed, host.reason)]
  const { runs, needsReboot, record, lease } = host
  const last = runs.at(-1)
  return [
    ...host.ills.map(ill => line(style.removed, ill)),
    ...(record.open !== null && lease === 'held'
      ? [line(style.warning, `“vpai ${String(record.open.holder.command)}” is at work`)]
      : []),
    ...(last === undefined
      ? []
      : [
          line(
            style.dim,
            `last run: “vpai ${last.command}” by ${last.user} on ${last.machine} (${last.run})`,
          ),
        ]),
    ...(needsReboot?.isNeeded === true
      ? [line(style.warning, `has to be rebooted: ${needsReboot.packages.join(', ') || 'it says so'}`)]
      : []),
    ...unseenOf(host).map(({ what, why }) => line(style.dim, `not looked at: ${what}: ${why}`)),
  ]
}
