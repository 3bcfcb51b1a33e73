import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import { ownHome } from '../../connections/own-account.ts'
import { checkDeployKey, detectAnswers } from '../../files/detect-answers.ts'
import { readFormerProject, writeWizardResult } from '../../files/wizard-files.ts'
import { settleAnswersFile } from '../../wizard/answers-file.ts'
import { converse } from '../../wizard/ask.ts'
import { wizardFlow } from '../../wizard/flow.ts'
import type { Former, WizardResult } from '../../wizard/settle.ts'
import { type Answers, STEP_TITLES, type System } from '../../wizard/variable.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { ensureIdentity, tellIdentity } from '../project/ensure-identity.ts'
import { secretsPlace } from '../project/secrets-place.ts'

/** vpai wizard: asks (or reads --answers) what a system needs, and writes inventory, settings and secrets at once. */
export async function run({ options, io }: Invocation): Promise<number> {
  const { root: folder, file: secretsFile, keys } = secretsPlace({ io, options })
  const answers = options.answers === undefined ? null : readAnswers(io, String(options.answers))
  if (answers === null && !io.stdinIsTty) {
    throw new VpaiError('WIZARD_NO_TERMINAL', 'the wizard asks questions, and nobody can be asked', {
      hint: 'Give the answers in a file: vpai wizard --answers answers.yml',
    })
  }
  const deployed = wasDeployed(path.join(folder, '.vpai', 'runs'))
  const former = await readFormerProject(folder, { deployed, keys, secretsFile })
  const chosen = options.system as readonly System[] | undefined
  const systems = chosen ?? former.systems
  const random = { bytes: (count: number) => randomBytes(count) }
  const home = ownHome(io.env)
  const detected = await detectAnswers(home)
  const result =
    answers === null
      ? await talk(io, { systems, former, detected, random })
      : settleAnswersFile({
          ...answers,
          systems: namesSystems(answers) ? chosen : systems,
          former,
          detected,
          random,
        })
  const made = await ensureIdentity(io, options.identity)
  if (made) tellIdentity(io, made)
  const written = await writeWizardResult(folder, result, {
    keys: await keys(),
    former,
    secretsFile,
  })
  const warnings = [...result.warnings, ...(await checkDeployKey(result, home))]
  tell(
    io,
    { warnings, generated: result.generated },
    written.map(file => path.relative(io.cwd, path.join(folder, file))),
  )
  return EXIT.fine
}

/** A run that changed hosts fixes the name of the project; plans and listings do not. */
function wasDeployed(runs: string): boolean {
  if (!existsSync(runs)) return false
  return readdirSync(runs).some(run => {
    const journal = path.join(runs, run, 'journal.ndjson')
    const start = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n', 1)[0] : undefined
    return /"command":"(deploy|run) /.test(start ?? '') && /"check":false/.test(start ?? '')
  })
}

function namesSystems({ text }: { readonly text: string }): boolean {
  return /^systems\s*:/m.test(text)
}

function readAnswers(io: Io, file: string): { readonly text: string; readonly file: string } {
  try {
    return { text: readFileSync(path.resolve(io.cwd, file), 'utf8'), file }
  } catch (cause) {
    throw new VpaiError(
      'WIZARD_ANSWERS',
      `the answers in ${file} cannot be read: ${(cause as Error).message}`,
      {
        cause,
      },
    )
  }
}

async function talk(
  io: Io,
  input: {
    systems: readonly System[] | undefined
    former: Former
    detected: Answers
    random: { bytes(count: number): Uint8Array }
  },
): Promise<WizardResult> {
  const { createTerminalAsk } = await import('../prompts/inquirer.ts')
  const ask = createTerminalAsk({ input: process.stdin, output: process.stdout, signal: io.signal })
  return converse(wizardFlow(input), ask, STEP_TITLES)
}

function tell(
  io: Io,
  result: Pick<WizardResult, 'warnings' | 'generated'>,
  written: readonly string[],
): void {
  for (const { message, hint } of result.warnings)
    io.err.write(`warning: ${message}${hint ? `\n  hint: ${hint}` : ''}\n`)
  if (written.length === 0) {
    io.out.write('Nothing to write: everything is as it was.\n')
    return
  }
  for (const file of written) io.out.write(`wrote  ${file}\n`)
  if (result.generated.length > 0)
    io.err.write(`\nMade ${result.generated.length} secrets; \`vpai secrets view\` shows them.\n`)
  io.err.write(`
Next:
  vpai doctor all     can every host be reached, and what is missing there
  vpai trust HOST     look at a host's key and remember it
  vpai plan prod      see what a deploy would do
  vpai deploy prod    do it
`)
}
