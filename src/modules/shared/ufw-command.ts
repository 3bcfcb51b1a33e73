/** ufw's command lines. */
import type { UfwArgs } from './ufw-arguments.ts'
import type { UfwRule } from './ufw-rules.ts'

export function ruleCommand(args: UfwArgs, position: number | null): string[] {
  const direction = args.direction === undefined ? [] : [args.direction.startsWith('in') ? 'in' : 'out']
  return [
    'ufw',
    ...(args.route ? ['route'] : []),
    ...(args.delete ? ['delete'] : []),
    ...(position === null ? [] : ['insert', String(position)]),
    args.rule ?? '',
    ...direction,
    ...(args.interface === undefined ? [] : ['on', args.interface]),
    ...(args.interface_in === undefined || direction.length > 0 ? [] : ['in', 'on', args.interface_in]),
    ...(args.interface_out === undefined || direction.length > 0 ? [] : ['out', 'on', args.interface_out]),
    ...(args.log ? ['log'] : []),
    'from',
    args.from_ip,
    ...(args.from_port === undefined ? [] : ['port', args.from_port]),
    'to',
    args.to_ip,
    ...(args.to_port === undefined ? [] : ['port', args.to_port]),
    ...(args.name === undefined ? [] : ['app', args.name]),
    ...(args.proto === undefined ? [] : ['proto', args.proto]),
    ...(args.comment === undefined || args.comment === '' ? [] : ['comment', args.comment]),
  ]
}

/** Where a new rule goes, counted from 1 over IPv4 and then IPv6 rules; null: at the end. */
export function insertPosition(args: UfwArgs, v4: readonly UfwRule[], v6: readonly UfwRule[]): number | null {
  if (args.insert === undefined) return null
  const [count4, count6] = [countOf(v4), countOf(v6)]
  const base = {
    zero: 0,
    'first-ipv4': 1,
    'last-ipv4': Math.max(count4, 1),
    'first-ipv6': count4 + 1,
    'last-ipv6': count4 + Math.max(count6, 1),
  }[args.insert_relative_to]
  const position = args.insert + base
  return position < 1 || position > count4 + count6 ? null : position
}

/** All rules of one application profile count as one. */
function countOf(rules: readonly UfwRule[]): number {
  const seen = new Set<string>()
  return rules.filter(({ match }) => {
    if (match.dapp === '' && match.sapp === '') return true
    const id = JSON.stringify(match)
    return seen.has(id) ? false : seen.add(id) !== undefined
  }).length
}

/** One line for people, e.g. "allow in 22/tcp from 10.0.0.0/8 on eth0 (v6)". */
export function ruleText({ action, match, comment }: UfwRule): string {
  const place = (ip: string) => (ip === '0.0.0.0/0' || ip === '::/0' ? 'any' : ip)
  const port = match.dapp || match.dport
  const protocol = match.protocol === '' || match.protocol === 'any' ? '' : `/${match.protocol}`
  return [
    match.forward ? 'route' : '',
    action.replace('_', ' '),
    match.forward ? '' : match.direction,
    `${port}${protocol}`,
    place(match.dst) === 'any' ? '' : `to ${match.dst}`,
    `from ${place(match.src)}`,
    match.sport === 'any' || match.sport === '' ? '' : `port ${match.sport}`,
    match.interfaceIn === '' ? '' : `in on ${match.interfaceIn}`,
    match.interfaceOut === '' ? '' : `out on ${match.interfaceOut}`,
    match.v6 ? '(v6)' : '',
    comment === '' ? '' : `# ${comment}`,
  ]
    .filter(part => part !== '')
    .join(' ')
}
