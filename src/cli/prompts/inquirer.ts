/** The wizard's questions at a terminal. Import it dynamically: only a run that asks needs the library. */
import { checkbox, confirm, input, password, select } from '@inquirer/prompts'
import { VpaiError } from '../../base/error.ts'
import { Secret } from '../../base/secret.ts'
import type { Ask, ListQuestion, Question, Reply, TextQuestion } from '../../wizard/ask.ts'

export interface Terminal {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  /** Aborting it ends the question that is open. */
  readonly signal?: AbortSignal
}

/** Rejects with WIZARD_LEFT when somebody presses Ctrl-C. */
export function createTerminalAsk(terminal: Terminal): Ask {
  const say = (text: string) => terminal.output.write(`${text}\n`)
  const introduce = (question: Question) => {
    if (question.problem !== undefined) say(`  ! ${question.problem}`)
    if (question.help !== undefined) say(`  ${question.help}`)
  }
  const verdict = (question: Question) => (reply: Reply) => question.check(reply) ?? true
  const run = async <Answer>(question: Question, prompt: () => Promise<Answer>): Promise<Answer> => {
    introduce(question)
    return await prompt().catch((error: unknown) => {
      throw left(error)
    })
  }
  return {
    heading: title => say(`\n${title}`),
    text: question => run(question, () => askText(question, verdict(question), terminal)),
    select: question =>
      run(question, () =>
        select({ message: question.message, choices: question.choices, default: question.default }, terminal),
      ),
    confirm: question =>
      run(question, () => confirm({ message: question.message, default: question.default }, terminal)),
    password: question =>
      run(question, async () => {
        const check = verdict(question)
        const text = await password(
          { message: question.message, mask: '*', validate: value => check(new Secret(value)) },
          terminal,
        )
        return new Secret(text, question.name)
      }),
    list: question => run(question, () => askList(question, verdict(question), terminal)),
  }
}

/** Enter takes the default; a dash clears one that may be empty. */
async function askText(
  question: TextQuestion,
  verdict: (reply: Reply) => string | true,
  terminal: Terminal,
): Promise<string> {
  const mayBeEmpty = question.default !== '' && question.check('') === undefined
  const meant = (text: string) => (mayBeEmpty && text.trim() === '-' ? '' : text)
  const message = mayBeEmpty ? `${question.message} (- for none)` : question.message
  const options = {
    message,
    default: question.default || undefined,
    validate: (text: string) => verdict(meant(text)),
  }
  return meant(await input(options, terminal))
}

async function askList(
  question: ListQuestion,
  verdict: (reply: Reply) => string | true,
  terminal: Terminal,
): Promise<readonly string[]> {
  if (question.choices !== undefined) {
    const choices = question.choices.map(value => ({ value, checked: question.default.includes(value) }))
    return await checkbox({ message: question.message, choices, required: true }, terminal)
  }
  const text = await input(
    {
      message: `${question.message} (with commas between)`,
      default: question.default.join(', ') || undefined,
      validate: value => verdict(splitItems(value)),
    },
    terminal,
  )
  return splitItems(text)
}

function splitItems(text: string): readonly string[] {
  return text.split(',').flatMap(item => item.trim() || [])
}

function left(error: unknown): unknown {
  const isExit =
    error instanceof Error && (error.name === 'ExitPromptError' || error.name === 'AbortPromptError')
  if (!isExit) return error
  return new VpaiError('WIZARD_LEFT', 'stopped: nothing was written', {
    hint: 'run `vpai wizard` again to start over',
    cause: error,
  })
}
