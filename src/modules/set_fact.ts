import { z } from 'zod'
import type { Dict, Value } from '../base/value.ts'
import { defineModule } from './contract.ts'
import { parseBool } from './shared/arguments.ts'

const schema = () =>
  z
    .record(
      z.string(),
      z.custom<Value>(value => value !== undefined),
    )
    .refine(args => Object.keys(args).some(name => name !== 'cacheable'), 'give at least one variable')
    .refine(
      args => Object.keys(args).every(name => /^[A-Za-z_]\w*$/.test(name)),
      'names of variables are letters, digits and underscores, and do not begin with a digit',
    )

export type SetFactArgs = z.output<ReturnType<typeof schema>>

/** Sets variables of the host for the rest of the run. */
export const setFact = defineModule<SetFactArgs>({
  name: 'set_fact',
  summary: 'Sets variables of the host',
  args: schema,
  settles: true,
  controller: true,
  foreseeable: () => 'only looks',
  keys: () => [],
  decide(args) {
    const { cacheable = false, ...facts }: Record<string, Value> = args
    const ansible_facts: Dict = facts
    return { kind: 'ok', result: { ansible_facts, _ansible_facts_cacheable: parseBool(cacheable) ?? false } }
  },
})
