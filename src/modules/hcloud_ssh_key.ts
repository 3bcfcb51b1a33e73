/**
 * hcloud_ssh_key: a public key of a project in the Hetzner Cloud.
 *
 * Args     id, name or fingerprint (which key); public_key, labels, force (another public_key: made anew), state;
 *          api_token, endpoint.
 * Changes  the key is made, renamed (by id or fingerprint), labelled or deleted.
 * Errors   another public_key under that name without force: keys cannot be changed; what the API says.
 */
import type { z } from 'zod'
import { type Dict, isDict } from '../base/value.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, int, text, textDict, word } from './shared/arguments.ts'
import { HCLOUD_ALIASES, hcloudShape, lookCloud } from './shared/hcloud-api.ts'
import {
  type CloudEdit,
  cloudVerdict,
  findKey,
  foundBy,
  namingEdits,
  noAnswer,
} from './shared/hcloud-resource.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      force: bool().default(false),
      id: int().optional(),
      name: word().optional(),
      fingerprint: word().optional(),
      public_key: text().optional(),
      labels: textDict().optional(),
      state: choice(['present', 'absent']).default('present'),
      ...hcloudShape(),
    },
    HCLOUD_ALIASES,
  )
    .refine(
      args => (args.id ?? args.name ?? args.fingerprint) !== undefined,
      'give at least one of id, name and fingerprint',
    )
    .refine(args => args.state === 'absent' || args.name !== undefined, 'state present needs name')
type Args = z.output<ReturnType<typeof schema>>

const KIND = { many: 'ssh_keys', one: 'ssh_key' } as const

export const hcloudSshKey = defineModule<Args>({
  name: 'hcloud_ssh_key',
  summary: 'A public key in the Hetzner Cloud',
  args: schema,
  settles: true,
  keys: args => [keyOf(args)],
  decide(args, seen): Verdict {
    const answer = foundBy(keyOf(args), KIND, seen)
    if (answer.problem !== null) return noAnswer(answer.problem)
    const { thing } = answer
    const edits = args.state === 'absent' ? gone(thing) : thing === null ? made(args) : changed(args, thing)
    if (typeof edits === 'string') return fail(edits)
    return cloudVerdict({
      login: args,
      edits,
      key: keyOf(args),
      told: args.state === 'absent' ? () => ({}) : told,
      now: thing,
      kind: KIND,
      path: body =>
        args.state === 'absent' ? null : `/ssh_keys/${String(idOf(body.ssh_key) ?? idOf(thing) ?? '')}`,
    })
  },
})

function keyOf(args: Args) {
  if (args.id === undefined && args.fingerprint !== undefined)
    return lookCloud(args, `/ssh_keys?fingerprint=${encodeURIComponent(args.fingerprint)}`)
  return findKey(args, KIND)
}

function idOf(thing: unknown): unknown {
  return thing !== null && typeof thing === 'object' && 'id' in thing ? thing.id : null
}

function told({ id, name, fingerprint, public_key, labels }: Dict) {
  const hcloud_ssh_key = {
    id: String(id),
    name: name ?? '',
    fingerprint: fingerprint ?? '',
    public_key: public_key ?? '',
    labels: labels ?? {},
  }
  return { hcloud_ssh_key }
}

function made({ name = '', public_key: key, labels = {} }: Args): readonly CloudEdit[] | string {
  if (key === undefined) return 'missing required arguments: public_key'
  const change = { what: 'key', subject: name, from: null, to: 'present' }
  return [
    { change, requests: [{ method: 'POST', path: '/ssh_keys', body: { name, public_key: key, labels } }] },
  ]
}

function changed(args: Args, now: Dict): readonly CloudEdit[] | string {
  const { name = '', public_key: key, labels, force } = args
  const bare = (line: string) => line.trim().split(/\s+/).slice(0, 2).join(' ')
  if (key !== undefined && bare(key) !== bare(String(now.public_key))) {
    if (!force)
      return `the key ${name} is there with another public_key, which cannot be changed: say force to make it anew`
    const again = made({ ...args, labels: labels ?? labelsOf(now) })
    return typeof again === 'string' ? again : [...gone(now), ...again]
  }
  const path = `/ssh_keys/${String(now.id)}`
  return namingEdits(path, { name, labels }, now)
}

function labelsOf({ labels }: Dict): Record<string, string> {
  return isDict(labels)
    ? Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]))
    : {}
}

function gone(now: Dict | null): readonly CloudEdit[] {
  if (now === null) return []
  const change = { what: 'key', subject: String(now.name), from: 'present', to: null }
  return [{ change, requests: [{ method: 'DELETE', path: `/ssh_keys/${String(now.id)}` }] }]
}
