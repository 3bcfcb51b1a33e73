/** Keys, requests and certificates against the real openssl and ssh-keygen, in a directory of its own. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Module } from '../../src/modules/contract.ts'
import { opensshKeypair } from '../../src/modules/openssh_keypair.ts'
import { opensslCsr } from '../../src/modules/openssl_csr.ts'
import { opensslDhparam } from '../../src/modules/openssl_dhparam.ts'
import { opensslPkcs12 } from '../../src/modules/openssl_pkcs12.ts'
import { opensslPrivatekey } from '../../src/modules/openssl_privatekey.ts'
import { opensslPrivatekeyInfo } from '../../src/modules/openssl_privatekey_info.ts'
import { opensslPublickey } from '../../src/modules/openssl_publickey.ts'
import { x509Certificate } from '../../src/modules/x509_certificate.ts'
import { x509CertificateInfo } from '../../src/modules/x509_certificate_info.ts'
import { converge, decideOn } from './harness.ts'
import { temporaryDirectory } from './shells.ts'
import { brief } from './tables.ts'

let dir = ''
const at = (name: string): string => join(dir, name)
const sh = (script: string) => execFileSync('/bin/sh', ['-ec', script], { cwd: dir, encoding: 'utf8' }).trim()
const now = () => new Date()
const run = <Args>(module: Module<Args>, args: object) => converge(module, args, { context: { now } })
const text = (name: string) => readFileSync(at(name), 'utf8')

beforeAll(() => {
  dir = temporaryDirectory()
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** What check mode tells is what happens; then nothing is left, and doing it again is no change. */
function holds(done: ReturnType<typeof converge>): void {
  expect(done.failed, String(done.result.msg)).toBe(false)
  expect(done).toMatchObject({ verdict: { kind: 'change' }, changed: true, after: { kind: 'ok' } })
}

describe('openssl_privatekey', () => {
  test.each<[string, object, RegExp]>([
    ['RSA', { size: 2048 }, /BEGIN (RSA )?PRIVATE KEY/],
    ['ECC', { type: 'ECC', curve: 'secp256r1' }, /BEGIN EC PRIVATE KEY/],
    ['ECC as PKCS#8', { type: 'ECC', curve: 'secp384r1', format: 'pkcs8' }, /BEGIN PRIVATE KEY/],
    ['Ed25519', { type: 'Ed25519' }, /BEGIN PRIVATE KEY/],
    ['X448', { type: 'X448' }, /BEGIN PRIVATE KEY/],
    ['with a passphrase', { type: 'Ed25519', passphrase: `it's "$x"` }, /ENCRYPTED/],
    [
      'with a passphrase in the old form',
      { type: 'ECC', curve: 'secp256r1', passphrase: 'pass' },
      /ENCRYPTED/,
    ],
  ])('makes a key: %s', (_title, args, says) => {
    rmSync(at('key'), { force: true })
    const done = run(opensslPrivatekey, { path: at('key'), ...args })
    holds(done)
    expect(text('key')).toMatch(says)
    expect(statSync(at('key')).mode & 0o777).toBe(0o600)
    expect(done.result).toMatchObject({
      filename: at('key'),
      fingerprint: { sha256: expect.any(String), shake_256: expect.any(String) },
    })
    expect(run(opensslPrivatekey, { path: at('key'), ...args }).result).toMatchObject(done.result)
  })

  const key = { type: 'ECC', curve: 'secp256r1' }
  test.each<[string, object, object, string]>([
    ['another curve', {}, { curve: 'secp384r1' }, 'private key @ ECC secp256r1>made anew'],
    ['another type', {}, { type: 'Ed25519' }, 'private key @ ECC secp256r1>made anew'],
    ['a passphrase', {}, { passphrase: 'a' }, 'private key @ with another passphrase>made anew'],
    ['another passphrase', { passphrase: 'a' }, { passphrase: 'b' }, 'private key @ unreadable>made anew'],
    ['no passphrase', { passphrase: 'a' }, {}, 'private key @ unreadable>made anew'],
    ['another form', {}, { format: 'pkcs8' }, 'private key @ pkcs1>made anew'],
    ['force', {}, { force: true }, 'private key @ present>made anew'],
    [
      'another curve that may not',
      {},
      { curve: 'secp384r1', regenerate: 'fail' },
      'fail: Key has wrong type and/or size. Will not proceed.',
    ],
    [
      'another passphrase that may not',
      { passphrase: 'a' },
      { regenerate: 'partial_idempotence' },
      'fail: Unable to read the key. The key is protected with another passphrase, or none. Will not proceed.',
    ],
    ['what never matters', {}, { curve: 'secp384r1', regenerate: 'never' }, 'ok'],
    ['another mode', {}, { mode: '0640' }, 'mode @ 0600>0640'],
  ])('looks at what is there: %s', (_title, before, after, says) => {
    rmSync(at('key'), { force: true })
    run(opensslPrivatekey, { path: at('key'), ...key, ...before })
    const verdict = decideOn(opensslPrivatekey, { path: at('key'), ...key, ...after })
    expect(
      brief(verdict)
        .replaceAll(at('key'), '@')
        .replace(/ To force.*/, ''),
    ).toBe(says)
  })

  test('converts the form and keeps the key', () => {
    const args = { path: at('convert'), ...key, passphrase: 'p' }
    const first = run(opensslPrivatekey, args)
    const done = run(opensslPrivatekey, {
      ...args,
      format: 'pkcs8',
      format_mismatch: 'convert',
      backup: true,
    })
    holds(done)
    expect(done.result.fingerprint).toEqual(first.result.fingerprint)
    expect(text('convert')).toContain('BEGIN ENCRYPTED PRIVATE KEY')
    expect(existsSync(String(done.result.backup_file))).toBe(true)
  })

  test('returns the content when asked, and removes the key', () => {
    const args = { path: at('gone'), type: 'Ed25519', return_content: true }
    expect(run(opensslPrivatekey, args).result.privatekey).toBe(text('gone'))
    expect(run(opensslPrivatekey, args).result.privatekey).toBe(text('gone'))
    holds(run(opensslPrivatekey, { path: at('gone'), state: 'absent' }))
    expect(existsSync(at('gone'))).toBe(false)
  })

  test('leaves the old key when the new one cannot be made', () => {
    run(opensslPrivatekey, { path: at('kept'), type: 'Ed25519' })
    const before = text('kept')
    const done = run(opensslPrivatekey, { path: at('kept'), size: 3 })
    expect(done.failed).toBe(true)
    expect(String(done.result.msg)).toMatch(/making the private key .* failed/)
    expect(text('kept')).toBe(before)
    expect(sh('ls -A | grep -c vpai || true')).toBe('0')
  })

  test('info tells what it is', () => {
    run(opensslPrivatekey, { path: at('told'), ...key, passphrase: 'p' })
    const done = run(opensslPrivatekeyInfo, { path: at('told'), passphrase: 'p', check_consistency: true })
    expect(done.result).toMatchObject({
      type: 'ECC',
      public_data: { curve: 'secp256r1' },
      key_is_consistent: true,
    })
    expect(run(opensslPrivatekeyInfo, { content: text('told'), passphrase: 'p' }).result).toMatchObject({
      type: 'ECC',
    })
    expect(brief(run(opensslPrivatekeyInfo, { path: at('told') }).verdict)).toMatch(/another passphrase/)
    expect(brief(run(opensslPrivatekeyInfo, { path: at('nothing') }).verdict)).toMatch(/does not exist/)
  })
})

test.each([
  ['RSA', { size: 2048 }],
  ['ECC', { type: 'ECC', curve: 'secp521r1' }],
  ['Ed25519', { type: 'Ed25519' }],
])('openssl_publickey writes both forms as openssl and ssh-keygen do: %s', (name, args) => {
  run(opensslPrivatekey, {
    path: at(name),
    format: 'pkcs1',
    format_mismatch: 'convert',
    ...(name === 'Ed25519' ? { format: 'auto_ignore' } : {}),
    ...args,
  })
  const wish = { path: at(`${name}.pub`), privatekey_path: at(name) }
  holds(run(opensslPublickey, wish))
  expect(text(`${name}.pub`).trim()).toBe(sh(`openssl pkey -in ${name} -pubout`))
  holds(run(opensslPublickey, { ...wish, format: 'OpenSSH' }))
  if (name === 'Ed25519') return
  expect(text(`${name}.pub`).trim()).toBe(sh(`ssh-keygen -y -f ${name}`))
})

describe('certificates', () => {
  const csr = { path: '', privatekey_path: '' }
  beforeAll(() => {
    for (const name of ['ca.key', 'leaf.key'])
      run(opensslPrivatekey, { path: at(name), type: 'ECC', curve: 'secp256r1' })
    run(opensslPrivatekey, { path: at('locked.key'), type: 'ECC', curve: 'secp256r1', passphrase: 'p w' })
    Object.assign(csr, { path: at('leaf.csr'), privatekey_path: at('leaf.key') })
  })

  const ALL = {
    subject: { C: 'DE', O: ['one, two', 'a=b'], CN: `exämple "$HOME" # \\ 'x';` },
    email_address: 'a@b.example',
    subject_alt_name: [
      'DNS:b.example',
      'IP:2001:db8::1',
      'IP:10.0.0.1',
      'email:a@b.example',
      'URI:https://b.example/x,y',
      'RID:1.2.3',
    ],
    key_usage: ['digitalSignature', 'keyAgreement', 'decipherOnly'],
    key_usage_critical: true,
    extended_key_usage: ['serverAuth', 'TLS Web Client Authentication', '1.3.6.1.5.5.7.3.17'],
    basic_constraints: ['CA:TRUE', 'pathlen:0'],
    basic_constraints_critical: true,
    ocsp_must_staple: true,
    name_constraints_permitted: ['DNS:example', 'IP:10.0.0.0/8'],
    name_constraints_excluded: ['email:.bad.example'],
    create_subject_key_identifier: true,
    authority_key_identifier: '00:11:22',
    authority_cert_issuer: ['DNS:ca.example'],
    authority_cert_serial_number: 4711,
    crl_distribution_points: [
      { full_name: ['URI:http://b.example/crl'], reasons: ['key_compromise', 'aa_compromise'] },
    ],
  }

  test('a request with everything is as openssl reads it', () => {
    const done = run(opensslCsr, { ...csr, ...ALL })
    holds(done)
    const told = sh('openssl req -in leaf.csr -noout -verify -text -nameopt utf8,sep_comma_plus_space 2>&1')
    for (const words of [
      'exämple "$HOME" # ',
      'DNS:b.example, IP Address:2001:DB8:0:0:0:0:0:1, IP Address:10.0.0.1, email:a@b.example, URI:https://b.example/x,y, Registered ID:1.2.3',
      'Digital Signature, Key Agreement, Decipher Only',
      'TLS Web Server Authentication, TLS Web Client Authentication, ipsec Internet Key Exchange',
      'CA:TRUE, pathlen:0',
      'status_request',
      'IP:10.0.0.0/255.0.0.0',
      'email:.bad.example',
      'URI:http://b.example/crl',
      'Key Compromise, AA Compromise',
    ])
      expect(told).toContain(words)
    expect(done.result).toMatchObject({ subjectAltName: ALL.subject_alt_name, privatekey: at('leaf.key') })
  })

  test.each<[string, object, string]>([
    ['the same', {}, 'ok'],
    ['names in another order', { subject_alt_name: ['DNS:b', 'DNS:a'] }, 'ok'],
    ['another name', { subject_alt_name: ['DNS:a'] }, 'request @ with other extensions>made anew'],
    ['a critical name', { subject_alt_name_critical: true }, 'request @ with other extensions>made anew'],
    ['another subject', { organization_name: 'x' }, 'request @ with another subject>made anew'],
    ['another key', { privatekey_path: '' }, 'request @ of another key>made anew'],
    ['another digest', { digest: 'sha512' }, 'ok'],
    ['a usage that is none', { key_usage: ['nothing'] }, 'fail: "nothing" is no key usage'],
    [
      'a field that is none',
      { subject: { Nope: 'x' } },
      'fail: "Nope" is no field of a subject that is known here; give its dotted number',
    ],
  ])('looks at the request that is there: %s', (_title, more, says) => {
    const base = { ...csr, path: at('look.csr'), common_name: 'a', subject_alt_name: ['DNS:a', 'DNS:b'] }
    run(opensslCsr, base)
    const args = { ...base, ...more, ...('privatekey_path' in more ? { privatekey_path: at('ca.key') } : {}) }
    expect(brief(decideOn(opensslCsr, args)).replaceAll(at('look.csr'), '@')).toBe(says)
  })

  test('a certificate signed by its own key is as asked, and told', () => {
    run(opensslCsr, { ...csr, ...ALL })
    const args = {
      path: at('self.pem'),
      provider: 'selfsigned',
      csr_path: at('leaf.csr'),
      privatekey_path: at('leaf.key'),
      selfsigned_not_before: '20200101000000Z',
      selfsigned_not_after: '20991231235959Z',
      ignore_timestamps: false,
    }
    holds(run(x509Certificate, args))
    const told = run(x509CertificateInfo, {
      path: at('self.pem'),
      valid_at: { now: '+0s', then: '21000101000000Z' },
    })
    expect(told.result).toMatchObject({
      not_before: '20200101000000Z',
      not_after: '20991231235959Z',
      expired: false,
      valid_at: { now: true, then: false },
      subject_alt_name: ALL.subject_alt_name,
      key_usage: ['Decipher Only', 'Digital Signature', 'Key Agreement'],
      key_usage_critical: true,
      basic_constraints: ['CA:TRUE', 'pathlen:0'],
      ocsp_must_staple: true,
      authority_key_identifier: '00:11:22',
      authority_cert_serial_number: 4711n,
      public_key_type: 'ECC',
      signature_algorithm: 'ecdsa-with-SHA256',
      version: 3,
      subject: { countryName: 'DE', organizationName: 'a=b', commonName: ALL.subject.CN },
    })
    expect(sh('openssl x509 -in self.pem -noout -fingerprint -sha256').split('=')[1]).toBe(
      String((told.result.fingerprints as { sha256: string }).sha256).toUpperCase(),
    )
    expect(brief(decideOn(x509Certificate, { ...args, selfsigned_not_after: '20991231235958Z' }))).toMatch(
      /other times/,
    )
  })

  test.each([
    ['without a request', {}],
    ['without a subject key identifier', { selfsigned_create_subject_key_identifier: 'never_create' }],
    ['with another digest', { selfsigned_digest: 'sha512' }],
  ])('a certificate signed by its own key: %s', (_title, more) => {
    rmSync(at('plain.pem'), { force: true })
    const args = {
      path: at('plain.pem'),
      provider: 'selfsigned',
      privatekey_path: at('locked.key'),
      privatekey_passphrase: 'p w',
    }
    const done = run(x509Certificate, { ...args, ...more, return_content: true })
    holds(done)
    expect(done.result.certificate).toBe(text('plain.pem'))
    expect(run(x509Certificate, { ...args, ...more, return_content: true }).result.certificate).toBe(
      text('plain.pem'),
    )
  })

  describe('of an authority', () => {
    const args = () => ({
      path: at('leaf.pem'),
      provider: 'ownca',
      csr_path: at('leaf.csr'),
      ownca_path: at('ca.pem'),
      ownca_privatekey_path: at('ca.key'),
    })
    beforeAll(() => {
      run(opensslCsr, {
        path: at('ca.csr'),
        privatekey_path: at('ca.key'),
        common_name: 'CA',
        use_common_name_for_san: false,
        basic_constraints: ['CA:TRUE'],
        basic_constraints_critical: true,
        key_usage: ['keyCertSign'],
      })
      run(x509Certificate, {
        path: at('ca.pem'),
        provider: 'selfsigned',
        csr_path: at('ca.csr'),
        privatekey_path: at('ca.key'),
      })
      run(opensslCsr, { ...csr, common_name: 'leaf.example' })
    })

    test('is what openssl takes, and settles', () => {
      holds(run(x509Certificate, args()))
      expect(sh('openssl verify -CAfile ca.pem leaf.pem')).toBe('leaf.pem: OK')
      const { result } = run(x509CertificateInfo, { path: at('leaf.pem') })
      const { result: authority } = run(x509CertificateInfo, { content: text('ca.pem') })
      expect(result.authority_key_identifier).toBe(authority.subject_key_identifier)
      expect(result).toMatchObject({ issuer: { commonName: 'CA' }, subject_alt_name: ['DNS:leaf.example'] })
    })

    test('is made anew for another request and another authority, and only then', () => {
      run(x509Certificate, args())
      run(opensslCsr, { ...csr, common_name: 'leaf2.example' })
      expect(brief(decideOn(x509Certificate, args()))).toMatch(/with another subject/)
      run(opensslCsr, { ...csr, common_name: 'leaf.example' })
      expect(decideOn(x509Certificate, args()).kind).toBe('ok')
      expect(
        brief(
          decideOn(x509Certificate, { ...args(), provider: 'selfsigned', privatekey_path: at('leaf.key') }),
        ),
      ).toMatch(/of another authority/)
      expect(brief(decideOn(x509Certificate, { ...args(), ownca_privatekey_path: at('leaf.key') }))).toMatch(
        /does not belong to the CA certificate/,
      )
      expect(brief(decideOn(x509Certificate, { ...args(), csr_path: at('nothing') }))).toMatch(
        /does not exist/,
      )
    })

    test('goes into a PKCS#12 file and out of it again', () => {
      run(x509Certificate, args())
      const wish = {
        path: at('leaf.p12'),
        friendly_name: 'my leaf',
        privatekey_path: at('leaf.key'),
        certificate_path: at('leaf.pem'),
        other_certificates: [at('ca.pem')],
        passphrase: `p'w "$x"`,
      }
      holds(run(opensslPkcs12, wish))
      expect(statSync(at('leaf.p12')).mode & 0o777).toBe(0o400)
      expect(brief(decideOn(opensslPkcs12, { ...wish, passphrase: 'other' }))).toMatch(/another passphrase/)
      expect(brief(decideOn(opensslPkcs12, { ...wish, friendly_name: 'x' }))).toMatch(/another name/)
      expect(brief(decideOn(opensslPkcs12, { ...wish, other_certificates: [] }))).toMatch(
        /other certificates/,
      )
      expect(brief(decideOn(opensslPkcs12, { ...wish, privatekey_path: at('ca.key') }))).toMatch(
        /another key/,
      )
      holds(
        run(opensslPkcs12, {
          ...wish,
          path: at('old.p12'),
          encryption_level: 'compatibility2022',
          iter_size: 2048,
        }),
      )
      const parse = { action: 'parse', src: at('leaf.p12'), path: at('out.pem'), passphrase: wish.passphrase }
      holds(run(opensslPkcs12, parse))
      expect(text('out.pem')).toContain(text('leaf.pem').trim())
      writeFileSync(at('out.pem'), 'x')
      holds(run(opensslPkcs12, parse))
    })
  })

  test.each([
    ['acme', { provider: 'acme' }, 'only selfsigned and ownca'],
    ['two requests', { csr_path: '/a', csr_content: 'b' }, 'one of csr_path and csr_content'],
    ['no time', { selfsigned_not_after: 'tomorrow' }, 'must be a time'],
    ['no key', { privatekey_path: null }, 'selfsigned needs'],
  ])('refuses %s', (_title, more, says) => {
    const parsed = x509Certificate
      .args()
      .safeParse({ path: '/p', provider: 'selfsigned', privatekey_path: '/k', ...more })
    expect(JSON.stringify(parsed.error?.issues)).toContain(says)
  })
})

test('openssl_dhparam makes parameters of a size', () => {
  const args = { path: at('dh.pem'), size: 512, mode: '0640', return_content: true }
  const done = run(opensslDhparam, args)
  holds(done)
  expect(done.result).toMatchObject({ size: 512, dhparams: text('dh.pem') })
  expect(run(opensslDhparam, args).result.dhparams).toBe(text('dh.pem'))
  expect(brief(decideOn(opensslDhparam, { ...args, size: 1024 }))).toMatch(/512 bits>made anew/)
  holds(run(opensslDhparam, { path: at('dh.pem'), state: 'absent' }))
})

describe('openssh_keypair', () => {
  test.each<[string, object]>([
    ['ed25519', { type: 'ed25519', comment: `me's "key"` }],
    ['rsa', { size: 2048 }],
    ['ecdsa', { type: 'ecdsa', size: 384 }],
    ['the old form', { type: 'ecdsa', private_key_format: 'pkcs1' }],
    ['a passphrase', { type: 'ed25519', passphrase: `it's "$x"` }],
  ])('makes a pair: %s', (name, args) => {
    const wish = { path: at(`ssh ${name}`), ...args }
    const done = run(opensshKeypair, wish)
    holds(done)
    const told = sh(`ssh-keygen -lf 'ssh ${name}.pub'`)
    expect(told).toContain(`${done.result.size} ${done.result.fingerprint} `)
    expect(run(opensshKeypair, wish).result).toMatchObject(done.result)
    expect(statSync(wish.path).mode & 0o777).toBe(0o600)
    const [type, blob] = text(`ssh ${name}.pub`).split(' ')
    rmSync(`${wish.path}.pub`)
    holds(run(opensshKeypair, wish))
    expect(text(`ssh ${name}.pub`).trim().split(' ').slice(0, 2)).toEqual([type, blob])
    const renamed = run(opensshKeypair, { ...wish, comment: 'another one' })
    holds(renamed)
    expect(text(`ssh ${name}.pub`).trim()).toBe(`${type} ${blob} another one`)
    expect(brief(decideOn(opensshKeypair, { ...wish, comment: 'another one', state: 'absent' }))).toMatch(
      /ssh key .*present>/,
    )
  })

  test.each<[string, object, RegExp]>([
    ['another type', { type: 'rsa' }, /ssh key @ ed25519 256>rsa/],
    ['another type that may not', { type: 'rsa', regenerate: 'fail' }, /fail: Key has wrong type/],
    ['a passphrase', { passphrase: 'x' }, /fail: Unable to read the key/],
    [
      'a passphrase at any price',
      { passphrase: 'x', regenerate: 'full_idempotence' },
      /ssh key @ unreadable or without a passphrase>/,
    ],
    ['force', { force: true }, /ssh key @ present>/],
    ['another mode', { mode: '0400' }, /^mode @ 0600>0400$/],
  ])('looks at what is there: %s', (_title, more, says) => {
    const args = { path: at('id'), type: 'ed25519' }
    run(opensshKeypair, args)
    expect(brief(decideOn(opensshKeypair, { ...args, ...more })).replaceAll(at('id'), '@')).toMatch(says)
  })

  test('says when the directory is missing', () => {
    expect(brief(decideOn(opensshKeypair, { path: at('none/id') }))).toMatch(/none does not exist/)
  })
})
