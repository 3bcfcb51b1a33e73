/** Enabling a firewall without a rule for SSH cuts the branch vpai sits on. */
import type { Seen } from '../../probes/contract.ts'
import type { Context } from '../contract.ts'
import type { UfwArgs } from './ufw-arguments.ts'
import { type UfwRule, wantedRules } from './ufw-rules.ts'
import { SSH_KEY, servicesSeen, type UfwState } from './ufw-state.ts'

/** Null when a rule or the policy lets the port of this connection in, and when nothing is enabled. */
export function lockOutWarning(
  args: UfwArgs,
  now: UfwState,
  { seen, ctx }: { seen: Seen; ctx: Context },
): string | null {
  if (args.state !== 'enabled' || ctx.variable('ansible_connection') === 'local') return null
  const policy = isIncoming(args) ? args.default : now.policies.incoming
  if (policy === 'allow') return null
  const port = portInUse(seen, ctx)
  const added =
    args.rule === undefined || args.delete
      ? []
      : wantedRules(args, { services: servicesSeen(args, seen), ipv6: now.ipv6 })
  const rules = typeof added === 'string' ? now.v4 : [...now.v4, ...now.v6, ...added]
  if (rules.some(rule => letsIn(rule, port))) return null
  return `The firewall is being enabled without a rule that lets SSH in (port ${port}): this host may become unreachable. Add a task before this one: ufw: {rule: limit, port: "${port}", proto: tcp}`
}

function isIncoming({ default: policy, direction }: UfwArgs): boolean {
  return policy !== undefined && (direction === undefined || direction.startsWith('in'))
}

function portInUse(seen: Seen, ctx: Context): number {
  const [, , , here] = seen.get(SSH_KEY).stdout.trim().split(/\s+/)
  return Number(here) || Number(ctx.variable('ansible_port') ?? ctx.variable('ansible_ssh_port')) || 22
}

/** Who may come is not looked at: a rule for a network of one's own is meant. */
function letsIn({ action, match, ports, protocol }: UfwRule, port: number): boolean {
  if (!/^(allow|limit)/.test(action) || match.forward || match.direction !== 'in') return false
  if (protocol !== 'any' && protocol !== 'tcp') return false
  if (match.dapp !== '' && ports === 'any') return /ssh/i.test(match.dapp)
  return ports.split(',').some(range => {
    const [low = '', high = low] = range.split(':')
    return range === 'any' || (port >= Number(low) && port <= Number(high))
  })
}
