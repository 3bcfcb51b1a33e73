/**
 * docker_image_info: what the engine knows of images.
 *
 * Args     name (names or ids; all images when it is left out).
 * Changes  none.
 * Errors   no docker program, or an engine that does not answer.
 * Returns  images: as docker image inspect tells, those that are there.
 */
import type { z } from 'zod'
import { defineModule, type Verdict } from './contract.ts'
import { list } from './shared/arguments.ts'
import { dockerArguments, dockerKey, dockerLine, dockerRefuses, readInspected } from './shared/docker-cli.ts'

const schema = () => dockerArguments({ name: list().optional() })
type Args = z.output<ReturnType<typeof schema>>

export const dockerImageInfo = defineModule<Args>({
  name: 'docker_image_info',
  summary: 'What the engine knows of images',
  args: schema,
  keys: args => (args.name?.length === 0 ? [] : [keyOf(args)]),
  settles: true,
  decide(args, seen): Verdict {
    if (args.name?.length === 0) return { kind: 'ok', result: { images: [] } }
    const found = readInspected(seen.get(keyOf(args)))
    if ('problem' in found) return dockerRefuses('images', found.problem)
    return { kind: 'ok', result: { images: found.found } }
  },
})

function keyOf(args: Args) {
  if (args.name !== undefined) return dockerKey(args, ['image', 'inspect', '--', ...args.name])
  const ids = dockerLine(args, ['image', 'ls', '--quiet', '--no-trunc'])
  const script = `i=$(${ids}) || exit 1
[ -z "$i" ] || ${dockerLine(args, ['image', 'inspect'])} $(printf '%s\\n' "$i" | sort -u)`
  return { kind: 'read', name: script, script } as const
}
