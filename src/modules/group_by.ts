import type { z } from 'zod'
import { defineModule } from './contract.ts'
import { argumentsOf, list, word } from './shared/arguments.ts'

const schema = () => argumentsOf({ key: word(), parents: list().default(['all']) })

export type GroupByArgs = z.output<ReturnType<typeof schema>>

/** Puts the host into a group named by a value; blanks become dashes, as with Ansible. */
export const groupBy = defineModule<GroupByArgs>({
  name: 'group_by',
  summary: 'Puts the host into a group for this run',
  args: schema,
  settles: true,
  controller: true,
  keys: () => [],
  decide: args => ({
    kind: 'ok',
    result: {
      add_group: args.key.replaceAll(' ', '-'),
      parent_groups: args.parents.map(name => name.replaceAll(' ', '-')),
    },
  }),
})
