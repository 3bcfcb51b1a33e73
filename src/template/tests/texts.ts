/** Tests of texts: regular expressions, versions, URLs. */
import { valueError } from '../errors.ts'
import { matchRegex, pythonRegex, searchRegex } from '../python-regex.ts'
import { str } from '../runtime/printing.ts'
import { define } from '../runtime/signature.ts'
import { isVersion } from '../versions.ts'

export const textTests = define({
  'match(pattern: str, ignorecase: bool, multiline: bool)': (value: unknown, pattern = '', ...flags: Flags) =>
    matches({ value, pattern, mode: 'match' }, flags),
  'search(pattern: str, ignorecase: bool, multiline: bool)': (
    value: unknown,
    pattern = '',
    ...flags: Flags
  ) => matches({ value, pattern, mode: 'search' }, flags),
  'regex(pattern: str, ignorecase: bool, multiline: bool, match_type: str)': (
    value: unknown,
    pattern = '',
    ...[ignoreCase, multiline, mode = 'search']: [...Flags, mode?: string]
  ) => matches({ value, pattern, mode }, [ignoreCase, multiline]),
  'version|version_compare|semver(version: text, operator: str, strict: bool, version_type: str)': (
    value: unknown,
    wanted: string,
    operator = 'eq',
    ...[strict, type]: [strict?: boolean, type?: string]
  ) => isVersion(str(value), operator, { wanted, type: type ?? (strict ? 'strict' : 'loose') }),
  'urn()': (value: unknown) => /^urn:[^:]+:/i.test(str(value)),
  'url|uri(schemes: list)': (value: unknown, schemes?: readonly unknown[]) => {
    const scheme = /^([a-z][\w+.-]*):\/\/[^/]+/i.exec(str(value))?.[1]
    return scheme !== undefined && (schemes === undefined || schemes.includes(scheme))
  },
  'vault_encrypted()': (value: unknown) => str(value).startsWith('$ANSIBLE_VAULT;'),
})

type Flags = [ignoreCase?: boolean, multiline?: boolean]

interface Matching {
  readonly value: unknown
  readonly pattern: string
  readonly mode: string
}

function matches({ value, pattern, mode }: Matching, [ignoreCase, multiline]: Flags): boolean {
  const regex = pythonRegex(pattern, { ignoreCase, multiline })
  const text = str(value)
  if (mode === 'search') return searchRegex(regex, text) !== null
  if (mode === 'match') return matchRegex(regex, text) !== null
  if (mode !== 'fullmatch') return valueError(`regex: no match_type '${mode}'`)
  return matchRegex(pythonRegex(`(?:${pattern})\\Z`, { ignoreCase, multiline }), text) !== null
}
