import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import { defineModule } from './contract.ts'
import { argumentsOf, int, list, path } from './shared/arguments.ts'
import { globPattern } from './shared/glob.ts'

const schema = () =>
  argumentsOf({
    gather_subset: list().default(['all']),
    gather_timeout: int().default(10),
    filter: list().default([]),
    fact_path: path().default('/etc/ansible/facts.d'),
  })

export type SetupArgs = z.output<ReturnType<typeof schema>>

/** Gathers facts of the host. All of them cost one question, so subsets do not make it faster. */
export const setup = defineModule<SetupArgs>({
  name: 'setup',
  aliases: ['gather_facts'],
  summary: 'Gathers facts of the host',
  args: schema,
  settles: true,
  keys: () => [{ kind: 'facts' }],
  decide(args, seen) {
    const patterns = args.filter.filter(pattern => pattern !== '').map(globPattern)
    const isWanted = (name: string) =>
      patterns.length === 0 || patterns.some(pattern => pattern.test(name) || pattern.test(`ansible_${name}`))
    const facts = Object.entries(seen.get({ kind: 'facts' })).filter(([name]) => isWanted(name))
    const ansible_facts: Dict = Object.fromEntries(
      facts.map(([name, value]) => [PLAIN.has(name) ? name : `ansible_${name}`, value]),
    )
    return { kind: 'ok', result: { ansible_facts } }
  },
})

/** Ansible returns these two without the prefix. */
const PLAIN = new Set(['gather_subset', 'module_setup'])
