/** Questions to the person at the terminal. Loaded only when one is asked. Ctrl-C at one is ASK_LEFT. */
import { VpaiError } from '../base/error.ts'

export async function askSecret(message: string): Promise<string> {
  const { password } = await import('@inquirer/prompts')
  return password({ message, mask: true }).catch(left)
}

export async function askText(message: string): Promise<string> {
  const { input } = await import('@inquirer/prompts')
  return input({ message }).catch(left)
}

export async function askYes(message: string): Promise<boolean> {
  const { confirm } = await import('@inquirer/prompts')
  return confirm({ message, default: false }).catch(left)
}

function left(cause: unknown): never {
  if (cause instanceof Error && cause.name === 'ExitPromptError')
    throw new VpaiError('ASK_LEFT', 'stopped at the question', { cause })
  throw cause
}
