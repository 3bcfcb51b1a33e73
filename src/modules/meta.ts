import type { z } from 'zod'
import { defineModule } from './contract.ts'
import { argumentsOf, choice } from './shared/arguments.ts'

/** What the engine does for `meta`. */
export const META_ACTIONS = [
  'noop',
  'flush_handlers',
  'refresh_inventory',
  'clear_facts',
  'clear_host_errors',
  'end_play',
  'end_host',
  'end_batch',
  'end_role',
  'reset_connection',
] as const

const schema = () => argumentsOf({ free_form: choice(META_ACTIONS) }, { _raw_params: 'free_form' })

export type MetaArgs = z.output<ReturnType<typeof schema>>

/** A word to the engine itself; nothing happens on a host. */
export const meta = defineModule<MetaArgs>({
  name: 'meta',
  summary: 'Tells the engine to do something',
  args: schema,
  freeForm: 'free_form',
  settles: true,
  controller: true,
  keys: () => [],
  decide: args => ({ kind: 'ok', result: { meta: args.free_form } }),
})
