/** Filters that encrypt and open texts as ansible-vault does; the password is an argument. */
import { VpaiError } from '../../base/error.ts'
import { isVaulted } from '../../base/vault.ts'
import { openVault, parseVault, sealVault } from '../../base/vault-format.ts'
import { valueError } from '../errors.ts'
import { evaluator } from '../runtime/evaluator.ts'
import { str } from '../runtime/printing.ts'
import { define } from '../runtime/signature.ts'

export const vaultFilters = define({
  // wrap_object makes a value that Ansible opens by itself; here the text is the same either way.
  'vault(secret: str, salt: str, vault_id: str, wrap_object: bool)': (
    value: unknown,
    ...[secret, salt, id = 'filter_default']: [secret?: string, salt?: string, id?: string]
  ) => {
    if (secret === undefined) return valueError('vault: the password is missing')
    const clear = Buffer.from(str(value), 'utf8')
    return sealVault(clear, {
      password: secret,
      salt: salt === undefined ? randomSalt() : Buffer.from(salt),
      id,
    })
  },
  'unvault(secret: str, vault_id: str)': (value: unknown, secret?: string) => {
    if (secret === undefined) return valueError('unvault: the password is missing')
    const text = str(value)
    if (!isVaulted(text)) return text
    const clear = opened(text, secret)
    evaluator().secrets.add(clear)
    return clear
  },
})

function opened(text: string, secret: string): string {
  try {
    const clear = openVault(parseVault(text, 'the text'), secret)
    return clear === null
      ? valueError('unvault: the password does not open the text')
      : clear.toString('utf8')
  } catch (error) {
    if (error instanceof VpaiError && error.code.startsWith('VAULT_'))
      return valueError(`unvault: ${error.message}`)
    throw error
  }
}

function randomSalt(): Buffer {
  const { random } = evaluator()
  return Buffer.from(Array.from({ length: 32 }, () => Math.floor(random() * 256)))
}
