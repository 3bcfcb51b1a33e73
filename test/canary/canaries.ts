/** Secrets that are hard to keep, and every form one may be found in. Made apart from src/secrets on purpose. */

/** Each begins and ends with a mark of its own, so that a part of one is recognised, too. */
export const CANARIES: Readonly<Record<string, string>> = {
  plain: 'kaP1begin-plain-kaP1end',
  quotes: `kaQ2begin"single'double"'kaQ2end`,
  newline: 'kaN3begin of line one kaN3mid\nline two of it kaN3end',
  dollar: 'kaD4begin$HOME-${PATH}-$$-kaD4end',
  backslash: 'kaB5begin\\n\\t\\\\x41\\kaB5end',
  unicode: 'kaU6begin-pässwörd-日本-🔑-kaU6end',
  equals: 'kaE7begin=b&c=d;e=#kaE7end',
  percent: 'kaC8begin%20%s%%-%d+kaC8end',
  spaces: ' kaS9begin  two  spaces kaS9end ',
  injection: `kaI0begin'"$(id)\`id\`;|&<>kaI0end`,
  braces: 'kaT1begin{{ 7 * 7 }}{% x %}kaT1end',
}

export interface Leak {
  readonly canary: string
  readonly form: string
  /** Where, with what stands around it. */
  readonly context: string
}

/** Every place of `text` that gives a canary away, whole in some form or by one of its marks. */
export function leaksIn(text: string): Leak[] {
  const lower = text.toLowerCase()
  return FORMS.flatMap(({ canary, form, needle, folded }) => {
    const at = folded ? lower.indexOf(needle) : text.indexOf(needle)
    if (at < 0) return []
    return [{ canary, form, context: text.slice(Math.max(0, at - 160), at + needle.length + 60) }]
  })
}

interface Form {
  readonly canary: string
  readonly form: string
  readonly needle: string
  /** Upper and lower case count alike. */
  readonly folded: boolean
}

const FORMS: readonly Form[] = Object.entries(CANARIES).flatMap(([canary, value]) => {
  const wholes: readonly (readonly [string, string])[] = [
    ['raw', value],
    ['trimmed', value.trim()],
    ['JSON', JSON.stringify(value).slice(1, -1)],
    ['JSON in JSON', JSON.stringify(JSON.stringify(value)).slice(3, -3)],
    ['shell', value.replaceAll("'", `'\\''`)],
    ['shell as Python quotes', value.replaceAll("'", `'"'"'`)],
    ['YAML', value.replaceAll("'", "''")],
    ['URL', encodeURIComponent(value)],
    ['form', new URLSearchParams([['', value]]).toString().slice(1)],
    ...[0, 1, 2].flatMap(shift => base64At(value, shift)),
  ]
  const marks = value.match(/ka[A-Z]\d(?:begin|mid|end)/g) ?? []
  return [
    ...wholes.map(([form, needle]) => ({ canary, form, needle, folded: false })),
    ...marks.map(mark => ({ canary, form: 'a part', needle: mark.toLowerCase(), folded: true })),
    ...marks.map(mark => ({
      canary,
      form: 'a part, reversed',
      needle: reversed(mark.toLowerCase()),
      folded: true,
    })),
    { canary, form: 'hex', needle: Buffer.from(value).toString('hex'), folded: true },
    ...marks.map(mark => ({
      canary,
      form: 'a part, hex',
      needle: Buffer.from(mark).toString('hex'),
      folded: true,
    })),
  ]
})

/** What is the same whatever stands before and after, when `shift` bytes stand before it. */
function base64At(value: string, shift: number): readonly (readonly [string, string])[] {
  const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(value)]).toString('base64')
  const core = text.replace(/=+$/, '').slice(shift === 0 ? 0 : shift + 1, -2)
  return [
    [`base64 at ${shift}`, core],
    [`base64 for URLs at ${shift}`, core.replaceAll('+', '-').replaceAll('/', '_')],
  ]
}

function reversed(text: string): string {
  return Array.from(text).reverse().join('')
}
