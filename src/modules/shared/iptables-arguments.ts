import { z } from 'zod'
import { argumentsOf, bool, choice, int, list, text, word } from './arguments.ts'
import { withoutEffect } from './honoured.ts'

const LEVELS = ['0', '1', '2', '3', '4', '5', '6', '7'] as const
const LEVEL_NAMES = ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug'] as const
const STATES = ['DNAT', 'ESTABLISHED', 'INVALID', 'NEW', 'RELATED', 'SNAT', 'UNTRACKED'] as const

export const iptablesSchema = () =>
  argumentsOf({
    table: choice(['filter', 'nat', 'mangle', 'raw', 'security']).default('filter'),
    state: choice(['present', 'absent']).default('present'),
    action: choice(['append', 'insert']).default('append'),
    rule_num: text().optional(),
    ip_version: choice(['ipv4', 'ipv6', 'both']).default('ipv4'),
    chain: word().optional(),
    chain_management: bool().default(false),
    protocol: word().optional(),
    source: word().optional(),
    destination: word().optional(),
    tcp_flags: z.strictObject({ flags: list(), flags_set: list() }).optional(),
    match: list().default([]),
    jump: word().optional(),
    goto: word().optional(),
    gateway: word().optional(),
    log_prefix: word().optional(),
    log_level: choice([...LEVELS, ...LEVEL_NAMES]).optional(),
    in_interface: word().optional(),
    out_interface: word().optional(),
    fragment: word().optional(),
    set_counters: word().optional(),
    source_port: word().optional(),
    destination_port: word().optional(),
    destination_ports: list().default([]),
    to_ports: word().optional(),
    to_destination: word().optional(),
    to_source: word().optional(),
    syn: choice(['ignore', 'match', 'negate']).default('ignore'),
    set_dscp_mark: word().optional(),
    set_dscp_mark_class: word().optional(),
    comment: word().optional(),
    ctstate: list().default([]),
    src_range: word().optional(),
    dst_range: word().optional(),
    match_set: word().optional(),
    match_set_flags: choice(['src', 'dst', 'src,dst', 'dst,src', 'dst,dst', 'src,src']).optional(),
    limit: word().optional(),
    limit_burst: word().optional(),
    uid_owner: word().optional(),
    gid_owner: word().optional(),
    reject_with: word().optional(),
    icmp_type: word().optional(),
    flush: bool().default(false),
    policy: choice(['ACCEPT', 'DROP', 'QUEUE', 'RETURN']).optional(),
    wait: int().optional(),
    numeric: withoutEffect(bool().default(false), 'no rules are listed, so no names are looked up'),
  })
    .refine(args => args.chain !== undefined || args.flush, 'needs a chain, unless it flushes')
    .refine(args => !(args.flush && args.policy !== undefined), 'give one of flush and policy')
    .refine(args => args.jump === undefined || args.goto === undefined, 'give one of jump and goto')
    .refine(
      args => (args.match_set === undefined) === (args.match_set_flags === undefined),
      'match_set and match_set_flags go together',
    )
    .refine(
      args => args.jump?.toLowerCase() !== 'tee' || args.gateway !== undefined,
      'jump: TEE needs a gateway',
    )
    .refine(
      args => args.set_dscp_mark === undefined || args.set_dscp_mark_class === undefined,
      'give one of set_dscp_mark and set_dscp_mark_class',
    )
    .refine(
      args => args.ctstate.every(state => STATES.some(known => known === state)),
      `ctstate must be of: ${STATES.join(', ')}`,
    )

export type IptablesArgs = z.output<ReturnType<typeof iptablesSchema>>

/** The words of the rule, in the order in which Ansible writes them. A value that begins with ! negates. */
export function ruleWords(args: IptablesArgs, ipv6: boolean): string[] {
  return [
    ...value('-p', args.protocol),
    ...value('-s', args.source),
    ...value('-d', args.destination),
    ...args.match.flatMap(name => value('-m', name)),
    ...(args.tcp_flags === undefined
      ? []
      : ['--tcp-flags', args.tcp_flags.flags.join(','), args.tcp_flags.flags_set.join(',')]),
    ...value('-j', args.jump),
    ...(args.jump?.toLowerCase() === 'tee' ? value('--gateway', args.gateway) : []),
    ...value('--log-prefix', args.log_prefix),
    ...value('--log-level', args.log_level),
    ...value('--to-destination', args.to_destination),
    ...(args.destination_ports.length === 0
      ? []
      : [...match(args, 'multiport'), '--dports', args.destination_ports.join(',')]),
    ...value('--to-source', args.to_source),
    ...value('-g', args.goto),
    ...value('-i', args.in_interface),
    ...value('-o', args.out_interface),
    ...value('-f', args.fragment),
    ...value('-c', args.set_counters),
    ...value('--source-port', args.source_port),
    ...value('--destination-port', args.destination_port),
    ...value('--to-ports', args.to_ports),
    ...dscp(args),
    ...(args.syn === 'ignore' ? [] : args.syn === 'match' ? ['--syn'] : ['!', '--syn']),
    ...connectionState(args),
    ...rangesAndSets(args),
    ...limits(args),
    ...(args.jump === undefined && args.reject_with !== undefined ? ['-j', 'REJECT'] : []),
    ...value('--reject-with', args.reject_with),
    ...value(ipv6 ? '--icmpv6-type' : '--icmp-type', args.icmp_type),
    ...(args.comment === undefined ? [] : ['-m', 'comment', '--comment', args.comment]),
  ]
}

function value(flag: string, word: string | undefined): string[] {
  if (word === undefined) return []
  return word.startsWith('!') ? ['!', flag, word.slice(1).trimStart()] : [flag, word]
}

/** -m NAME, unless the task names it itself. */
function match(args: IptablesArgs, name: string): string[] {
  return args.match.includes(name) ? [] : ['-m', name]
}

function dscp({ jump, set_dscp_mark, set_dscp_mark_class }: IptablesArgs): string[] {
  if (set_dscp_mark === undefined && set_dscp_mark_class === undefined) return []
  const target = jump?.toLowerCase() === 'dscp' ? [] : ['-j', 'DSCP']
  return [...target, ...value('--set-dscp', set_dscp_mark), ...value('--set-dscp-class', set_dscp_mark_class)]
}

function connectionState(args: IptablesArgs): string[] {
  if (args.ctstate.length === 0) return []
  const states = args.ctstate.join(',')
  if (args.match.includes('conntrack')) return ['--ctstate', states]
  if (args.match.includes('state')) return ['--state', states]
  return ['-m', 'conntrack', '--ctstate', states]
}

function rangesAndSets(args: IptablesArgs): string[] {
  const hasRange = args.src_range !== undefined || args.dst_range !== undefined
  const ranges = [...value('--src-range', args.src_range), ...value('--dst-range', args.dst_range)]
  const set = args.match_set
  const flags = args.match_set_flags ?? 'src'
  return [
    ...(hasRange ? [...match(args, 'iprange'), ...ranges] : []),
    ...(set === undefined ? [] : [...match(args, 'set'), ...value('--match-set', set), flags]),
  ]
}

function limits(args: IptablesArgs): string[] {
  const hasLimit = args.limit !== undefined || args.limit_burst !== undefined
  const hasOwner = args.uid_owner !== undefined || args.gid_owner !== undefined
  return [
    ...(hasLimit ? match(args, 'limit') : []),
    ...value('--limit', args.limit),
    ...value('--limit-burst', args.limit_burst),
    ...(hasOwner ? match(args, 'owner') : []),
    ...value('--uid-owner', args.uid_owner),
    ...value('--gid-owner', args.gid_owner),
  ]
}
