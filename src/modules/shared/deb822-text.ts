/** One stanza of an apt .sources file (sources.list(5), deb822), its fields in the order in which Ansible writes them. */

export type FieldValue = string | number | boolean | readonly string[]

/** `signedBy`: a path, fingerprints, or an armored key, which goes into the stanza itself. */
export function deb822Text(fields: Readonly<Record<string, FieldValue | undefined>>): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && !isEmpty(value))
  given.sort(([a], [b]) => (a < b ? -1 : 1))
  return given.map(([name, value]) => `${fieldName(name)}:${written(value ?? '')}\n`).join('')
}

/** The part of a file name that stands for a repository's name. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[_\s]+/g, '-')
    .replace(/[^a-z0-9-]+/g, '')
}

const isEmpty = (value: FieldValue | undefined): boolean => Array.isArray(value) && value.length === 0

function fieldName(name: string): string {
  if (name === 'name') return 'X-Repolib-Name'
  if (name === 'uris') return 'URIs'
  return name.replace(/(^|_)([a-z])/g, (_all, before: string, letter: string) => {
    return `${before === '_' ? '-' : ''}${letter.toUpperCase()}`
  })
}

function written(value: FieldValue): string {
  if (typeof value === 'boolean') return value ? ' yes' : ' no'
  if (typeof value === 'number') return ` ${value}`
  const text = typeof value === 'string' ? value : value.join(' ')
  if (!text.trim().includes('\n')) return ` ${text.trim()}`
  const lines = text.trim().split('\n')
  return `\n${lines.map(line => `    ${line.trim() || '.'}`).join('\n')}`
}
