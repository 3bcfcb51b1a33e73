/**
 * docker_node: a node of the swarm, as a manager sees it.
 *
 * Args     hostname (or id), availability (active | pause | drain), role (manager | worker), labels, labels_state (merge |
 *          replace), labels_to_remove.
 * Changes  all of them in place.
 * Errors   a node that is not in the swarm; an engine that is no manager.
 * Returns  node (as docker node inspect tells).
 */
import type { z } from 'zod'
import { type Action, type Change, defineModule, type Output, type Result, type Verdict } from './contract.ts'
import { choice, list, textDict, word } from './shared/arguments.ts'
import {
  dockerArguments,
  dockerKey,
  dockerRefuses,
  dockerWords,
  readInspected,
  textAt,
  textsAt,
} from './shared/docker-cli.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  dockerArguments({
    hostname: word(),
    labels: textDict().default({}),
    labels_state: choice(['merge', 'replace']).default('merge'),
    labels_to_remove: list().default([]),
    availability: choice(['active', 'pause', 'drain']).optional(),
    role: choice(['worker', 'manager']).optional(),
  })
type Args = z.output<ReturnType<typeof schema>>

export const dockerNode = defineModule<Args>({
  name: 'docker_node',
  summary: 'A node of the swarm',
  args: schema,
  keys: args => [keyOf(args)],
  settles: true,
  decide(args, seen): Verdict {
    const found = readInspected(seen.get(keyOf(args)))
    if ('problem' in found) return dockerRefuses(`the node ${args.hostname}`, found.problem)
    const node = found.found[0]
    if (node === undefined) return fail(`there is no node ${args.hostname} in the swarm`)
    const labels = textsAt(node, 'Spec.Labels')
    const gone = Object.keys(labels).filter(name => isUnwanted(args, name))
    const set = Object.entries(args.labels).filter(([name, value]) => labels[name] !== value)
    const change = (what: string, from: string | null, to: string | null): Change => ({
      what,
      subject: args.hostname,
      from,
      to,
    })
    const changes = [
      ...(['availability', 'role'] as const).flatMap(name => {
        const have = textAt(node, name === 'role' ? 'Spec.Role' : 'Spec.Availability')
        const want = args[name]
        return want === undefined || want === have ? [] : [change(name, have, want)]
      }),
      ...set.map(([name, value]) => change(`label ${name}`, labels[name] ?? null, value)),
      ...gone.map(name => change(`label ${name}`, labels[name] ?? null, null)),
    ]
    if (changes.length === 0) return { kind: 'ok', result: { node } }
    const flags = [
      ...(args.availability === undefined ? [] : [`--availability=${args.availability}`]),
      ...(args.role === undefined ? [] : [`--role=${args.role}`]),
      ...set.map(([name, value]) => `--label-add=${name}=${value}`),
      ...gone.map(name => `--label-rm=${name}`),
    ]
    return { kind: 'change', changes, apply: () => updating(args, flags), touches: [keyOf(args)] }
  },
})

function isUnwanted({ labels, labels_state, labels_to_remove }: Args, name: string): boolean {
  return labels_state === 'replace' ? !(name in labels) : labels_to_remove.includes(name) && !(name in labels)
}

function keyOf(args: Args) {
  return dockerKey(args, ['node', 'inspect', '--', args.hostname])
}

function* updating(args: Args, flags: readonly string[]): Generator<Action, Result, Output> {
  const argv = [...dockerWords(args), 'node', 'update', ...flags, '--', args.hostname]
  yield { do: 'run', argv, failure: `docker could not change the node ${args.hostname}` }
  const found = readInspected(yield { do: 'run', script: keyOf(args).script, ok: 'any', readOnly: true })
  return { node: 'found' in found ? (found.found[0] ?? null) : null }
}
