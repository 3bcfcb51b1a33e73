/**
 * The ways a secret shows up in text it passed through: shells, URLs, JSON, YAML, HTML, Python, base64, hex.
 * What is not produced here is not masked.
 */
import { createHash } from 'node:crypto'

/** Every spelling of `value` that a sink may meet, without duplicates and without the empty text. */
export function spellings(value: string): string[] {
  const whole = Buffer.from(value, 'utf8').toString('utf8')
  const starts = new Set([
    value,
    whole,
    whole.trim(),
    // As programs and kernel files show it that split a line into words.
    whole.trim().replace(/\s+/g, ' '),
    withoutControls(whole),
    whole.replaceAll('\n', '\r\n'),
  ])
  // As servers show it that take UTF-8 for Latin-1.
  if (/[^\x00-\x7f]/.test(whole)) starts.add(Buffer.from(whole, 'utf8').toString('latin1'))
  const forms = new Set<string>()
  for (const start of starts) {
    for (const form of quotedForms(start)) {
      forms.add(form)
      forms.add(jsonText(form))
      forms.add(asciiJsonText(form))
    }
    for (const form of [...urlForms(start), ...hexForms(start), ...wholeBase64(start)]) forms.add(form)
  }
  forms.delete('')
  return [...forms]
}

/**
 * The base64 characters that `value` alone decides, for each of the three places it may start at in a longer
 * text; standard and URL-safe alphabet.
 */
export function embeddedBase64(value: string): string[] {
  const forms = new Set<string>()
  for (const shift of [0, 1, 2]) {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(value, 'utf8')])
    const from = Math.ceil((shift * 8) / 6)
    const until = Math.floor((bytes.length * 8) / 6)
    const core = bytes.toString('base64').slice(from, until)
    forms.add(core)
    forms.add(urlSafe(core))
  }
  forms.delete('')
  return [...forms]
}

/** Checksums of a file that holds nothing else: whoever has one can try guesses. Lower-case hex. */
export function digests(value: string): string[] {
  const contents = new Set([value, value.trim(), `${value}\n`, `${value.trim()}\n`])
  return [...contents].flatMap(content =>
    ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'].map(algorithm =>
      createHash(algorithm).update(content).digest('hex'),
    ),
  )
}

/** The lines of a long base64 text as `base64` (76 columns) and PEM writers (64) break them. */
export function wrappedBase64(value: string): string[] {
  const text = Buffer.from(value, 'utf8').toString('base64')
  return [64, 76].filter(width => text.length > width).flatMap(width => chunks(text, width))
}

/** The lines of a text that say something: not the BEGIN and END lines of PEM, not the short ones. */
export function tellingLines(value: string, shortest: number): string[] {
  const lines = value.split(/\r?\n/)
  if (lines.length < 2) return []
  return lines
    .map(line => line.trim())
    .filter(line => line.length >= shortest && !/^-----(BEGIN|END) .*-----$/.test(line))
}

function quotedForms(text: string): string[] {
  return [
    text,
    jsonText(text),
    asciiJsonText(text),
    ...shellForms(text),
    ...yamlForms(text),
    ...htmlForms(text),
    ...pythonForms(text),
  ]
}

function shellForms(text: string): string[] {
  return [
    text.replaceAll("'", `'\\''`),
    text.replaceAll("'", `'"'"'`),
    text.replace(/["$`\\]/g, '\\$&'),
    text.replace(/["$`\\!]/g, '\\$&'),
    text.replace(/[^\w@%+=:,./-]/gu, '\\$&'),
    ansiC(text, character => character),
    ansiC(text, octal),
  ]
}

/** The inside of $'..' as bash and ksh write it; `wide` says what becomes of characters outside ASCII. */
function ansiC(text: string, wide: (character: string) => string): string {
  const names: Readonly<Record<string, string>> = {
    '\x07': '\\a',
    '\b': '\\b',
    '\x1b': '\\E',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\v': '\\v',
    "'": "\\'",
    '\\': '\\\\',
  }
  return Array.from(text, character => {
    const named = names[character]
    if (named !== undefined) return named
    if (character > '\x7e') return wide(character)
    return character < ' ' ? octal(character) : character
  }).join('')
}

function octal(character: string): string {
  return Array.from(Buffer.from(character, 'utf8'), byte => `\\${byte.toString(8).padStart(3, '0')}`).join('')
}

function yamlForms(text: string): string[] {
  const names: Readonly<Record<string, string>> = {
    '\0': '\\0',
    '\x07': '\\a',
    '\x1b': '\\e',
    '\v': '\\v',
    '\x85': '\\N',
    '\xa0': '\\_',
    '\u2028': '\\L',
    '\u2029': '\\P',
  }
  const escaped = Array.from(jsonText(text), character => names[character] ?? character).join('')
  const controls = escaped.replace(/\\u00([01][\da-f])/g, (_, digits: string) => {
    return names[String.fromCharCode(Number.parseInt(digits, 16))] ?? `\\x${digits}`
  })
  return [text.replaceAll("'", "''"), escaped, controls]
}

function htmlForms(text: string): string[] {
  const base = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return [
    base,
    ...[
      ['&quot;', '&#39;'],
      ['&quot;', '&#x27;'],
      ['&quot;', '&apos;'],
      ['&#34;', '&#39;'],
      ['&quot;', "'"],
    ].map(([double = '', single = '']) => base.replaceAll('"', double).replaceAll("'", single)),
  ]
}

function pythonForms(text: string): string[] {
  const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' }
  const body = Array.from(text, character => {
    const code = character.codePointAt(0) ?? 0
    const hidden = code < 0x20 || (code >= 0x7f && code <= 0xa0) || code === 0xad
    return names[character] ?? (hidden ? `\\x${code.toString(16).padStart(2, '0')}` : character)
  }).join('')
  const bytes = Array.from(Buffer.from(text, 'utf8'), byte => {
    const character = String.fromCharCode(byte)
    return (
      names[character] ??
      (byte < 0x20 || byte > 0x7e ? `\\x${byte.toString(16).padStart(2, '0')}` : character)
    )
  }).join('')
  return [body, body.replaceAll("'", "\\'"), bytes, bytes.replaceAll("'", "\\'")]
}

function jsonText(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** As JSON writers do that keep to ASCII (Python's default, and `\/` of PHP). */
function asciiJsonText(text: string): string {
  return jsonText(text).replace(
    /[\x7f-\uffff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function urlForms(text: string): string[] {
  const sound = Buffer.from(text, 'utf8').toString('utf8')
  const component = encodeURIComponent(sound)
  const strict = component.replace(/[!'()*~]/g, mark => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
  const upper = [component, strict, encodeURI(sound), strict.replaceAll('%7E', '~')]
  const forms = [...upper, ...upper.map(form => form.replaceAll('%20', '+'))]
  return [...forms, ...forms.map(form => form.replace(/%[\dA-F]{2}/g, code => code.toLowerCase()))]
}

function hexForms(text: string): string[] {
  const hex = Buffer.from(text, 'utf8').toString('hex')
  return [hex, hex.toUpperCase()]
}

function wholeBase64(text: string): string[] {
  const base64 = Buffer.from(text, 'utf8').toString('base64')
  return [base64, urlSafe(base64)]
}

function urlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function withoutControls(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '')
}

function chunks(text: string, width: number): string[] {
  return Array.from({ length: Math.ceil(text.length / width) }, (_, index) =>
    text.slice(index * width, (index + 1) * width),
  )
}
