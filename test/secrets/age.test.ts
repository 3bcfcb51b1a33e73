import { beforeAll, describe, expect, it } from 'vitest'
import { VpaiError } from '../../src/base/error.ts'
import { Secret } from '../../src/base/secret.ts'
import { decryptAge, encryptAge, generateIdentity, isAgeFile, recipientOf } from '../../src/secrets/age.ts'
import { parseIdentities } from '../../src/secrets/key-text.ts'

let mine: Secret
let hers: Secret
let myKey: string
let herKey: string

beforeAll(async () => {
  mine = await generateIdentity()
  hers = await generateIdentity()
  myKey = await recipientOf(mine)
  herKey = await recipientOf(hers)
})

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

async function failure(promise: Promise<unknown>): Promise<VpaiError> {
  const reason = await promise.catch((error: unknown) => error)
  expect(reason).toBeInstanceOf(VpaiError)
  return reason as VpaiError
}

describe('encryptAge and decryptAge', () => {
  it.each([
    ['armored', false],
    ['binary', true],
  ])('gives the text back to each of several recipients, %s', async (_, binary) => {
    const sealed = await encryptAge('a: hunter2', { recipients: [myKey, herKey] }, { binary })
    expect(isAgeFile(sealed)).toBe(true)
    expect(text(sealed).startsWith('-----BEGIN AGE')).toBe(!binary)
    for (const identity of [mine, hers]) {
      expect(text(await decryptAge(sealed, { identities: [identity] }, { file: 'f' }))).toBe('a: hunter2')
    }
  })

  it('takes a passphrase', async () => {
    const passphrase = new Secret('correct horse battery')
    const sealed = await encryptAge('x', { passphrase, workFactor: 10 })
    expect(text(await decryptAge(sealed, { passphrases: [passphrase] }, { file: 'f' }))).toBe('x')
    const error = await failure(decryptAge(sealed, { passphrases: [new Secret('other')] }, { file: 'f' }))
    expect(error.code).toBe('SECRETS_WRONG_KEY')
  })

  it('with a wrong key names the file and the recipients, never the content (SECRETS_WRONG_KEY)', async () => {
    const sealed = await encryptAge('hunter2', { recipients: [myKey] })
    const error = await failure(
      decryptAge(sealed, { identities: [hers] }, { file: 'inventory/secrets.age', recipients: [myKey] }),
    )
    expect(error.code).toBe('SECRETS_WRONG_KEY')
    expect(error.message).toContain('inventory/secrets.age')
    expect(error.message).toContain(myKey)
    expect(`${error.message}${error.hint}`).not.toMatch(/hunter2|AGE-SECRET-KEY/)
  })

  it.each([
    ['ends too early', (bytes: Uint8Array) => bytes.slice(0, -3), 'SECRETS_TAMPERED'],
    [
      'has a changed byte',
      (bytes: Uint8Array) => bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1),
      'SECRETS_TAMPERED',
    ],
    ['is no age file', () => new TextEncoder().encode('hello'), 'SECRETS_MALFORMED'],
    ['is empty', () => new Uint8Array(), 'SECRETS_MALFORMED'],
  ])('refuses a file that %s', async (_, spoil, code) => {
    const sealed = await encryptAge('hunter2', { recipients: [myKey] }, { binary: true })
    expect((await failure(decryptAge(spoil(sealed), { identities: [mine] }, { file: 'f' }))).code).toBe(code)
  })

  it.each([
    [
      'an ed25519 SSH key',
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN x@y',
      'SECRETS_SSH_RECIPIENT',
    ],
    ['an RSA SSH key', 'ssh-rsa AAAAB3NzaC1yc2E x@y', 'SECRETS_SSH_RECIPIENT'],
    ['a private key', 'AGE-SECRET-KEY-1QQQQ', 'SECRETS_BAD_RECIPIENT'],
    [
      'a mistyped key',
      'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8q',
      'SECRETS_BAD_RECIPIENT',
    ],
    ['another word', 'bob', 'SECRETS_BAD_RECIPIENT'],
  ])('refuses %s as a recipient', async (_, recipient, code) => {
    expect((await failure(encryptAge('x', { recipients: [recipient] }))).code).toBe(code)
  })

  it('refuses to encrypt for nobody (SECRETS_NO_RECIPIENT)', async () => {
    expect((await failure(encryptAge('x', { recipients: [] }))).code).toBe('SECRETS_NO_RECIPIENT')
  })
})

describe('parseIdentities', () => {
  it('reads several identities between comments', async () => {
    const file = `# mine\n${mine.reveal()}\n\n# hers\r\n${hers.reveal()}\n`
    const identities = parseIdentities(file, 'key.txt')
    expect(await Promise.all(identities.map(recipientOf))).toEqual([myKey, herKey])
    expect(identities[1]?.name).toBe('line 5 of key.txt')
  })

  it.each([
    ['nothing', '# only a comment\n', 'SECRETS_BAD_IDENTITY'],
    ['a password', 'hunter2hunter2\n', 'SECRETS_BAD_IDENTITY'],
    ['an SSH key', '-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2\n', 'SECRETS_SSH_IDENTITY'],
    ['a plugin identity', 'AGE-PLUGIN-YUBIKEY-1QQHUNTER2\n', 'SECRETS_PLUGIN_IDENTITY'],
  ])('refuses a file with %s and does not quote it', (_, content, code) => {
    let error: unknown
    try {
      parseIdentities(content, 'key.txt')
    } catch (reason) {
      error = reason
    }
    expect(error).toMatchObject({ code })
    expect(String((error as VpaiError).message).toLowerCase()).not.toContain('hunter2')
  })
})
