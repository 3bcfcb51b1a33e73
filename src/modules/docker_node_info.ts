/**
 * docker_node_info: what a manager knows of the nodes of its swarm.
 *
 * Args     name (names or ids; all nodes when it is left out), self.
 * Changes  none.
 * Errors   an engine that is no manager of a swarm.
 * Returns  nodes: as docker node inspect tells.
 */
import type { z } from 'zod'
import { defineModule, type Verdict } from './contract.ts'
import { bool, list } from './shared/arguments.ts'
import { dockerArguments, dockerKey, dockerLine, dockerRefuses, readInspected } from './shared/docker-cli.ts'

const schema = () => dockerArguments({ name: list().optional(), self: bool().default(false) })
type Args = z.output<ReturnType<typeof schema>>

export const dockerNodeInfo = defineModule<Args>({
  name: 'docker_node_info',
  summary: 'What a manager knows of the nodes of its swarm',
  args: schema,
  keys: args => [keyOf(args)],
  settles: true,
  decide(args, seen): Verdict {
    const found = readInspected(seen.get(keyOf(args)))
    return 'problem' in found
      ? dockerRefuses('nodes', found.problem)
      : { kind: 'ok', result: { nodes: found.found } }
  },
})

function keyOf(args: Args) {
  if (args.self) return dockerKey(args, ['node', 'inspect', 'self'])
  if (args.name !== undefined) return dockerKey(args, ['node', 'inspect', '--', ...args.name])
  const script = `i=$(${dockerLine(args, ['node', 'ls', '--quiet'])}) || exit 1
${dockerLine(args, ['node', 'inspect'])} $i`
  return { kind: 'read', name: script, script } as const
}
