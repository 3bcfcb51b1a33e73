import { describe, expect, it } from 'vitest'
import { sealVault } from '../../src/base/vault-format.ts'
import { createSecretRegistry } from '../../src/secrets/registry.ts'
import { VaultKeys, type VaultPassword } from '../../src/secrets/vault-keys.ts'

const salt = Buffer.alloc(32, 1)
const seal = (text: string, password: string, id?: string) =>
  sealVault(Buffer.from(text), { password, salt, id })
const password = (id: string, text: string): VaultPassword => ({ id, read: () => text })

function keysOf(passwords: readonly VaultPassword[]) {
  const registry = createSecretRegistry()
  return { registry, keys: new VaultKeys({ passwords, mayStayClosed: false, registry }) }
}

describe('vault passwords', () => {
  it('the one with the id is tried first, then all others', () => {
    const fetched: string[] = []
    const spy = (id: string, text: string): VaultPassword => ({
      id,
      read: () => {
        fetched.push(id)
        return text
      },
    })
    const { keys } = keysOf([spy('dev', 'd'), spy('prod', 'p')])
    expect(String(keys.open(seal('one', 'p', 'prod'), 'f'))).toBe('one')
    expect(fetched).toEqual(['prod'])
    expect(String(keys.open(seal('two', 'd', 'prod'), 'f'))).toBe('two')
    expect(fetched).toEqual(['prod', 'dev'])
  })

  it('an opened value is hidden, and so is the password', () => {
    const { keys, registry } = keysOf([password('default', 'a-long-password')])
    const value = keys.secret(seal('hunter2-longer', 'a-long-password'), 'vars.yml:3')
    expect(registry.mask('hunter2-longer')).toBe('hunter2-longer')
    expect(value.reveal()).toBe('hunter2-longer')
    expect(registry.mask('hunter2-longer a-long-password')).toBe('[secret] [secret]')
  })

  it.each([
    ['none was given', [], 'VAULT_NO_PASSWORD'],
    ['none fits', [password('dev', 'wrong')], 'VAULT_WRONG_PASSWORD'],
    ['it may not be fetched', [{ id: 'x', read: () => null, closed: 'x is a program' }], 'VAULT_NO_PASSWORD'],
  ])('an error says that %s', (_, passwords, code) => {
    const { keys } = keysOf(passwords)
    expect(keys.stayedClosed).toBe(false)
    expect(() => keys.open(seal('x', 'right', 'prod'), 'vars.yml')).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('vars.yml') }),
    )
    expect(keys.stayedClosed).toBe(true)
  })

  it('before a run all values are opened, those of other passwords stay for their use', () => {
    const { keys, registry } = keysOf([password('dev', 'd')])
    keys.secret(seal('open-at-once', 'd'), 'a')
    const other = keys.secret(seal('of-production', 'p', 'prod'), 'b')
    keys.openAll()
    expect(registry.mask('open-at-once')).toBe('[secret]')
    expect(() => other.reveal()).toThrow(expect.objectContaining({ code: 'VAULT_WRONG_PASSWORD' }))
  })

  it('a password that opens nothing is an error before the run', () => {
    const { keys } = keysOf([password('dev', 'typo')])
    keys.secret(seal('x', 'd'), 'a')
    expect(() => keys.openAll()).toThrow(expect.objectContaining({ code: 'VAULT_WRONG_PASSWORD' }))
  })
})
