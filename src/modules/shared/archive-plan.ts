/** What an archive is to hold: paths expanded by the host, the folder its names are relative to, its state. */
import { quote } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'

type ReadKey = Extract<Key, { kind: 'read' }>

export type ArchiveFormat = 'gz' | 'bz2' | 'tar' | 'xz' | 'zip'

export interface ArchivePlan {
  /** Absolute, as found on the host. */
  readonly targets: readonly { readonly path: string; readonly isDirectory: boolean }[]
  readonly missing: readonly string[]
  readonly excluded: readonly string[]
  /** With a slash at its end; names in the archive are relative to it. */
  readonly root: string
  /** False: one file is compressed, without an archive around it. */
  readonly isArchive: boolean
}

/** One line a path: `d` or `f` and the path, `-` and the pattern when nothing is there, `x` for what is excluded. */
export function expansionKey(paths: readonly string[], excluded: readonly string[]): ReadKey {
  const calls = [...paths.map(path => `e ${quote(path)}`), ...excluded.map(path => `x ${quote(path)}`)]
  return {
    kind: 'read',
    name: `archive of ${JSON.stringify([paths, excluded])}`,
    script: `IFS=
e() { n=; for p in $1; do if [ -d "$p" ] && [ ! -L "$p" ]; then n=1; echo "d $p"; elif [ -e "$p" ] || [ -L "$p" ]; then n=1; echo "f $p"; fi; done
[ -n "$n" ] || echo "- $1"; }
x() { for p in $1; do echo "x $p"; done; }
${calls.join('\n')}`,
  }
}

export function readExpansion(
  seen: ReadSeen,
  { paths, force }: { readonly paths: readonly string[]; readonly force: boolean },
): ArchivePlan {
  const lines = [...new Set(seen.stdout.split('\n').filter(line => line !== ''))]
  const of = (kind: string) => lines.filter(line => line.startsWith(`${kind} `)).map(line => line.slice(2))
  const excluded = of('x')
  const kept = (path: string) => !excluded.some(one => trimmed(one) === trimmed(path))
  const targets = [
    ...of('d').map(path => ({ path, isDirectory: true })),
    ...of('f').map(path => ({ path, isDirectory: false })),
  ].filter(({ path }) => kept(path))
  targets.sort((a, b) => (a.path < b.path ? -1 : 1))
  const isPattern = paths.some(path => /[*?[]/.test(path))
  return {
    targets,
    excluded,
    missing: of('-'),
    root: commonRoot(targets.map(({ path }) => path)),
    isArchive: force || paths.length > 1 || isPattern || targets.some(one => one.isDirectory),
  }
}

const trimmed = (path: string): string => path.replace(/\/+$/, '')

/** The longest folder that all paths are in: /a/b/ for /a/b/c and /a/b/d/e. A slash at the end names the folder's contents. */
function commonRoot(paths: readonly string[]): string {
  const [first = ['']] = paths.map(parentParts)
  const shared = first.findIndex((part, index) => paths.some(path => parentParts(path)[index] !== part))
  return `${(shared < 0 ? first : first.slice(0, shared)).join('/')}/`
}

const parentParts = (path: string): string[] => path.slice(0, path.lastIndexOf('/')).split('/')
