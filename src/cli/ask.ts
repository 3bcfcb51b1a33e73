/** Questions to the person at the terminal. Loaded only when one is asked. */
export async function askSecret(message: string): Promise<string> {
  const { password } = await import('@inquirer/prompts')
  return password({ message, mask: true })
}

export async function askText(message: string): Promise<string> {
  const { input } = await import('@inquirer/prompts')
  return input({ message })
}

export async function askYes(message: string): Promise<boolean> {
  const { confirm } = await import('@inquirer/prompts')
  return confirm({ message, default: false })
}
