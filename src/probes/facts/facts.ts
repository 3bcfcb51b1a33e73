import { quote } from '../../base/quote.ts'
import type { Dict } from '../../base/value.ts'
import { garbled, textOf } from '../answer.ts'
import type { Key, Probe } from '../contract.ts'
import { readFacts } from './read-facts.ts'
import { FACTS_SCRIPT } from './script.ts'

type FactsKey = Extract<Key, { kind: 'facts' }>

/** What `setup` gathers, by sh alone. Names and shapes are those of ansible_facts, without the prefix. */
export const factsProbe: Probe<FactsKey> = {
  kind: 'facts',
  id: ({ localFacts, timeoutS }) => ['all', localFacts ?? '', timeoutS ?? ''].join(' ').trim(),
  script: keys =>
    keys
      .map(
        ({ localFacts = LOCAL, timeoutS = 10 }) =>
          `D=${folderWord(localFacts)} T=${timeoutS}\n${FACTS_SCRIPT}`,
      )
      .join('\n'),
  parse(keys, stdout) {
    const texts = textOf(stdout).split(/(?<=^==end\n)/m)
    return keys.map((_key, index): Dict => {
      const text = texts[index] ?? ''
      if (!text.endsWith('==end\n')) throw garbled('facts', 'it ends too early')
      return readFacts(text)
    })
  },
}

const LOCAL = '/etc/ansible/facts.d'

function folderWord(path: string): string {
  return path.startsWith('~/') ? `"$HOME"${quote(path.slice(1))}` : quote(path)
}
