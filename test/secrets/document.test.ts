import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VpaiError } from '../../src/base/error.ts'
import { Secret } from '../../src/base/secret.ts'
import { parseSecrets } from '../../src/secrets/document.ts'

const TEXT = `# ours
postgresql_password: "hunter2hunter2" # never change
api:
  # the second key
  key: 'abc'
  port: 5432
  on: yes
list: [one, two]
`

function reveal(value: unknown): unknown {
  return value instanceof Secret ? value.reveal() : value
}

describe('parseSecrets', () => {
  it('reads texts as secrets named after their path, and leaves numbers and booleans plain', () => {
    const values = parseSecrets(TEXT, 'secrets.age').values()
    const api = values.api as Record<string, unknown>
    expect(values.postgresql_password).toBeInstanceOf(Secret)
    expect((api.key as Secret).name).toBe('api.key')
    expect([reveal(api.key), api.port, api.on]).toEqual(['abc', 5432, true])
    expect((values.list as Secret[]).map(item => item.name)).toEqual(['list.0', 'list.1'])
  })

  it('tells the paths, and which of them are unquoted numbers', () => {
    const document = parseSecrets(TEXT, 'f')
    expect(document.paths()).toEqual([
      'postgresql_password',
      'api.key',
      'api.port',
      'api.on',
      'list.0',
      'list.1',
    ])
    expect(document.unprotected()).toEqual(['api.port'])
  })

  it.each([
    ['unclosed quotes', 'a: "hunter2\nb: 1\n'],
    ['a list', '- hunter2\n'],
    ['one word', 'hunter2\n'],
    ['a tab', 'a:\n\t- hunter2: x\n'],
    ['a key twice', 'hunter2: 1\nhunter2: 2\n'],
  ])('refuses %s without quoting it (SECRETS_YAML)', (_, text) => {
    let error: unknown
    try {
      parseSecrets(text, 'secrets.age')
    } catch (reason) {
      error = reason
    }
    expect(error).toBeInstanceOf(VpaiError)
    const { code, message, position } = error as VpaiError
    expect({ code, file: position?.file }).toEqual({ code: 'SECRETS_YAML', file: 'secrets.age' })
    expect(message).not.toContain('hunter2')
  })

  it.each([
    ['nothing', ''],
    ['a comment', '# nothing yet\n'],
    ['an empty document', '---\n'],
  ])('takes %s as empty', (_, text) => {
    const document = parseSecrets(text, 'f')
    expect(document.values()).toEqual({})
    document.set('a.b', new Secret('new'))
    expect(reveal(parseSecrets(document.text(), 'f').get('a.b'))).toBe('new')
  })
})

describe('document.set', () => {
  it('changes one value and keeps comments and order', () => {
    const document = parseSecrets(TEXT, 'f')
    document.set('api.key', new Secret('xyz'))
    document.set('api.next.deep', new Secret('yes'))
    expect(document.text()).toBe(`# ours
postgresql_password: "hunter2hunter2" # never change
api:
  # the second key
  key: "xyz"
  port: 5432
  on: yes
  next:
    deep: "yes"
list: [ one, two ]
`)
  })

  it('gives back the very text when nothing changed', () => {
    expect(parseSecrets('a:   1\n\n\nb: [x,   y]', 'f').text()).toBe('a:   1\n\n\nb: [x,   y]')
  })

  it.each([
    ['through a value', 'postgresql_password.x'],
    ['over a mapping', 'api'],
    ['with an empty part', 'a..b'],
  ])('refuses a path %s (SECRETS_PATH)', (_, path) => {
    expect(() => parseSecrets(TEXT, 'f').set(path, new Secret('x'))).toThrow(
      expect.objectContaining({ code: 'SECRETS_PATH' }),
    )
  })

  it('gives back any text it was given', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.constantFrom('a\nb\n', ' x\ny', 'yes', '017', '~', 'a: b', '# c', 'k\n\n'),
        ),
        value => {
          const document = parseSecrets(TEXT, 'f')
          document.set('api.new', new Secret(value))
          expect(reveal(parseSecrets(document.text(), 'f').get('api.new'))).toBe(value)
        },
      ),
    )
  })

  it('deletes by path', () => {
    const document = parseSecrets(TEXT, 'f')
    expect([document.delete('api.key'), document.delete('api.none')]).toEqual([true, false])
    expect(document.paths()).not.toContain('api.key')
  })
})
