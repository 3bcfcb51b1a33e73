import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import * as vectors from 'cctv-age'
import { describe, expect, it } from 'vitest'
import { VpaiError } from '../../src/base/error.ts'
import { Secret } from '../../src/base/secret.ts'
import { decryptAge } from '../../src/secrets/age.ts'

const VECTORS: readonly (readonly [string, Uint8Array])[] = Object.entries(vectors).filter(
  ([name]) => name !== 'default',
)

/** One vector: a head of `key: value` lines, an empty line, an age file. */
function readVector(bytes: Uint8Array) {
  const split = Buffer.from(bytes).indexOf('\n\n')
  const head = Buffer.from(bytes.subarray(0, split)).toString()
  const all = (key: string) =>
    head.split('\n').flatMap(line => (line.startsWith(`${key}: `) ? [line.slice(key.length + 2)] : []))
  const body = bytes.subarray(split + 2)
  return {
    expect: all('expect')[0],
    payload: all('payload')[0],
    armored: all('armored')[0] === 'yes',
    identities: all('identity').map(text => new Secret(text, 'vector identity')),
    passphrases: all('passphrase').map(text => new Secret(text, 'vector passphrase')),
    file: all('compressed')[0] === 'zlib' ? new Uint8Array(inflateSync(body)) : body,
  }
}

const CODES: Readonly<Record<string, readonly string[]>> = {
  'no match': ['SECRETS_WRONG_KEY'],
  'HMAC failure': ['SECRETS_TAMPERED'],
  'payload failure': ['SECRETS_TAMPERED'],
  'header failure': ['SECRETS_MALFORMED', 'SECRETS_TAMPERED'],
  'armor failure': ['SECRETS_MALFORMED'],
}

describe('decryptAge, on the age test vectors', () => {
  it('has a vector of every kind', () => {
    const kinds = new Set(VECTORS.map(([, bytes]) => readVector(bytes).expect))
    expect([...kinds].sort()).toEqual(['success', ...Object.keys(CODES)].sort((a, b) => (a < b ? -1 : 1)))
  })

  it.each(VECTORS)('%s ends as the vector says', async (_, bytes) => {
    const vector = readVector(bytes)
    const opened = decryptAge(vector.file, vector, { file: 'vector.age' })
    if (vector.expect === 'success') {
      expect(
        createHash('sha256')
          .update(await opened)
          .digest('hex'),
      ).toBe(vector.payload)
      return
    }
    const error = await opened.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(VpaiError)
    expect(CODES[vector.expect ?? '']).toContain((error as VpaiError).code)
  })
})
