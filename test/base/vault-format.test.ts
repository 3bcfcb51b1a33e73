import { describe, expect, it } from 'vitest'
import { openVault, parseVault, sealVault } from '../../src/base/vault-format.ts'

const salt = Buffer.alloc(32, 7)

describe('the format of ansible-vault', () => {
  it.each([
    ['nothing', ''],
    ['a line', 'hunter2'],
    ['a whole block of the cipher', 'x'.repeat(16)],
    ['a text with umlauts and lines', 'grün\nblau\n'],
  ])('opens what it sealed: %s', (_, text) => {
    const sealed = sealVault(Buffer.from(text), { password: 'p', salt })
    expect(openVault(parseVault(sealed, 'f'), 'p')?.toString()).toBe(text)
  })

  it('is null for another password', () => {
    const sealed = sealVault(Buffer.from('x'), { password: 'p', salt })
    expect(openVault(parseVault(sealed, 'f'), 'q')).toBeNull()
  })

  it('names the vault id in the header of 1.2 only', () => {
    const plain = sealVault(Buffer.from('x'), { password: 'p', salt })
    const named = sealVault(Buffer.from('x'), { password: 'p', salt, id: 'prod' })
    expect([plain, named].map(text => text.split('\n')[0])).toEqual([
      '$ANSIBLE_VAULT;1.1;AES256',
      '$ANSIBLE_VAULT;1.2;AES256;prod',
    ])
    expect([plain, named].map(text => parseVault(text, 'f').id)).toEqual([undefined, 'prod'])
  })

  const whole = sealVault(Buffer.from('x'), { password: 'p', salt })
  it.each([
    ['another version', whole.replace(';1.1;', ';1.0;'), 'VAULT_FORMAT'],
    ['another cipher', whole.replace('AES256', 'AES'), 'VAULT_CIPHER'],
    ['a line that was cut', `${whole.trimEnd().slice(0, -1)}\n`, 'VAULT_FORMAT'],
    [
      'a missing part',
      `$ANSIBLE_VAULT;1.1;AES256\n${Buffer.from('00\n11').toString('hex')}\n`,
      'VAULT_FORMAT',
    ],
    ['no header', 'hello\n', 'VAULT_FORMAT'],
  ])('refuses %s', (_, text, code) => {
    expect(() => parseVault(text, 'f')).toThrow(expect.objectContaining({ code }))
  })
})
