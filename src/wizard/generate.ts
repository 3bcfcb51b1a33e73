import { Secret } from '../base/secret.ts'
import type { Recipe } from './variable.ts'

/** Where chance comes from. Must be fit for secrets. */
export interface Random {
  bytes(count: number): Uint8Array
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export function generateSecret(recipe: Recipe, random: Random, name: string): Secret {
  if (recipe.kind === 'hex') {
    const digits = Buffer.from(random.bytes(Math.ceil(recipe.length / 2))).toString('hex')
    return new Secret(`${recipe.prefix ?? ''}${digits.slice(0, recipe.length)}`, name)
  }
  for (;;) {
    const text = letters(recipe.length, random)
    // Drawing again until all kinds are there keeps every text that passes equally likely.
    if (recipe.kind === 'alphanumeric' || [/\d/, /[A-Z]/, /[a-z]/].every(kind => kind.test(text)))
      return new Secret(text, name)
  }
}

/** Bytes that would favour the first letters of the alphabet are thrown away. */
function letters(count: number, random: Random): string {
  const fair = 256 - (256 % LETTERS.length)
  let text = ''
  while (text.length < count) {
    for (const byte of random.bytes(count)) {
      if (byte < fair && text.length < count) text += LETTERS[byte % LETTERS.length]
    }
  }
  return text
}
