import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/base/secret.ts'
import { Template } from '../../src/base/value.ts'
import { sealVault } from '../../src/base/vault-format.ts'
import { createSecretRegistry } from '../../src/secrets/registry.ts'
import { VaultKeys } from '../../src/secrets/vault-keys.ts'
import { readYaml } from '../../src/yaml/read-yaml.ts'

const seal = (text: string, password = 'p') =>
  sealVault(Buffer.from(text), { password, salt: Buffer.alloc(32, 1) })

function read(text: string, mayStayClosed = false) {
  const registry = createSecretRegistry()
  const passwords = [{ id: 'default', read: () => 'p' }]
  const vault = new VaultKeys({ passwords, mayStayClosed, registry })
  return { registry, document: readYaml(text, { file: 'v.yml', templates: true, vault }) }
}

describe('YAML that ansible-vault encrypted', () => {
  it('a !vault value is a secret named after its place', () => {
    const block = seal('hunter2-longer').replaceAll('\n', '\n    ')
    const { document } = read(`a: 1\nb:\n  - !vault |\n    ${block}`)
    const { b } = document.value as { b: readonly Secret[] }
    expect(document.problems).toEqual([])
    expect(b[0]).toBeInstanceOf(Secret)
    expect([b[0]?.name, b[0]?.reveal()]).toEqual(['v.yml:3', 'hunter2-longer'])
  })

  it('of an encrypted file every text is a secret, templates stay templates, numbers numbers', () => {
    const { document, registry } = read(seal('user: bob-the-admin\nurl: "{{ x }}/y"\nport: 80\n'))
    const { user, url, port } = document.value as { user: Secret; url: Template; port: number }
    expect([user.reveal(), port]).toEqual(['bob-the-admin', 80])
    expect(url).toBeInstanceOf(Template)
    expect(registry.mask('as bob-the-admin')).toBe('as [secret]')
  })

  it.each([
    ['text that is none', 'a: !vault hello\n', 'VAULT_FORMAT', 1],
    ['a file of another password', seal('a: 1', 'other'), 'VAULT_WRONG_PASSWORD', 1],
  ])('%s is a problem with its place', (_, text, code, line) => {
    const { document } = read(text)
    expect(document.problems).toEqual([
      expect.objectContaining({ code, position: expect.objectContaining({ line }) }),
    ])
    expect(document.problems[0]?.severity).not.toBe('warning')
  })

  it('a file that may stay closed is a warning and empty', () => {
    const { document } = read(seal('a: 1', 'other'), true)
    expect([document.value, document.problems[0]?.severity]).toEqual([null, 'warning'])
  })
})
