/** Stops and disables a unit whose file is about to go. One that is not known any more is gone already. */
import { z } from 'zod'
import type { Key } from '../../probes/contract.ts'
import { defineModule } from '../contract.ts'
import { systemd } from '../systemd.ts'

const schema = () => z.strictObject({ name: z.string() })
type Args = z.output<ReturnType<typeof schema>>

export const ownedUnit = defineModule<Args>({
  name: 'owned_unit',
  summary: 'Stops and disables a unit whose file goes',
  args: schema,
  settles: true,
  keys: args => [unitKey(args)],
  decide(args, seen, ctx) {
    const unit = seen.get(unitKey(args))
    if (unit.manager !== 'systemd') return { kind: 'skip', reason: 'this host does not run systemd' }
    if (unit.load === 'not-found' && unit.fileState === '') return { kind: 'ok' }
    return systemd.decide(
      systemd.args().parse({ name: args.name, state: 'stopped', enabled: false }),
      seen,
      ctx,
    )
  },
})

function unitKey({ name }: Args) {
  return { kind: 'unit', name, scope: 'system' } as const satisfies Key
}
