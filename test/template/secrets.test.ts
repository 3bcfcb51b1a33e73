import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/base/secret.ts'
import { Template, type Value } from '../../src/base/value.ts'
import { errorOf, makeTemplar, PlainSecrets } from './make-templar.ts'

const PASSWORD = 'correct horse battery'

function secretTemplar(variables: Readonly<Record<string, Value>> = {}) {
  const secrets = new PlainSecrets()
  secrets.add(PASSWORD)
  const all = { pw: new Secret(PASSWORD), plain: 'nothing hidden', ...variables }
  const templar = makeTemplar(all, {
    secrets,
    random: () => 0.5,
    lookups: { reverse: ([text]) => [...String(text)].reverse().join('') },
  })
  return { templar, secrets }
}

describe('secrets in templates', () => {
  it('are their plain text inside templates and arguments', () => {
    const { templar } = secretTemplar()
    expect(templar.value(new Template('user:{{ pw }}'))).toBe(`user:${PASSWORD}`)
    expect(templar.value({ login: [new Secret(PASSWORD)] })).toEqual({ login: [PASSWORD] })
  })

  it.each<[string, boolean]>([
    ['{{ pw }}', true],
    ['{{ nested }}', true],
    ['{{ config.port }}', false],
    ['{{ config.password }}', true],
    ['{{ config | length }}', true],
    ['{{ plain }}', false],
    ['{{ pw is defined }}', true],
  ])('taint the render of %s: %s', (source, expected) => {
    const { templar } = secretTemplar({
      nested: 'x{{ pw }}',
      config: { port: 80, password: new Secret(PASSWORD) },
    })
    templar.value(new Template(source))
    expect(templar.tainted).toBe(expected)
    // What was rendered before and kept taints just as well.
    templar.value(new Template(source))
    expect(templar.tainted).toBe(expected)
  })

  it('taint conditions, expressions and files', () => {
    const { templar } = secretTemplar()
    const seen = [
      () => templar.condition('pw == "x"'),
      () => templar.expression('pw'),
      () => templar.file('{{ pw }}'),
      () => templar.file('{{ plain }}'),
    ].map(run => {
      run()
      return templar.tainted
    })
    expect(seen).toEqual([true, true, true, false])
  })

  it.each([
    ['a hash', '{{ pw | hash("sha256") }}', [createHash('sha256').update(PASSWORD).digest('hex')]],
    ['a filter', '{{ pw | upper }}', [PASSWORD.toUpperCase()]],
    ['a method', '{{ pw.title() }}', ['Correct Horse Battery']],
    ['a split', '{{ pw.split(" ") }}', ['correct', 'horse', 'battery']],
    ['a slice', '{{ pw[:7] }}', ['correct']],
    ['a chain', '{{ (pw | b64encode)[2:10] }}', ['Y29ycmVjdCBob3JzZSBiYXR0ZXJ5', '9ycmVjdC']],
    ['map', '{{ [pw] | map("upper") | list }}', [PASSWORD.toUpperCase()]],
    ['% formatting', '{{ "%.7s" % pw }}', ['correct']],
    ['a lookup', '{{ lookup("reverse", pw) }}', [[...PASSWORD].reverse().join('')]],
  ])('make %s of them a secret too', (_what, source, expected) => {
    const { templar, secrets } = secretTemplar()
    templar.value(new Template(source))
    expect(secrets.texts.slice(1)).toEqual(expected)
  })

  it('are recognised in what was rendered before: a fact, an item, a result', () => {
    const { templar, secrets } = secretTemplar({ result: { stdout: `it is ${PASSWORD}` } })
    expect(templar.value(new Template('{{ result.stdout | upper }}'))).toBe('IT IS CORRECT HORSE BATTERY')
    expect(secrets.texts.slice(1)).toEqual(['IT IS CORRECT HORSE BATTERY'])
  })

  it('do not make secrets of the keys they are kept under', () => {
    const { templar, secrets } = secretTemplar({ kept: { production: new Secret(PASSWORD) } })
    templar.value(new Template('{{ kept | dict2items }}'))
    expect(secrets.texts.slice(1)).toEqual([])
  })

  it('make a password hash of them a secret too', () => {
    const { templar, secrets } = secretTemplar()
    const hash = templar.value(new Template('{{ pw | password_hash("sha512", "saltsalt") }}'))
    expect(secrets.texts).toContain(hash)
  })

  it.each([
    ['texts shorter than four characters', '{{ pw[:3] }}'],
    ['what holds the secret anyway', '{{ pw | replace("x", "y") }}'],
    ['what comes from elsewhere', '{{ pw }}{{ plain | upper }}'],
    ['parts of a text that are to be seen beside the secret', '{{ ("postgres://app:" ~ pw).split(":")[0] }}'],
  ])('leave alone %s', (_what, source) => {
    const { templar, secrets } = secretTemplar()
    templar.value(new Template(source))
    expect(secrets.texts).toEqual([PASSWORD])
  })

  it.each([
    ['{{ {}[pw] }}'],
    ['{{ pw | int(base=99) + pw }}'],
    ['{{ pw | from_json }}'],
    ['{{ "x" | regex_replace(pw ~ "(", "") }}'],
    ['{{ pw | password_hash("sha512", pw) }}'],
    ['{{ undef(hint=pw) }}'],
    ['{% include pw %}'],
    ['{{ lookup(pw) }}'],
  ])('never show in the error of %s', source => {
    const { templar } = secretTemplar()
    const error = errorOf(() => templar.value(new Template(source)))
    expect(`${error.message} ${error.hint} ${error.stack} ${String(error.cause)}`).not.toContain(PASSWORD)
  })
})
