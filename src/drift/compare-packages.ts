/** Declared packages against what is installed now. */
import type { PackageState } from '../release/system-state.ts'
import type { Finding } from './finding.ts'

export function comparePackages(
  before: readonly PackageState[],
  now: readonly PackageState[],
  log: ReadonlyMap<string, string>,
): readonly Finding[] {
  const nows = new Map(now.map(({ name, version }) => [name, version]))
  return before.flatMap(({ name, version }): Finding[] => {
    const is = nows.get(name) ?? null
    if (is === version) return []
    const line = log.get(name) ?? log.get(name.replace(/:.*$/, ''))
    return [
      {
        kind: 'package',
        subject: name,
        problem: is === null ? 'gone' : 'version',
        was: version,
        is,
        isDrift: true,
        // Its times are those of the host's own clock and zone.
        evidence: line === undefined ? [] : [`dpkg.log: ${line}`],
        at: null,
      },
    ]
  })
}
