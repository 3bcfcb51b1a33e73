import type { Dict } from '../../base/value.ts'
import { garbled, textOf } from '../answer.ts'
import type { Key, Probe } from '../contract.ts'
import { readFacts } from './read-facts.ts'
import { FACTS_SCRIPT } from './script.ts'

type FactsKey = Extract<Key, { kind: 'facts' }>

/** What `setup` gathers, by sh alone. Names and shapes are those of ansible_facts, without the prefix. */
export const factsProbe: Probe<FactsKey> = {
  kind: 'facts',
  id: () => 'all',
  script: () => FACTS_SCRIPT,
  parse(keys, stdout) {
    const text = textOf(stdout)
    if (!text.endsWith('==end\n')) throw garbled('facts', 'it ends too early')
    const facts: Dict = readFacts(text)
    return keys.map(() => facts)
  },
}
