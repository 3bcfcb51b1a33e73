import { type Candidate, complete, type Wanted } from '../candidates.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { COMMANDS } from './index.ts'

/** vpai __complete -- WORDS: candidates for the last word, one a line. Starts no program, asks nothing, never fails. */
export async function run({ args, io }: Invocation): Promise<number> {
  try {
    const { candidates, wanted } = complete(args, COMMANDS)
    const looked = wanted === null ? [] : await namesFor(wanted, args, io)
    const all = [...candidates, ...looked]
    io.out.write(
      all.map(({ word, description }) => `${word}${description ? `\t${description}` : ''}\n`).join(''),
    )
  } catch {
    // A broken project is told by the command itself.
  }
  return EXIT.fine
}

/** A shell puts the word on the command line as it is: an inventory of somebody else must not be able to say more. */
const HARMLESS = /^[\w@%+=:,./!&*~-]+$/

async function namesFor(
  wanted: Exclude<Wanted, null>,
  words: readonly string[],
  io: Io,
): Promise<Candidate[]> {
  const { inventoryNames } = await import('../project/inventory-names.ts')
  const { hosts, groups } = inventoryNames(io, givenInventories(words))
  const current = words.at(-1) ?? ''
  // In web1,db<Tab> and prod:!web<Tab> only the last name is being typed.
  const before = wanted === 'host' ? (/^.*[,:&!]/.exec(current)?.[0] ?? '') : ''
  const names = wanted === 'environment' ? groups : [...hosts, ...groups]
  return names
    .map(name => `${before}${name}`)
    .filter(word => word.startsWith(current) && HARMLESS.test(word))
    .map(word => ({ word, description: '' }))
}

function givenInventories(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) =>
    (word === '-i' || word === '--inventory') && index + 1 < words.length - 1 ? (words[index + 1] ?? []) : [],
  )
}
