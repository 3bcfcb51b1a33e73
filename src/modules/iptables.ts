/**
 * iptables: one rule, one chain, or the policy of a chain, as the kernel has it now (nothing is saved for a reboot).
 *
 * Args     table, chain, the parts of a rule, state, action and rule_num, ip_version, policy, flush,
 *          chain_management, wait.
 * Changes  the rule; the chain; the policy. A flush always counts as a change.
 * Errors   no iptables (ip6tables) on the host; its own words about the rule.
 */

import { quoteAll } from '../base/quote.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { type Change, defineModule, type RunAction, type Verdict } from './contract.ts'
import { ruleOf } from './shared/declared.ts'
import { type IptablesArgs, iptablesSchema, ruleWords } from './shared/iptables-arguments.ts'
import { fail } from './shared/results.ts'

type Program = 'iptables' | 'ip6tables'

export const iptables = defineModule<IptablesArgs>({
  name: 'iptables',
  summary: 'A rule, a chain or a policy of the packet filter',
  args: iptablesSchema,
  keys: args => programs(args).flatMap(program => [which(program), stateKey(args, program)]),
  decide(args, seen): Verdict {
    const missing = programs(args).find(program => seen.get(which(program)).path === null)
    if (missing !== undefined) return fail(`this host has no ${missing}: install the package iptables`)
    const steps = programs(args).map(program => step(args, program, seen))
    const problem = steps.find(one => typeof one === 'string')
    if (problem !== undefined) return fail(problem)
    const done = steps.filter(one => typeof one !== 'string' && one !== null)
    const result = resultOf(args)
    if (done.length === 0) return { kind: 'ok', result }
    return {
      kind: 'change',
      changes: done.map(({ change }) => change),
      apply: done.flatMap(({ actions }) => actions),
      result,
      touches: programs(args).map(program => stateKey(args, program)),
    }
  },
  declares: args =>
    args.state === 'absent' || args.flush || args.policy !== undefined ? [] : ruleOf('iptables', args),
  settles: 'a flush is done each time',
})

interface Step {
  readonly change: Change
  readonly actions: readonly RunAction[]
}

/** null: nothing to do; a text: why it cannot be done. */
function step(args: IptablesArgs, program: Program, seen: Seen): Step | string | null {
  const { stdout } = seen.get(stateKey(args, program))
  const subject = `${args.table} ${args.chain ?? 'all chains'}`
  const made = (what: string, to: string | null, ...actions: (readonly string[])[]): Step => ({
    change: { what, subject, from: to === null ? 'present' : null, to },
    actions: actions.map(words => act(args, program, words)),
  })
  const chain = args.chain ?? ''
  if (args.flush) return made('flush', 'empty', args.chain === undefined ? ['-F'] : ['-F', chain])
  if (args.policy !== undefined) return policyStep(args, program, stdout)
  const rule = ruleWords(args, program === 'ip6tables')
  const hasChain = /^(-N|-P|-A|chain)( |$)/m.test(stdout)
  const hasRule = rule.length === 0 ? hasChain : stdout.includes('rule: present')
  if (hasRule === (args.state === 'present')) return null
  if (rule.length === 0) {
    if (!args.chain_management) return null
    return args.state === 'present' ? made('chain', chain, ['-N', chain]) : made('chain', null, ['-X', chain])
  }
  if (args.state === 'absent') return made('rule', null, ['-D', chain, ...rule])
  const num = args.rule_num === undefined ? [] : [args.rule_num]
  const add = args.action === 'insert' ? ['-I', chain, ...num, ...rule] : ['-A', chain, ...rule]
  const create = !hasChain && args.chain_management ? [['-N', chain]] : []
  return made('rule', rule.join(' '), ...create, add)
}

function policyStep(args: IptablesArgs, program: Program, stdout: string): Step | string | null {
  const { chain = '', policy = '' } = args
  const now = /^-P \S+ (\S+)/m.exec(stdout)?.[1]
  if (now === undefined)
    return `the chain ${chain} of ${args.table} has no policy: only built-in chains have one`
  if (now === policy) return null
  const change = { what: 'policy', subject: `${args.table} ${chain}`, from: now, to: policy }
  return { change, actions: [act(args, program, ['-P', chain, policy])] }
}

const which = (command: Program) => ({ kind: 'which', command }) as const satisfies Key

function programs({ ip_version }: IptablesArgs): readonly Program[] {
  if (ip_version === 'both') return ['iptables', 'ip6tables']
  return [ip_version === 'ipv4' ? 'iptables' : 'ip6tables']
}

function waitWords({ wait }: IptablesArgs): string[] {
  return wait === undefined ? [] : ['-w', String(wait)]
}

function act(args: IptablesArgs, program: Program, words: readonly string[]): RunAction {
  const [verb = '', ...rest] = words
  return {
    do: 'run',
    argv: [program, '-t', args.table, ...waitWords(args), verb, ...rest],
    failure: `${program} ${verb} failed`,
  }
}

/** Prints the chain's first line (its policy, or that it exists), and whether the rule is there. */
function stateKey(args: IptablesArgs, program: Program) {
  const { chain = '' } = args
  const rule = ruleWords(args, program === 'ip6tables')
  const start = [program, '-t', args.table, ...waitWords(args)]
  const list = args.flush ? ':' : `${quoteAll([...start, '-S', chain])} 2>/dev/null | head -n 1`
  const check = `${quoteAll([...start, '-C', chain, ...rule])} >/dev/null 2>&1 && echo 'rule: present'; :`
  const isRule = !args.flush && args.policy === undefined && rule.length > 0
  return {
    kind: 'read',
    name: `${program} ${JSON.stringify([args.table, chain, args.flush, args.policy ?? rule])}`,
    script: isRule ? `${list}\n${check}` : list,
  } as const satisfies Key
}

function resultOf(args: IptablesArgs) {
  return {
    ip_version: args.ip_version,
    table: args.table,
    chain: args.chain ?? null,
    flush: args.flush,
    rule: ruleWords(args, args.ip_version === 'ipv6').join(' '),
    state: args.state,
    chain_management: args.chain_management,
    wait: args.wait ?? null,
  }
}
