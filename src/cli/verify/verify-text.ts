/** The checks of hosts, for people: a line each, and how many held. */
import { safeText } from '../../report/safe-text.ts'
import type { Style } from '../../report/style.ts'
import type { Check, Verified } from '../../verify/checks.ts'

export function verifyText(hosts: ReadonlyMap<string, Verified>, style: Style): string {
  return [...hosts].map(([name, host]) => hostText(name, host, style)).join('\n')
}

function hostText(name: string, host: Verified, style: Style): string {
  const head = style.bold(safeText(name))
  if ('reason' in host) return `${head}  ${style.removed(host.state)}\n  ${safeText(host.reason)}\n`
  const width = Math.max(...host.checks.map(({ service }) => service.length))
  const lines = host.checks.map(check => `  ${checkText(check, width, style)}`)
  const held = host.checks.filter(({ result }) => result === 'pass').length
  return [head, ...lines, `  ${held} of ${host.checks.length} hold`, ''].join('\n')
}

function checkText({ result, service, name, why }: Check, width: number, style: Style): string {
  const paint = { pass: style.added, warn: style.warning, fail: style.removed }[result]
  const what = safeText(`${service.padEnd(width)}  ${name}`)
  return `${paint(result.toUpperCase())}  ${what}${why === '' ? '' : `: ${safeText(why)}`}`
}
