import { describe, expect, it } from 'vitest'
import { sealVault } from '../../src/base/vault-format.ts'
import { groupName, importVault } from '../../src/secrets/import-vault.ts'
import { createSecretRegistry } from '../../src/secrets/registry.ts'
import { VaultKeys } from '../../src/secrets/vault-keys.ts'

const vault = new VaultKeys({
  passwords: [{ id: 'default', read: () => 'p' }],
  mayStayClosed: false,
  registry: createSecretRegistry(),
})
const seal = (text: string) => sealVault(Buffer.from(text), { password: 'p', salt: Buffer.alloc(32, 2) })
/** As a block of a YAML value. */
const tagged = (text: string, indent: string) =>
  `!vault |\n${indent}${seal(text).trimEnd().replaceAll('\n', `\n${indent}`)}`

function taken(text: string, file = 'inventory/group_vars/web.yml') {
  const result = importVault(text, file, vault)
  return { text: result?.text, secrets: result?.secrets.map(([name, secret]) => [name, secret.reveal()]) }
}

describe('taking over from ansible-vault', () => {
  it.each([
    ['inventory/group_vars/prod/vault.yml', 'vaulted_group_vars_prod_vault'],
    ['roles/web-server/vars/main.yml', 'vaulted_roles_web_server_vars'],
    ['host_vars/a.example.org', 'vaulted_host_vars_a_example_org'],
  ])('%s has the mapping %s', (file, group) => {
    expect(groupName(file)).toBe(group)
  })

  it('only the values change, everything around them stays as it is written', () => {
    const source = `# who\nname: 'x'   # kept\npw: ${tagged('one', '  ')}\n\n# more\nlist:\n- {a: 1}\n- pw: ${tagged('two', '    ')}\nend: yes\n`
    expect(taken(source)).toEqual({
      text: `# who\nname: 'x'   # kept\npw: "{{ vaulted_group_vars_web.pw }}"\n\n# more\nlist:\n- {a: 1}\n- pw: "{{ vaulted_group_vars_web.list_1_pw }}"\nend: yes\n`,
      secrets: [
        ['pw', 'one'],
        ['list_1_pw', 'two'],
      ],
    })
  })

  it('of an encrypted file every value is taken, and keeps its type', () => {
    expect(
      taken(
        seal('# a comment\na: text\nb: 80\nc: 1.5\nd: true\ne: null\nf: ["{{ other.name | upper }}", x]\n'),
      ),
    ).toEqual({
      text: [
        'a: "{{ vaulted_group_vars_web.a }}"',
        'b: "{{ vaulted_group_vars_web.b | int }}"',
        'c: "{{ vaulted_group_vars_web.c | float }}"',
        'd: "{{ vaulted_group_vars_web.d | bool }}"',
        'e: null',
        'f:',
        '  - "{{ other.name | upper }}"',
        '  - "{{ vaulted_group_vars_web.f_1 }}"',
        '',
      ].join('\n'),
      secrets: [
        ['a', 'text'],
        ['b', '80'],
        ['c', '1.5'],
        ['d', 'true'],
        ['f_1', 'x'],
      ],
    })
  })

  it.each([
    ['a template with words', 'a: "postgres://u:pw@{{ host }}"\n'],
    ['a template with a quoted word', 'a: "{{ x | default(\'pw\') }}"\n'],
    ['a list', '- a\n'],
  ])('%s is refused', (_, clear) => {
    expect(() => taken(seal(clear))).toThrow(expect.objectContaining({ code: 'VAULT_IMPORT' }))
  })

  it('a file without such values is left alone', () => {
    expect(importVault('a: "!vault"\n', 'f.yml', vault)).toBeNull()
  })

  it('two paths that would get one name get two', () => {
    expect(taken(seal('a_b: one\na: {b: two}\n')).secrets).toEqual([
      ['a_b', 'one'],
      ['a_b_2', 'two'],
    ])
  })
})
