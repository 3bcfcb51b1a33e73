/**
 * debconf: the answer to one question that a package's installation asks.
 *
 * Args     name (the package), question, vtype, value, unseen. Without a question it only tells the answers.
 * Changes  the answer.
 * Errors   no debconf; a question without a type and a value. Answers travel on standard input.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, text, word } from './shared/arguments.ts'
import { fail } from './shared/results.ts'

const TYPES = [
  'boolean',
  'error',
  'multiselect',
  'note',
  'password',
  'seen',
  'select',
  'string',
  'text',
  'title',
] as const

const schema = () =>
  argumentsOf(
    {
      name: word(),
      question: word().optional(),
      vtype: choice(TYPES).optional(),
      value: text().optional(),
      unseen: bool().default(false),
    },
    { pkg: 'name', selection: 'question', setting: 'question', answer: 'value' },
  ).refine(
    args => args.question === undefined || (args.vtype !== undefined && args.value !== undefined),
    'needs vtype and value with a question',
  )
type Args = z.output<ReturnType<typeof schema>>

const TOOL = { kind: 'which', command: 'debconf-show' } as const satisfies Key

export const debconf = defineModule<Args>({
  name: 'debconf',
  summary: "The answer to a question of a package's installation",
  args: schema,
  keys: args => [TOOL, shownKey(args), ...(args.vtype === 'password' ? [passwordKey(args)] : [])],
  decide(args, seen): Verdict {
    if (seen.get(TOOL).path === null)
      return fail('this host has no debconf-show: debconf works on Debian and its relatives only')
    const answers = answersOf(args, seen)
    const current = Object.fromEntries(answers)
    const { question, vtype = 'string', value = '' } = args
    if (question === undefined) return { kind: 'ok', result: { msg: '', current } }
    const wanted = vtype === 'boolean' ? value.toLowerCase() : value
    const now = answers.get(question) ?? null
    if (now === wanted) return { kind: 'ok', result: { msg: '', current } }
    const isPassword = vtype === 'password'
    const shown = (answer: string | null) => (answer === null ? null : isPassword ? 'a password' : answer)
    const previous = { [question]: isPassword ? '' : (now ?? '') }
    const flags = args.unseen ? ['-u'] : []
    return {
      kind: 'change',
      changes: [
        {
          what: 'answer',
          subject: question,
          from: shown(now),
          to: shown(wanted),
          ...(isPassword ? {} : { diff: diffOf(question, { now, wanted }) }),
        },
      ],
      apply: [
        {
          do: 'run',
          argv: ['debconf-set-selections', ...flags],
          stdin: `${args.name} ${question} ${vtype} ${wanted}\n`,
          failure: `the answer to ${question} was refused`,
        },
      ],
      result: { msg: '', current: { [question]: isPassword ? '' : wanted }, previous },
      touches: [shownKey(args)],
    }
  },
  settles: 'debconf forgets the answers of packages that it has no questions of',
})

function diffOf(label: string, { now, wanted }: { readonly now: string | null; readonly wanted: string }) {
  return { before: now === null ? '' : `${now}\n`, after: `${wanted}\n`, label }
}

function answersOf(args: Args, seen: Seen): Map<string, string> {
  const answers = new Map<string, string>()
  for (const line of seen.get(shownKey(args)).stdout.split('\n')) {
    const match = /^[* ] ([^:]+):(?: (.*))?$/.exec(line)
    if (match !== null) answers.set(match[1] ?? '', match[2] ?? '')
  }
  if (args.vtype !== 'password' || args.question === undefined) return answers
  // "0 the value": the code of the protocol, then the answer.
  const { stdout } = seen.get(passwordKey(args))
  const known = /^0 (.*)$/m.exec(stdout)?.[1]
  answers.delete(args.question)
  if (known !== undefined) answers.set(args.question, known)
  return answers
}

function shownKey(args: Args) {
  return {
    kind: 'read',
    name: `debconf ${args.name}`,
    script: `LC_ALL=C debconf-show ${quote(args.name)} 2>/dev/null; :`,
  } as const satisfies Key
}

/** debconf-show leaves passwords out. */
function passwordKey(args: Args) {
  return {
    kind: 'read',
    name: `debconf password ${args.name} ${args.question}`,
    script: `printf 'GET %s\\n' ${quote(args.question ?? '')} | debconf-communicate ${quote(args.name)} 2>/dev/null; :`,
  } as const satisfies Key
}
