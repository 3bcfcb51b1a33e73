/** Privileges of a MySQL account: as a task writes them, and as SHOW GRANTS tells them. */

/** By place (`*.*`, `db.*`, `db.table`), in capitals; GRANT stands for GRANT OPTION, ALL for all. */
export type Privileges = ReadonlyMap<string, ReadonlySet<string>>

/** `db.table:PRIV1,PRIV2/db2.*:ALL`, a mapping, or a list of texts; a sentence when it is none. */
export function readPrivileges(priv: string | Readonly<Record<string, string>>): Privileges | string {
  const pairs = typeof priv === 'string' ? priv.split('/').map(splitLast) : Object.entries(priv)
  const all = new Map<string, ReadonlySet<string>>()
  for (const [place, words] of pairs) {
    const key = placeOf(place.trim())
    if (key === null || words.trim() === '')
      return `"${place}:${words}" is no privilege such as db.table:SELECT,INSERT`
    all.set(key, new Set(privilegeWords(words)))
  }
  return all
}

/** The lines of SHOW GRANTS. USAGE is no privilege, but a place to hold the grant option. */
export function readGrants(lines: readonly string[]): Privileges {
  const all = new Map<string, Set<string>>()
  for (const line of lines) {
    const [, words, place, rest = ''] =
      /^GRANT (.+?) ON (?:TABLE |FUNCTION |PROCEDURE )?(\S+|`(?:[^`]|``)*`\.(?:\*|`(?:[^`]|``)*`)) TO (.*)$/.exec(
        line,
      ) ?? []
    if (words === undefined || place === undefined) continue
    const key = placeOf(place)
    if (key === null) continue
    const held = all.get(key) ?? new Set<string>()
    for (const word of privilegeWords(words)) held.add(word)
    if (/ WITH .*GRANT OPTION/.test(rest)) held.add('GRANT')
    all.set(key, held)
  }
  return all
}

export interface GrantEdit {
  readonly place: string
  readonly grant: readonly string[]
  readonly revoke: readonly string[]
}

/** What is to be given and taken. `mode` append keeps what else there is, subtract takes what is named. */
export function privilegeEdits(
  wanted: Privileges,
  held: Privileges,
  mode: 'exact' | 'append' | 'subtract',
): readonly GrantEdit[] {
  const places = mode === 'exact' ? [...new Set([...wanted.keys(), ...held.keys()])] : [...wanted.keys()]
  const edits = places.map(place => {
    const want = without(wanted.get(place), 'USAGE')
    const have = without(held.get(place), 'USAGE')
    if (mode === 'subtract') return { place, grant: [], revoke: [...want].filter(word => have.has(word)) }
    const covered = (word: string) => have.has(word) || (have.has('ALL') && word !== 'GRANT')
    const missing = [...want].filter(word => !covered(word))
    const extra = mode === 'append' ? [] : [...have].filter(word => !want.has(word))
    // ALL takes the place of every other word, also in what SHOW GRANTS tells.
    if (want.has('ALL')) return { place, grant: missing, revoke: extra.filter(word => word === 'GRANT') }
    if (mode === 'exact' && have.has('ALL')) return { place, grant: [...want], revoke: extra }
    return { place, grant: missing, revoke: extra }
  })
  return edits.filter(({ grant, revoke }) => grant.length + revoke.length > 0)
}

export function grantSql(edit: GrantEdit, account: string): readonly string[] {
  const place = sqlPlace(edit.place)
  const words = (list: readonly string[]) => list.map(word => (word === 'GRANT' ? 'GRANT OPTION' : word))
  const plain = edit.grant.filter(word => word !== 'GRANT')
  const option = edit.grant.includes('GRANT') ? ' WITH GRANT OPTION' : ''
  return [
    // One statement each: ALL and GRANT OPTION do not go together.
    ...words(edit.revoke).map(word => `REVOKE ${word} ON ${place} FROM ${account}`),
    ...(edit.grant.length === 0
      ? []
      : [`GRANT ${plain.join(', ') || 'USAGE'} ON ${place} TO ${account}${option}`]),
  ]
}

function without(words: ReadonlySet<string> | undefined, word: string): ReadonlySet<string> {
  return new Set([...(words ?? [])].filter(one => one !== word))
}

/** Columns stay with their privilege: SELECT (a, b) is one word. */
function privilegeWords(text: string): string[] {
  const words = text.match(/(?:\([^)]*\)|[^,(])+/g) ?? []
  return words
    .map(word => word.trim())
    .filter(word => word !== '')
    .map(word => {
      const [, name = '', columns = ''] = /^([^(]*?)\s*(\(.*\))?$/.exec(word) ?? []
      const plain = name
        .toUpperCase()
        .replace(/^ALL PRIVILEGES$/, 'ALL')
        .replace(/^GRANT OPTION$/, 'GRANT')
      return columns === '' ? plain : `${plain} ${columns.replaceAll('`', '').replace(/\s*,\s*/g, ', ')}`
    })
}

/** db and table without quotes, a dot between; null for what is no place. */
function placeOf(text: string): string | null {
  const parts = text.match(/`(?:[^`]|``)*`|[^.`]+/g) ?? []
  if (parts.length !== 2) return null
  return parts.map(part => (part.startsWith('`') ? part.slice(1, -1).replaceAll('``', '`') : part)).join('.')
}

function sqlPlace(place: string): string {
  const dot = place.indexOf('.')
  const part = (text: string) => (text === '*' ? text : `\`${text.replaceAll('`', '``')}\``)
  return `${part(place.slice(0, dot))}.${part(place.slice(dot + 1))}`
}

function splitLast(text: string): readonly [string, string] {
  const at = text.lastIndexOf(':')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
