import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../src/base/secret.ts'
import { createIdentityFile, loadKeys } from '../../src/files/identity-file.ts'
import {
  addSecretsRecipient,
  getSecret,
  initSecrets,
  listSecretsRecipients,
  openSecretsFile,
  rekeySecrets,
  removeSecretsRecipient,
  saveSecretsFile,
  setSecret,
  viewSecrets,
} from '../../src/files/secrets-file.ts'
import { encryptAge, generateIdentity, type Keys, recipientOf } from '../../src/secrets/age.ts'

let folder: string
let file: string
let keys: Keys

const hasCode = (code: string) => expect.objectContaining({ code })
const set = (name: string, value: string) => setSecret(file, keys, { path: name, value: new Secret(value) })

async function another(): Promise<{ keys: Keys; recipient: string }> {
  const identity = await generateIdentity()
  return { keys: { identities: [identity] }, recipient: await recipientOf(identity) }
}

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vpai-secrets-'))
  file = path.join(folder, 'inventory/secrets.age')
  keys = { identities: [await generateIdentity()] }
  await initSecrets(file, keys)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the secrets file', () => {
  it('is made with a signing key nobody is shown', async () => {
    const { document } = await openSecretsFile(file, keys)
    expect((document.get('vpai_signing_key') as Secret).reveal()).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
    expect(await viewSecrets(file, keys)).toBe('')
    await expect(getSecret(file, keys, 'vpai_signing_key')).rejects.toEqual(hasCode('SECRETS_NEVER_SHOWN'))
    await expect(set('vpai_signing_key', 'x')).rejects.toEqual(hasCode('SECRETS_NEVER_SHOWN'))
  })

  it('is never made twice (SECRETS_EXISTS)', async () => {
    await expect(initSecrets(file, keys)).rejects.toEqual(hasCode('SECRETS_EXISTS'))
  })

  it('takes and gives values by dotted path, and shows nothing in clear on disk', async () => {
    await set('api.key', 'hunter2hunter2')
    expect(((await getSecret(file, keys, 'api.key')) as Secret).reveal()).toBe('hunter2hunter2')
    expect(await viewSecrets(file, keys)).toBe('api:\n  key: "hunter2hunter2"\n')
    expect(readFileSync(file, 'utf8')).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/)
    expect(readdirSync(path.dirname(file)).sort()).toEqual(['secrets.age', 'secrets.recipients'])
  })

  it('names near ones for an unknown secret (SECRETS_UNKNOWN)', async () => {
    await set('redis_password', 'hunter2hunter2')
    const error = await getSecret(file, keys, 'redis_pasword').catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'SECRETS_UNKNOWN', hint: 'there is redis_password' })
  })

  it('refuses an empty value (SECRETS_EMPTY)', async () => {
    await expect(set('a', '')).rejects.toEqual(hasCode('SECRETS_EMPTY'))
  })

  it('refuses a file in clear (SECRETS_NOT_ENCRYPTED) and a missing one (SECRETS_NO_FILE)', async () => {
    await expect(openSecretsFile(path.join(folder, 'none.age'), keys)).rejects.toEqual(
      hasCode('SECRETS_NO_FILE'),
    )
    writeFileSync(file, 'a: hunter2\n')
    await expect(openSecretsFile(file, keys)).rejects.toEqual(hasCode('SECRETS_NOT_ENCRYPTED'))
  })

  it('is not overwritten when somebody else wrote meanwhile (SECRETS_CHANGED_MEANWHILE)', async () => {
    const opened = await openSecretsFile(file, keys)
    await set('theirs', 'value-value')
    await expect(saveSecretsFile(opened, keys)).rejects.toEqual(hasCode('SECRETS_CHANGED_MEANWHILE'))
    expect(await viewSecrets(file, keys)).toContain('theirs')
  })
})

describe('recipients', () => {
  it('lets a new one in and an old one out', async () => {
    const her = await another()
    await set('a', 'hunter2hunter2')
    await addSecretsRecipient(file, keys, { recipient: her.recipient, comment: 'her laptop' })
    expect(await viewSecrets(file, her.keys)).toContain('hunter2')
    expect(await listSecretsRecipients(file)).toHaveLength(2)
    await removeSecretsRecipient(file, keys, her.recipient)
    await expect(viewSecrets(file, her.keys)).rejects.toEqual(hasCode('SECRETS_WRONG_KEY'))
    expect(readFileSync(file.replace('.age', '.recipients'), 'utf8')).not.toContain('laptop')
  })

  it('never locks out the one who changes them (SECRETS_LOCKED_OUT), and leaves the files as they were', async () => {
    const her = await another()
    const before = readFileSync(file)
    const own = (await listSecretsRecipients(file))[0] ?? ''
    await expect(rekeySecrets(file, keys, [her.recipient])).rejects.toEqual(hasCode('SECRETS_LOCKED_OUT'))
    await expect(removeSecretsRecipient(file, keys, own)).rejects.toEqual(hasCode('SECRETS_NO_RECIPIENT'))
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(await listSecretsRecipients(file)).toEqual([own])
  })

  it('of a new file are those somebody prepared, and oneself', async () => {
    const her = await another()
    const other = path.join(folder, 'other.age')
    writeFileSync(path.join(folder, 'other.recipients'), `# the team\n${her.recipient}\n`)
    const { recipients } = await initSecrets(other, keys)
    expect(recipients).toEqual([her.recipient, await recipientOf(keys.identities?.[0] as Secret)])
    expect(readFileSync(path.join(folder, 'other.recipients'), 'utf8')).toContain('# the team')
    await expect(openSecretsFile(other, her.keys)).resolves.toBeDefined()
  })

  it('rekeys with the list as it stands', async () => {
    const before = readFileSync(file)
    await rekeySecrets(file, keys)
    expect(readFileSync(file).equals(before)).toBe(false)
    await expect(openSecretsFile(file, keys)).resolves.toBeDefined()
  })
})

describe('the identity file', () => {
  const load = (identity: string, ask?: (name: string) => Promise<Secret>) =>
    loadKeys({ flag: identity, environment: {}, homeDirectory: folder }, ask)

  it('is made 0600 in a 0700 directory and can be used at once', async () => {
    const identity = path.join(folder, 'conf/vpai/identity')
    const { recipient } = await createIdentityFile(identity)
    expect([statSync(identity).mode & 0o777, statSync(path.dirname(identity)).mode & 0o777]).toEqual([
      0o600, 0o700,
    ])
    const loaded = await load(identity)
    expect(await recipientOf(loaded.identities?.[0] as Secret)).toBe(recipient)
    await expect(createIdentityFile(identity)).rejects.toEqual(hasCode('SECRETS_IDENTITY_EXISTS'))
  })

  it('is refused while others may read it (SECRETS_IDENTITY_MODE)', async () => {
    const identity = path.join(folder, 'identity')
    await createIdentityFile(identity)
    chmodSync(identity, 0o644)
    await expect(load(identity)).rejects.toEqual(
      expect.objectContaining({ code: 'SECRETS_IDENTITY_MODE', hint: `chmod 600 ${identity}` }),
    )
  })

  it('is told missing with what to do (SECRETS_NO_IDENTITY)', async () => {
    expect(existsSync(path.join(folder, 'none'))).toBe(false)
    await expect(load(path.join(folder, 'none'))).rejects.toEqual(hasCode('SECRETS_NO_IDENTITY'))
  })

  it('may be protected by a passphrase, which is asked for', async () => {
    const identity = path.join(folder, 'locked')
    const key = await generateIdentity()
    writeFileSync(
      identity,
      await encryptAge(`${key.reveal()}\n`, { passphrase: new Secret('pass'), workFactor: 10 }),
    )
    const loaded = await load(identity, async () => new Secret('pass'))
    expect(loaded.identities?.map(item => item.reveal())).toEqual([key.reveal()])
    await expect(load(identity)).rejects.toEqual(hasCode('SECRETS_PASSPHRASE_NEEDED'))
    await expect(load(identity, async () => new Secret('wrong'))).rejects.toEqual(
      hasCode('SECRETS_WRONG_KEY'),
    )
  })
})
