/** Package managers where a name, a state and one command line are all there is: apk, zypper, pacman. */
import type { Key, Seen } from '../../probes/contract.ts'
import type { Change, Verdict } from '../contract.ts'
import { type PackageSpec, parseSpec, versionFits } from './package-spec.ts'

export type PackageState = 'present' | 'absent' | 'latest'

export interface PackageWish {
  readonly names: readonly string[]
  readonly state: PackageState
  readonly updateCache: boolean
  /** More words after the verb. */
  readonly options?: readonly string[]
}

interface Manager {
  readonly install: readonly string[]
  readonly upgrade: readonly string[]
  readonly remove: readonly string[]
  readonly refresh: readonly string[]
  /** How a wanted version is written. */
  readonly version: (name: string, version: string) => string
}

export const MANAGERS: Readonly<Record<string, Manager>> = {
  apk: {
    install: ['apk', 'add'],
    upgrade: ['apk', 'add', '--upgrade'],
    remove: ['apk', 'del'],
    refresh: ['apk', 'update'],
    version: (name, version) => `${name}=${version}`,
  },
  zypper: {
    install: ['zypper', '--non-interactive', 'install'],
    upgrade: ['zypper', '--non-interactive', 'update'],
    remove: ['zypper', '--non-interactive', 'remove'],
    refresh: ['zypper', '--non-interactive', 'refresh'],
    version: (name, version) => `${name}=${version}`,
  },
  pacman: {
    install: ['pacman', '-S', '--noconfirm', '--needed'],
    upgrade: ['pacman', '-S', '--noconfirm'],
    remove: ['pacman', '-R', '--noconfirm'],
    refresh: ['pacman', '-Sy'],
    version: name => name,
  },
}

export function simpleKeys(wish: PackageWish): Key[] {
  return wish.names.map(word => ({ kind: 'package', name: parseSpec(word).name }))
}

export function simpleVerdict(tool: string, wish: PackageWish, seen: Seen): Verdict {
  const manager = MANAGERS[tool]
  if (manager === undefined)
    return { kind: 'fail', message: `vpai does not know the package manager ${tool}` }
  const specs = wish.names.map(parseSpec)
  const due = specs.flatMap(spec => dueChange(spec, wish.state, seen))
  if (due.length === 0) return { kind: 'ok' }
  const verb =
    wish.state === 'absent' ? manager.remove : wish.state === 'latest' ? manager.upgrade : manager.install
  const fresh = due.filter(({ change }) => change.from === null)
  const words = (list: typeof due) => list.map(({ spec }) => wordOf(spec, wish.state, manager))
  const old = due.filter(one => !fresh.includes(one))
  const run = (argv: readonly string[]) =>
    ({ do: 'run', argv, failure: `${argv.slice(0, 3).join(' ')} failed` }) as const
  const options = wish.options ?? []
  return {
    kind: 'change',
    changes: due.map(({ change }) => change),
    touches: simpleKeys(wish),
    apply: [
      ...(wish.updateCache && wish.state !== 'absent' ? [run(manager.refresh)] : []),
      ...(fresh.length > 0 ? [run([...manager.install, ...options, ...words(fresh)])] : []),
      ...(old.length > 0
        ? [run([...(wish.state === 'present' ? manager.install : verb), ...options, ...words(old)])]
        : []),
    ],
  }
}

function dueChange(
  spec: PackageSpec,
  state: PackageState,
  seen: Seen,
): { spec: PackageSpec; change: Change }[] {
  const { installed, version, candidate } = seen.get({ kind: 'package', name: spec.name })
  const subject = spec.name
  if (state === 'absent') {
    return installed
      ? [{ spec, change: { what: 'package', subject, from: version ?? 'installed', to: null } }]
      : []
  }
  const outdated = state === 'latest' && spec.version === null && candidate !== null && candidate !== version
  if (installed && versionFits(spec.version, version) && !outdated) return []
  return [
    {
      spec,
      change: {
        what: 'package',
        subject,
        from: installed ? version : null,
        to: spec.version ?? candidate ?? 'installed',
      },
    },
  ]
}

function wordOf(spec: PackageSpec, state: PackageState, manager: Manager): string {
  return spec.version === null || state === 'absent' ? spec.name : manager.version(spec.name, spec.version)
}
