/**
 * docker_container_info: what the engine knows of one container, as `docker inspect` tells it.
 *
 * Args     name (name or id).
 * Changes  none.
 * Errors   no docker program, or an engine that does not answer.
 * Returns  exists, container (null when there is none).
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Value } from '../base/value.ts'
import { defineModule } from './contract.ts'
import { argumentsOf, word } from './shared/arguments.ts'
import { fail } from './shared/results.ts'

const schema = () => argumentsOf({ name: word() })
type Args = z.output<ReturnType<typeof schema>>

export const dockerContainerInfo = defineModule<Args>({
  name: 'docker_container_info',
  summary: 'What the engine knows of one container',
  args: schema,
  keys: args => [inspectKey(args)],
  settles: true,
  decide(args, seen) {
    const { code, stdout, stderr } = seen.get(inspectKey(args))
    if (code === 0) return { kind: 'ok', result: { exists: true, container: first(stdout) } }
    if (/no such (container|object)/i.test(stderr))
      return { kind: 'ok', result: { exists: false, container: null } }
    return fail(`docker does not tell about ${args.name}: ${stderr.trim() || `exit code ${code}`}`)
  },
})

function inspectKey({ name }: Args) {
  const script = `docker inspect --type container -- ${quote(name)}`
  return { kind: 'read', name: `container ${name}`, script } as const
}

function first(json: string): Value {
  const found: unknown = JSON.parse(json)
  return (Array.isArray(found) ? found[0] : found) as Value
}
