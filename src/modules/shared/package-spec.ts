/** Package words as apt takes them: name, name=version (with *), name:arch, and patterns. */
import { quote } from '../../base/quote.ts'
import type { Key, Seen } from '../../probes/contract.ts'

export interface PackageSpec {
  /** As written, for the package manager. */
  readonly word: string
  readonly name: string
  /** Version, perhaps with * and ?; null when any will do. */
  readonly version: string | null
  readonly pattern: boolean
}

export function parseSpec(word: string): PackageSpec {
  const [name = '', version] = word.trim().split(/\s*=\s*/, 2)
  return {
    word: version === undefined ? name : `${name}=${version}`,
    name,
    version: version ?? null,
    pattern: /[*?]/.test(name),
  }
}

export function specKey(spec: PackageSpec): Key {
  return spec.pattern ? patternKey(spec.name) : { kind: 'package', name: spec.name }
}

export interface SpecSeen {
  readonly installed: boolean
  readonly version: string | null
  readonly candidate: string | null
  /** What is installed satisfies name and version. */
  readonly fits: boolean
  readonly broken: boolean
}

export function specSeen(spec: PackageSpec, seen: Seen): SpecSeen {
  const key = specKey(spec)
  if (key.kind === 'read') {
    const matches = seen
      .get(key)
      .stdout.split('\n')
      .filter(line => line.startsWith('ii') || line.startsWith('hi'))
    const installed = matches.length > 0
    return { installed, version: null, candidate: null, fits: installed, broken: false }
  }
  const found = seen.get(key as Extract<Key, { kind: 'package' }>)
  const fits = found.installed && !found.broken && versionFits(spec.version, found.version)
  return { ...found, fits }
}

/** `1.2*` fits 1.2-3; without a wish every version fits. */
export function versionFits(wish: string | null, version: string | null): boolean {
  if (wish === null) return true
  if (version === null) return false
  const pattern = wish
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${pattern}$`).test(version)
}

function patternKey(pattern: string): Key {
  const script = `dpkg-query -W -f '\${db:Status-Abbrev} \${Package}\\n' ${quote(pattern)} 2>/dev/null; true`
  return { kind: 'read', name: `packages like ${pattern}`, script }
}
