import { describe, expect, it } from 'vitest'
import type { Module } from '../../src/modules/contract.ts'
import { opensshKeypair } from '../../src/modules/openssh_keypair.ts'
import { opensslCsr } from '../../src/modules/openssl_csr.ts'
import { opensslPkcs12 } from '../../src/modules/openssl_pkcs12.ts'
import { opensslPrivatekey } from '../../src/modules/openssl_privatekey.ts'
import { anyModule } from '../../src/modules/shared/any-module.ts'
import {
  der,
  derInteger,
  derOid,
  pem,
  readDer,
  readInteger,
  readOid,
  sequence,
} from '../../src/modules/shared/der.ts'
import { generalName, showGeneralName } from '../../src/modules/shared/general-name.ts'
import { parseTime, stampAt, stampWord } from '../../src/modules/shared/x509-time.ts'
import { x509Certificate } from '../../src/modules/x509_certificate.ts'
import { type Answers, aContext, brief, decideWith, drive } from './tables.ts'

describe('DER', () => {
  it.each([0n, 1n, 127n, 128n, 255n, 65_536n, 2n ** 130n])('reads the number %s that it wrote', number => {
    expect(readInteger(readDer(derInteger(number)))).toBe(number)
  })

  it.each(['1.2.840.113549.1.1.11', '2.5.29.17', '0.9.2342.19200300.100.1.25', '2.999.3'])(
    'reads the identifier %s that it wrote',
    oid => {
      expect(readOid(readDer(derOid(oid)))).toBe(oid)
    },
  )

  it.each([[0], [200], [70_000]])('reads %i bytes that it wrote', size => {
    expect(readDer(der(4, new Uint8Array(size))).content.length).toBe(size)
  })

  it('says of broken bytes that they are', () => {
    expect(() => readDer(Buffer.from([0x30, 5, 1]))).toThrow(
      expect.objectContaining({ code: 'MODULE_DER_BROKEN' }),
    )
  })
})

it.each([
  ['DNS:example.com', 'DNS:example.com'],
  ['IP:10.0.0.1', 'IP:10.0.0.1'],
  ['IP:2001:0db8:0:0::1', 'IP:2001:db8::1'],
  ['IP:::', 'IP:::'],
  ['IP:1:2:3:4:5:6:7:8', 'IP:1:2:3:4:5:6:7:8'],
  ['email: a@b ', 'email:a@b'],
  ['RID:1.2.3', 'RID:1.2.3'],
  ['IP:10.0.0.256', '"10.0.0.256" is no IP address'],
  ['IP:1::2::3', '"1::2::3" is no IP address'],
  ['example.com', '"example.com" must begin with DNS:, IP:, email:, URI: or RID:'],
  [
    'dirName:/CN=x',
    '"dirName:/CN=x": names of that kind cannot be made here; call openssl with a configuration of its own',
  ],
])('the general name %s is %s', (text, says) => {
  const bytes = generalName(text)
  expect(typeof bytes === 'string' ? bytes : showGeneralName(readDer(bytes))).toBe(says)
})

it.each([
  ['10.0.0.0/8', 'IP:10.0.0.0/8'],
  ['10.0.0.0/255.255.0.0', 'IP:10.0.0.0/16'],
  ['fd00::/8', 'IP:fd00::/8'],
])('the network %s is %s', (text, says) => {
  const bytes = generalName(`IP:${text}`, true)
  expect(typeof bytes === 'string' ? bytes : showGeneralName(readDer(bytes))).toBe(says)
})

it.each([
  ['+3650d', '20360101030405Z', '"$(date -u -d @$(($(date +%s) + 315360000)) +%Y%m%d%H%M%SZ)"'],
  ['-1h30m', '20260102013405Z', '"$(date -u -d @$(($(date +%s) + -5400)) +%Y%m%d%H%M%SZ)"'],
  ['+1w2d', '20260111030405Z', null],
  ['20300101000000Z', '20300101000000Z', '20300101000000Z'],
  ['203001010000Z', '20300101000000Z', '20300101000000Z'],
  ['2030-01-01', '20300101000000Z', '20300101000000Z'],
])('the time %s is %s', (text, stamp, word) => {
  const wish = parseTime(text)!
  const shifted = text === '+3650d' ? '20351231030405Z' : stamp
  expect(stampAt(wish, new Date('2026-01-02T03:04:05Z'))).toBe(shifted)
  if (word !== null) expect(stampWord(wish)).toBe(word)
})

it.each(['', '3650', 'tomorrow', '+', '+1y'])('"%s" is no time', text => {
  expect(parseTime(text)).toBe(null)
})

const there: Answers = key => {
  if (key.kind === 'path' && key.path === '/etc') return { type: 'directory', mode: 0o755, uid: 0, gid: 0 }
  return key.kind === 'read' && key.name.includes('/etc/key')
    ? { code: 0, stdout: 'absent\n', stderr: '' }
    : undefined
}

it.each<[string, Module, object]>([
  ['openssl_privatekey', anyModule(opensslPrivatekey), { path: '/etc/key', passphrase: 'hunter2' }],
  ['openssh_keypair', anyModule(opensshKeypair), { path: '/etc/key', passphrase: 'hunter2' }],
])('%s keeps the passphrase out of every script and every name', (_name, module, args) => {
  const keys = module.keys(module.args().parse(args), aContext())
  for (const key of keys) if (key.kind === 'read') expect(key.script + key.name).not.toContain('hunter2')
  const { actions } = drive(decideWith(module, args, there), () => ({ stdout: '' }))
  expect(actions.length).toBeGreaterThan(0)
  for (const action of actions)
    expect(action.do === 'run' && JSON.stringify([action.script, action.argv])).not.toContain('hunter2')
})

it.each<[string, Module, object, string]>([
  [
    'a passphrase of two lines',
    anyModule(opensslPrivatekey),
    { path: '/k', passphrase: 'a\nb' },
    'must be one line',
  ],
  [
    'ECC without a curve',
    anyModule(opensslPrivatekey),
    { path: '/k', type: 'ECC' },
    'is needed for type ECC',
  ],
  ['the raw form', anyModule(opensslPrivatekey), { path: '/k', format: 'raw' }, 'must be one of'],
  ['rsa1', anyModule(opensshKeypair), { path: '/k', type: 'rsa1' }, 'must be one of'],
  ['no private key', anyModule(opensslCsr), { path: '/k' }, 'give one of privatekey_path'],
  [
    'a subject in two forms',
    anyModule(opensslCsr),
    { path: '/k', privatekey_path: '/k', CN: 'a', subject_ordered: [{ CN: 'a' }] },
    'subject_ordered cannot',
  ],
  ['entrust', anyModule(x509Certificate), { path: '/k', provider: 'entrust' }, 'cannot be honoured'],
  [
    'a key without certificate',
    anyModule(opensslPkcs12),
    { path: '/k', privatekey_path: '/k' },
    'needs certificate_path',
  ],
  [
    'maciter_size',
    anyModule(opensslPkcs12),
    { path: '/k', certificate_path: '/c', maciter_size: 1 },
    'cannot be honoured',
  ],
])('refuses %s', (_title, module, args, says) => {
  expect(JSON.stringify(module.args().safeParse(args).error?.issues)).toContain(says)
})

it('says where openssl is missing', () => {
  const answers: Answers = key =>
    key.kind === 'read' ? { code: 1, stdout: 'no openssl\n', stderr: '' } : there(key)
  expect(brief(decideWith(opensslPrivatekey, { path: '/etc/k' }, answers))).toBe(
    'fail: openssl is not there: install the package openssl',
  )
})

it('writes PEM in lines of 64', () => {
  expect(pem('X', sequence(new Uint8Array(60)))).toMatch(
    /^-----BEGIN X-----\n.{64}\n.{20}\n-----END X-----\n$/,
  )
})
