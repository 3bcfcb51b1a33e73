/**
 * ufw: the uncomplicated firewall.
 *
 * Args     state, default (+ direction), logging, and one rule: rule, from_ip, from_port, to_ip, to_port, proto, name,
 *          direction, interface, interface_in, interface_out, route, log, comment, insert, insert_relative_to, delete.
 * Changes  one for each: rule (IPv4 and IPv6), policy, logging, firewall. Decided by ufw's own files. A rule that
 *          is already there stays where it is, whatever `insert` says; reloading is no change.
 *          Rules and policies come before enabling, so that one task cannot lock itself out by their order.
 * Errors   no ufw on the host; a service the host does not know; what ufw itself refuses.
 */

import type { Seen } from '../probes/contract.ts'
import { type Action, type Change, type Context, defineModule, type Verdict } from './contract.ts'
import { ruleOf } from './shared/declared.ts'
import { quietly } from './shared/quietly.ts'
import { fail, settled } from './shared/results.ts'
import { type UfwArgs, ufwSchema } from './shared/ufw-arguments.ts'
import { insertPosition, ruleCommand, ruleText } from './shared/ufw-command.ts'
import { lockOutWarning } from './shared/ufw-lock-out.ts'
import { sameRule, type UfwRule, wantedRules } from './shared/ufw-rules.ts'
import { ACTIVE_KEY, readUfw, servicesSeen, type UfwState, ufwKeys } from './shared/ufw-state.ts'

export const ufw = defineModule<UfwArgs>({
  name: 'ufw',
  summary: 'The uncomplicated firewall',
  args: ufwSchema,
  keys: ufwKeys,
  decide(args, seen, ctx): Verdict {
    if (seen.get({ kind: 'which', command: 'ufw' }).path === null)
      return fail('this host has no ufw: install the package ufw')
    const now = readUfw(seen)
    if (typeof now === 'string') return fail(now)
    const rules = ruleStep(args, now, seen)
    if (typeof rules === 'string') return fail(rules)
    return verdict(
      args,
      {
        now,
        steps: [
          resetStep(args, now),
          rules,
          policyStep(args, now),
          loggingStep(args, now),
          stateStep(args, now, seen),
        ],
      },
      { seen, ctx },
    )
  },
  declares: args => (args.rule === undefined || args.delete ? [] : ruleOf('ufw', args)),
  settles: true,
})

interface Step {
  readonly changes: readonly Change[]
  readonly command: readonly string[] | null
}

const NOTHING: Step = { changes: [], command: null }

interface Plan {
  readonly now: UfwState
  readonly steps: readonly Step[]
}

function verdict(args: UfwArgs, { now, steps }: Plan, { seen, ctx }: { seen: Seen; ctx: Context }): Verdict {
  const changes = steps.flatMap(step => step.changes)
  const commands = steps.flatMap(step => (step.command === null ? [] : [step.command]))
  const result = { commands: commands.map(command => command.join(' ')) }
  if (commands.length === 0) return settled(result)
  const apply: Action[] = commands.map(argv => ({
    do: 'run',
    argv,
    env: { LC_ALL: 'C' },
    failure: `${argv.join(' ')} failed`,
  }))
  if (changes.length === 0) return quietly(ctx, 'ufw reload', apply, result)
  const warning = lockOutWarning(args, now, { seen, ctx })
  return {
    kind: 'change',
    changes,
    apply,
    result,
    touches: ufwKeys(args),
    warnings: warning === null ? [] : [warning],
  }
}

/** Backups are made by ufw itself. Without rules and switched off there is nothing to reset. */
function resetStep({ state }: UfwArgs, now: UfwState): Step {
  if (state !== 'reset' || (!now.enabled && now.v4.length + now.v6.length === 0)) return NOTHING
  const from = `${now.enabled ? 'enabled' : 'disabled'}, ${now.v4.length + now.v6.length} rules`
  return {
    changes: [{ what: 'firewall', subject: 'ufw', from, to: 'reset' }],
    command: ['ufw', '--force', 'reset'],
  }
}

/** A text says what is wrong with the rule. */
function ruleStep(args: UfwArgs, now: UfwState, seen: Seen): Step | string {
  if (args.rule === undefined) return NOTHING
  const wanted = wantedRules(args, { services: servicesSeen(args, seen), ipv6: now.ipv6 })
  if (typeof wanted === 'string') return wanted
  const existing = args.state === 'reset' ? [] : [...now.v4, ...now.v6]
  const pairs = wanted.map(rule => ({ rule, same: existing.filter(one => sameRule(one.match, rule.match)) }))
  const changes = pairs.flatMap(({ rule, same }) =>
    args.delete ? deletion(rule, same) : addition(rule, same),
  )
  if (changes.length === 0) return NOTHING
  // ufw refuses to insert what is there with another action, and changes it in place without a position.
  const isNew = pairs.every(({ same }) => same.length === 0)
  const position = isNew && !args.delete ? insertPosition(args, now.v4, now.v6) : null
  return { changes, command: ruleCommand(args, position) }
}

function addition(rule: UfwRule, same: readonly UfwRule[]): Change[] {
  const done =
    same.length > 0 && same.every(one => one.action === rule.action && one.comment === rule.comment)
  const [before] = same
  return done
    ? []
    : [{ what: 'rule', subject: 'ufw', from: before ? ruleText(before) : null, to: ruleText(rule) }]
}

/** A comment in the task must be the rule's own; without one, any rule that is the same goes. */
function deletion(rule: UfwRule, same: readonly UfwRule[]): Change[] {
  const found = same.find(
    one => one.action === rule.action && (rule.comment === '' || one.comment === rule.comment),
  )
  return found ? [{ what: 'rule', subject: 'ufw', from: ruleText(found), to: null }] : []
}

function policyStep(args: UfwArgs, now: UfwState): Step {
  const policy = args.default
  if (policy === undefined) return NOTHING
  const direction = args.direction ?? 'incoming'
  const subject = direction === 'routed' ? direction : direction.startsWith('in') ? 'incoming' : 'outgoing'
  const from = now.policies[subject]
  if (from === policy) return NOTHING
  return {
    changes: [{ what: 'policy', subject, from, to: policy }],
    command: ['ufw', 'default', policy, subject],
  }
}

function loggingStep({ logging }: UfwArgs, now: UfwState): Step {
  const same = logging === 'on' ? now.logging !== 'off' : logging === now.logging
  if (logging === undefined || same) return NOTHING
  return {
    changes: [{ what: 'logging', subject: 'ufw', from: now.logging, to: logging }],
    command: ['ufw', 'logging', logging],
  }
}

function stateStep({ state }: UfwArgs, now: UfwState, seen: Seen): Step {
  const to = (command: string, from: string, state: string): Step => ({
    changes: [{ what: 'firewall', subject: 'ufw', from, to: state }],
    command: ['ufw', '--force', command],
  })
  if (state === 'disabled') return now.enabled ? to('disable', 'enabled', 'disabled') : NOTHING
  if (state === 'reloaded')
    return now.enabled ? { changes: [], command: ['ufw', '--force', 'reload'] } : NOTHING
  if (state !== 'enabled') return NOTHING
  if (!now.enabled) return to('enable', 'disabled', 'enabled')
  // Switched on in its settings, but the kernel knows nothing of it.
  return seen.get(ACTIVE_KEY).stdout.trim() === 'no' ? to('enable', 'not loaded', 'enabled') : NOTHING
}
