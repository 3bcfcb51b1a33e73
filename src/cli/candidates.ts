/** Which words may come next on a command line, as far as the table of commands knows. Pure. */
import type { CommandSpec, OptionSpec } from './command.ts'

export interface Candidate {
  readonly word: string
  readonly description: string
}

/** What else may stand there, which has to be looked up. */
export type Wanted = 'environment' | 'host' | null

export interface Completion {
  readonly candidates: readonly Candidate[]
  readonly wanted: Wanted
}

const NOTHING: Completion = { candidates: [], wanted: null }

/** `words`: all after `vpai`, the last being the one under the cursor, possibly empty. */
export function complete(words: readonly string[], commands: readonly CommandSpec[]): Completion {
  const current = words.at(-1) ?? ''
  let spec: CommandSpec | undefined
  let operands = 0
  let pending: OptionSpec | undefined
  for (const word of words.slice(0, -1)) {
    if (word === '--') return NOTHING
    if (pending) {
      pending = undefined
      continue
    }
    if (word.startsWith('-')) {
      pending = valueOption(word, spec)
      continue
    }
    const child = operands === 0 ? childOf(spec, commands, word) : undefined
    if (child) spec = child
    else operands++
  }
  const answer = pending
    ? optionValues(pending)
    : current.startsWith('-')
      ? { candidates: flagsOf(spec), wanted: null }
      : operandsOf(spec, commands, operands)
  return { ...answer, candidates: answer.candidates.filter(({ word }) => word.startsWith(current)) }
}

function childOf(
  spec: CommandSpec | undefined,
  commands: readonly CommandSpec[],
  word: string,
): CommandSpec | undefined {
  const among = spec === undefined ? commands : (spec.children ?? [])
  return among.find(({ name }) => name === word)
}

/** The option a word is, when its value is the next word. */
function valueOption(word: string, spec: CommandSpec | undefined): OptionSpec | undefined {
  return spec?.options?.find(({ flags }) => flags.includes('<') && namesOf(flags).includes(word))
}

/** `-t, --tags <tags>` to -t and --tags. */
function namesOf(flags: string): readonly string[] {
  return flags.split(/[ ,]+/).filter(word => word.startsWith('-'))
}

function optionValues({ flags, choices }: OptionSpec): Completion {
  if (choices) return { candidates: choices.map(word => ({ word, description: '' })), wanted: null }
  return { candidates: [], wanted: flags.includes('<pattern>') ? 'host' : null }
}

function flagsOf(spec: CommandSpec | undefined): readonly Candidate[] {
  const own = (spec?.options ?? []).map(({ flags, description }) => ({
    word: namesOf(flags).at(-1) ?? '',
    description,
  }))
  const version = spec === undefined ? [{ word: '--version', description: 'the version of vpai' }] : []
  return [...own, ...version, { word: '--help', description: 'show help' }]
}

const HOST_ARGUMENTS = /<host>|pattern/

function operandsOf(
  spec: CommandSpec | undefined,
  commands: readonly CommandSpec[],
  operands: number,
): Completion {
  const children = spec === undefined ? commands : (spec.children ?? [])
  if (children.length > 0 && operands === 0) {
    const shown = children.filter(({ hidden }) => hidden !== true)
    return {
      candidates: shown.map(({ name, summary }) => ({ word: name, description: summary })),
      wanted: null,
    }
  }
  const argument = spec?.args?.split(' ')[operands] ?? ''
  const fixed = FIXED[`${spec?.name ?? ''}/${operands}`]
  if (fixed) return { candidates: fixed.map(word => ({ word, description: '' })), wanted: null }
  if (argument === '<env>' || argument === '[env]') return { candidates: [], wanted: 'environment' }
  return { candidates: [], wanted: HOST_ARGUMENTS.test(argument) ? 'host' : null }
}

/** Arguments with a few known words, by command and place. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  'completion/0': ['bash', 'zsh', 'fish'],
  'recipients/0': ['list', 'add', 'remove'],
}
