import type { LintedProject, Remark, Rule } from '../contract.ts'

export const secretInClear: Rule = {
  id: 'secret-in-clear',
  severity: 'error',
  summary: 'a password, token or key written in clear',
  why: 'Whoever reads the repository has it, and nothing masks it in the output. `vpai secrets set NAME` keeps it encrypted.',
  check: ({ sources }: LintedProject) =>
    sources.flatMap(({ file, kind, lines }) =>
      lines.flatMap((text, index): Remark[] => {
        const column = placeOfSecret(text, kind !== 'other')
        if (column === null) return []
        return [
          {
            message: `this looks like a secret in clear`,
            hint: 'Move it into the secrets file with `vpai secrets set NAME`, and write {{ NAME }} here.',
            position: { file, line: index + 1, column },
          },
        ]
      }),
    ),
}

function placeOfSecret(text: string, isYaml: boolean): number | null {
  const shape = SHAPES.exec(text)
  if (shape !== null) return shape.index + 1
  if (!isYaml) return null
  const entry = ENTRY.exec(text)
  if (entry === null) return null
  const [, before = '', name = '', value = ''] = entry
  if (!NAME.test(name) || NO_SECRET.test(name) || isPlain(value)) return null
  return before.length + 1
}

/** Private keys and tokens that can be told by their look. */
const SHAPES =
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----|AGE-SECRET-KEY-1[0-9A-Z]{20,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bglpat-[\w-]{20}\b|\bsk-[A-Za-z0-9_-]{32,}|\btskey-[a-z]+-[\w-]{20,}|\bxox[abprs]-[\w-]{20,}/

/** `name: value`; group 1 is all before the value. */
const ENTRY =
  /^(\s*(?:- )?["']?([A-Za-z][\w-]*)["']?\s*:\s+)(?!["']?\{[{%]|!vault|!unsafe \||[|>&*])(.+?)\s*$/
const NAME = /(?:^|_)(?:password|passwd|passphrase|secret|token|api_?key|private_key|secret_key|access_key)$/i
/** They speak about a secret, or hold something public. */
const NO_SECRET =
  /(?:update|ask|prompt|no|has|use|reset|change|min|max|public|generate|require)_(?:password|passwd|secret|token)$|_path$|_file$|_name$/i

/** Empty, a choice, a placeholder, a template, the name of a file or of a variable elsewhere. */
function isPlain(value: string): boolean {
  const bare = value.replace(/\s+#.*$/, '').replaceAll(/^["']|["']$/g, '')
  return (
    bare.length < 6 ||
    /\{\{|\$\{|^\$|^<.*>$|^[/~.]|^\[|^\{/.test(bare) ||
    /^(?:true|false|yes|no|null|none|omit|always|on_create|absent|present|required|optional|string|str|text)$/i.test(
      bare,
    ) ||
    /^(?:change[-_]?me|example|placeholder|your[-_ ].*|x{3,}|\*+|\.{3})$/i.test(bare)
  )
}
