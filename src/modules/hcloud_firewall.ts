/**
 * hcloud_firewall: a firewall in the Hetzner Cloud, and its rules.
 *
 * Args     id or name; rules (direction, protocol, port, source_ips, destination_ips, description), labels, state,
 *          force (deletes one that is in use); api_token, endpoint.
 * Changes  the firewall is made, renamed (by id), labelled or deleted; its rules become exactly those given.
 * Errors   what the API says, a firewall that is still in use among it.
 */
import { z } from 'zod'
import type { Dict } from '../base/value.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, int, list, text, textDict, word } from './shared/arguments.ts'
import { dictsOf, HCLOUD_ALIASES, hcloudShape, listOf } from './shared/hcloud-api.ts'
import {
  type CloudEdit,
  cloudVerdict,
  findKey,
  found,
  namingEdits,
  noAnswer,
} from './shared/hcloud-resource.ts'
import { idIn } from './shared/hcloud-values.ts'

const rule = () =>
  argumentsOf({
    direction: choice(['in', 'out']),
    protocol: choice(['icmp', 'tcp', 'udp', 'esp', 'gre']),
    port: text().optional(),
    source_ips: list().default([]),
    destination_ips: list().default([]),
    description: text().optional(),
  })

const schema = () =>
  argumentsOf(
    {
      id: int().optional(),
      name: word().optional(),
      labels: textDict().optional(),
      force: bool().default(false),
      rules: z.array(rule(), 'must be a list of rules').optional(),
      state: choice(['present', 'absent']).default('present'),
      ...hcloudShape(),
    },
    HCLOUD_ALIASES,
  )
    .refine(args => (args.id ?? args.name) !== undefined, 'give id or name')
    .refine(args => args.state === 'absent' || args.name !== undefined, 'state present needs name')
type Args = z.output<ReturnType<typeof schema>>

const KIND = { many: 'firewalls', one: 'firewall' } as const

export const hcloudFirewall = defineModule<Args>({
  name: 'hcloud_firewall',
  summary: 'A firewall in the Hetzner Cloud',
  args: schema,
  settles: true,
  keys: args => [findKey(args, KIND)],
  decide(args, seen): Verdict {
    const answer = found(args, KIND, seen)
    if (answer.problem !== null) return noAnswer(answer.problem)
    const { thing } = answer
    const isGone = args.state === 'absent'
    return cloudVerdict({
      login: args,
      edits: isGone ? gone(thing, args.force) : thing === null ? made(args) : changed(args, thing),
      key: findKey(args, KIND),
      told: isGone ? () => ({}) : told,
      now: thing,
      kind: KIND,
      path: body => (isGone ? null : `/firewalls/${idIn(thing ?? undefined) ?? idIn(body.firewall) ?? ''}`),
    })
  },
})

function told({ id, name, labels, rules }: Dict) {
  const hcloud_firewall = {
    id: String(id),
    name: name ?? '',
    labels: labels ?? {},
    rules: dictsOf(rules).map(toldRule),
  }
  return { hcloud_firewall }
}

function toldRule(rule: Dict): Dict {
  return {
    direction: rule.direction ?? null,
    protocol: rule.protocol ?? null,
    port: rule.port ?? null,
    source_ips: listOf(rule.source_ips),
    destination_ips: listOf(rule.destination_ips),
    description: rule.description ?? null,
  }
}

function wantedRules({ rules = [] }: Args): readonly Dict[] {
  return rules.map(({ port = null, description = null, ...one }) => toldRule({ ...one, port, description }))
}

function made(args: Args): readonly CloudEdit[] {
  const { name = '', labels = {} } = args
  const change = { what: 'firewall', subject: name, from: null, to: 'present' }
  const body = { name, labels, rules: wantedRules(args) }
  return [{ change, requests: [{ method: 'POST', path: '/firewalls', body }] }]
}

function changed(args: Args, now: Dict): readonly CloudEdit[] {
  const { name = '', labels } = args
  const path = `/firewalls/${String(now.id)}`
  const edits = [...namingEdits(path, { name, labels }, now)]
  const before = dictsOf(now.rules).map(toldRule)
  const after = wantedRules(args)
  if (args.rules !== undefined && JSON.stringify(before) !== JSON.stringify(after))
    edits.push({
      change: { what: 'rules', subject: name, from: null, to: null, diff: diffOf(name, before, after) },
      requests: [{ method: 'POST', path: `${path}/actions/set_rules`, body: { rules: after } }],
    })
  return edits
}

function diffOf(name: string, before: readonly Dict[], after: readonly Dict[]) {
  const lines = (rules: readonly Dict[]) => rules.map(one => `${JSON.stringify(one)}\n`).join('')
  return { before: lines(before), after: lines(after), label: `rules of ${name}` }
}

/** By force it leaves first what it protects. */
function gone(now: Dict | null, force: boolean): readonly CloudEdit[] {
  if (now === null) return []
  const path = `/firewalls/${String(now.id)}`
  const held = dictsOf(now.applied_to).map(({ type, server, label_selector }) => ({
    type: type ?? null,
    ...(server === undefined ? {} : { server }),
    ...(label_selector === undefined ? {} : { label_selector }),
  }))
  const leave = {
    method: 'POST',
    path: `${path}/actions/remove_from_resources`,
    body: { remove_from: held },
  } as const
  const change = { what: 'firewall', subject: String(now.name), from: 'present', to: null }
  return [{ change, requests: [...(force && held.length > 0 ? [leave] : []), { method: 'DELETE', path }] }]
}
