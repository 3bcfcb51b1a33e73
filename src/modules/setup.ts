/**
 * setup: the facts of the host.
 *
 * Args     filter (list of patterns, with or without ansible_), gather_subset and gather_timeout (taken:
 *          one probe brings all facts), fact_path.
 * Changes  never. Result: ansible_facts, each name with the prefix ansible_.
 */
import type { z } from 'zod'
import type { Value } from '../base/value.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, int, list, path } from './shared/arguments.ts'

const schema = () =>
  argumentsOf({
    filter: list().default([]),
    gather_subset: list().default(['all']),
    gather_timeout: int().default(10),
    fact_path: path().default('/etc/ansible/facts.d'),
  })
type Args = z.output<ReturnType<typeof schema>>

export const setup = defineModule<Args>({
  name: 'setup',
  aliases: ['gather_facts'],
  summary: 'The facts of the host',
  args: schema,
  keys: () => [{ kind: 'facts' }],
  decide(args, seen): Verdict {
    const facts: Record<string, Value> = {}
    const patterns = args.filter.filter(pattern => pattern !== '').map(asPattern)
    for (const [name, value] of Object.entries(seen.get({ kind: 'facts' }))) {
      const full = name.startsWith('ansible_') ? name : `ansible_${name}`
      if (patterns.length === 0 || patterns.some(one => one.test(full) || one.test(name))) facts[full] = value
    }
    return { kind: 'ok', result: { ansible_facts: facts } }
  },
  settles: true,
})

function asPattern(text: string): RegExp {
  return new RegExp(
    `^${text
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  )
}
