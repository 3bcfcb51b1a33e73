import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DigestSecret } from '../../src/base/digest-secret.ts'
import { Secret } from '../../src/base/secret.ts'
import { createSecretRegistry } from '../../src/secrets/registry.ts'

function registryOf(...values: string[]) {
  const registry = createSecretRegistry()
  for (const value of values) registry.add(value)
  return registry
}

const ODD = `it's "p@ss" $HOME \`x\` \\n <b>&é=🔑`

const EMBEDDINGS: readonly (readonly [string, (secret: string) => string])[] = [
  ['raw', s => s],
  ['single-quoted for a shell', s => `'${s.replaceAll("'", `'\\''`)}'`],
  ['quoted by Python shlex', s => `'${s.replaceAll("'", `'"'"'`)}'`],
  ['double-quoted for a shell', s => `"${s.replace(/["$`\\]/g, '\\$&')}"`],
  ['JSON', s => JSON.stringify({ s })],
  ['JSON in JSON', s => JSON.stringify(JSON.stringify(s))],
  ['URL component', s => `https://h/?q=${encodeURIComponent(s)}`],
  ['form field', s => new URLSearchParams({ q: s }).toString()],
  ['lower-case percent codes', s => encodeURIComponent(s).replace(/%../g, code => code.toLowerCase())],
  ['hex', s => Buffer.from(s).toString('hex')],
  ['upper-case hex', s => Buffer.from(s).toString('hex').toUpperCase()],
  [
    'HTML',
    s =>
      s
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;'),
  ],
  ['YAML single-quoted', s => `k: '${s.replaceAll("'", "''")}'`],
  ['base64', s => Buffer.from(s).toString('base64')],
  ['UTF-8 read as Latin-1', s => Buffer.from(s).toString('latin1')],
  ['base64 URL-safe', s => Buffer.from(s).toString('base64url')],
]

describe('registry.mask', () => {
  it.each(EMBEDDINGS)('hides an odd secret embedded as %s', (_, embed) => {
    const registry = registryOf(ODD)
    const masked = registry.mask(`before ${embed(ODD)} after`)
    expect(masked).toContain('[secret]')
    expect(masked).not.toContain('p@ss')
    expect(masked).toMatch(/^before .*after$/s)
    expect(registry.taints(`x${embed(ODD)}x`)).toBe(true)
  })

  it.each([0, 1, 2])('hides base64 of a longer text with the secret %i bytes in', shift => {
    const secret = 'correct-horse-battery'
    const whole = Buffer.from(`${'u'.repeat(shift)}${secret}:tail`).toString('base64')
    const masked = registryOf(secret).mask(whole)
    expect(masked).toContain('[secret]')
    expect(Buffer.from(masked.replace('[secret]', ''), 'base64').toString()).not.toContain('horse')
  })

  it.each(['md5', 'sha1', 'sha256', 'sha512'])(
    'hides the %s of a file with nothing else in it',
    algorithm => {
      const sum = (content: string) => createHash(algorithm).update(content).digest('hex')
      const registry = registryOf('correct-horse-battery', 'short')
      for (const content of ['correct-horse-battery', 'correct-horse-battery\n', 'short\n'])
        expect(registry.mask(`${sum(content)}  file`)).toBe('[secret]  file')
      expect(registry.mask(sum('another'))).toBe(sum('another'))
    },
  )

  it('hides a digest as it is, and no other spelling of it', () => {
    const sum = createHash('sha1').update('content').digest('hex')
    const registry = createSecretRegistry()
    registry.add(new DigestSecret(sum))
    expect(registry.mask(`sha1 ${sum}`)).toBe('sha1 [secret]')
    const encoded = Buffer.from(sum).toString('base64')
    expect(registry.mask(encoded)).toBe(encoded)
    expect(registryOf(sum).mask(encoded)).toBe('[secret]')
  })

  it('hides a secret whose words were put on one line with single spaces', () => {
    expect(registryOf(' correct  horse\n battery ').mask('x=correct horse battery.')).toBe('x=[secret].')
  })

  it('hides base64 broken into lines', () => {
    const secret = Array.from({ length: 40 }, (_, i) => `part${i}`).join('/')
    const lines = Buffer.from(secret).toString('base64').replace(/.{76}/g, '$&\n')
    expect(registryOf(secret).mask(lines)).toMatch(/^(\[secret\]\n)+\[secret\]$/)
  })

  it('hides each telling line of a PEM and leaves its frame', () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIDyq0123456789\n-----END PRIVATE KEY-----\n'
    const masked = registryOf(pem).mask(
      '    -----BEGIN PRIVATE KEY-----\n    MC4CAQAwBQYDK2VwBCIEIDyq0123456789\n',
    )
    expect(masked).toBe('    -----BEGIN PRIVATE KEY-----\n    [secret]\n')
  })

  it('hides $-quoted text with escapes and octal bytes', () => {
    expect(registryOf("a'b\tc\nd-é-end").mask(String.raw`$'a\'b\tc\nd-\303\251-end'`)).toBe("$'[secret]'")
  })

  it('hides the Python repr of a text and of its bytes', () => {
    const registry = registryOf("tab\there's é secret")
    expect(registry.mask(String.raw`"tab\there's é secret"`)).toBe('"[secret]"')
    expect(registry.mask(String.raw`b"tab\there's \xc3\xa9 secret"`)).toBe('b"[secret]"')
  })

  it('hides a secret whose final newline a shell dropped', () => {
    expect(registryOf('from-a-file-1\n').mask('got from-a-file-1.')).toBe('got [secret].')
  })

  it('makes one mask of overlapping secrets', () => {
    expect(registryOf('abcdefgh', 'efghijkl').mask('<abcdefghijkl>')).toBe('<[secret]>')
  })

  it('masks a short secret as a whole word only and names it as weak', () => {
    const registry = createSecretRegistry()
    registry.add(new Secret('abc1', 'db.pin'))
    registry.add(new Secret('long-enough-1', 'db.password'))
    expect(registry.mask('pin=abc1; xabc1 abc12 "abc1"')).toBe('pin=[secret]; xabc1 abc12 "[secret]"')
    expect(registry.weak()).toEqual(['db.pin'])
    expect(registry.taints('xabc1')).toBe(false)
  })

  it('leaves text alone when nothing is known, and ignores blank secrets', () => {
    expect(registryOf('', ' ').mask('a  b')).toBe('a  b')
  })

  it('masks secrets added after the first use', () => {
    const registry = registryOf('first-secret')
    expect(registry.mask('second-secret')).toBe('second-secret')
    registry.add('second-secret')
    expect(registry.mask('second-secret')).toBe('[secret]')
  })
})

/** Unusual characters on purpose; a core that no mask or frame holds, to look for afterwards. */
const secretText = fc
  .array(
    fc.constantFrom(
      '"',
      "'",
      '\n',
      '$',
      '\\',
      '=',
      '🔑',
      'é',
      '`',
      '&',
      '<',
      ' ',
      '%',
      '+',
      '/',
      '\t',
      'a',
      'Z',
      '9',
      '!',
      '~',
      '\u2028',
      '\x1b',
    ),
    {
      minLength: 0,
      maxLength: 24,
    },
  )
  .map(parts => `Q7k${parts.join('')}w8XzQ4`)

describe('registry.mask, for any secret', () => {
  it.each(EMBEDDINGS)('never leaves it when embedded as %s', (_, embed) => {
    fc.assert(
      fc.property(secretText, secret => {
        const form = embed(secret)
        const masked = registryOf(secret).mask(`<<${form}>>`)
        expect(masked).toContain('[secret]')
        expect(masked).not.toContain('w8XzQ4')
        expect(masked).not.toContain(form)
      }),
      { numRuns: 200 },
    )
  })
})

describe('registry.createMaskStream', () => {
  it('shows the same as one mask over the whole, however the text is cut', () => {
    const piece = fc.oneof(
      secretText,
      fc.constantFrom('abcdefgh', 'efghijkl', 'pin7', 'aaaaaaaaa', ' '),
      fc.string({ maxLength: 12 }),
    )
    fc.assert(
      fc.property(
        secretText,
        fc.array(piece, { maxLength: 12 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        (secret, pieces, sizes) => {
          const registry = registryOf(secret, 'abcdefgh', 'efghijkl', 'pin7', 'aaaaaaaa')
          const text = [...pieces, secret, ...pieces].join('')
          const stream = registry.createMaskStream()
          let shown = ''
          let rest = text
          for (const size of sizes) {
            if (rest === '') break
            shown += stream.write(rest.slice(0, size))
            rest = rest.slice(size)
          }
          expect(shown + stream.end()).toBe(registry.mask(text))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('holds back only what may be the head of a secret', () => {
    const stream = registryOf('abcdefgh').createMaskStream()
    expect(stream.write('line one\nabc')).toBe('line one\n')
    expect(stream.write('x')).toBe('abcx')
    expect(stream.write('abcd')).toBe('')
    expect(stream.write('efgh')).toBe('[secret]')
    expect(stream.end()).toBe('')
  })

  it('keeps a bounded tail on an endless repetition', () => {
    const stream = registryOf('aaaaaaaa').createMaskStream()
    const shown = Array.from({ length: 1000 }, () => stream.write('aaaaa')).join('') + stream.end()
    expect(shown).toBe('[secret]')
  })
})

describe('registry speed', () => {
  it('masks a megabyte against a hundred secrets in milliseconds', () => {
    const registry = registryOf(
      ...Array.from({ length: 100 }, (_, i) => Buffer.from(`secret number ${i} of many`).toString('base64')),
    )
    const line =
      'Nov 21 06:30:36 host app[123]: GET /api/v1/items?page=3 200 12ms {"user":"someone","ok":true}\n'
    const text = line.repeat(Math.ceil(1_048_576 / line.length))
    registry.mask(text)
    const started = performance.now()
    registry.mask(text)
    registry.taints(text)
    const elapsed = performance.now() - started
    // Measured 3-6 ms for both; the bound leaves room for a busy machine.
    expect(elapsed).toBeLessThan(150)
  })
})
