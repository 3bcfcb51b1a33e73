/** Scripts that compare an archive with what it is to hold, and that make it. The list of names is the same in both. */
import { quote } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import type { RunAction } from '../contract.ts'
import type { ArchiveFormat, ArchivePlan } from './archive-plan.ts'

type ReadKey = Extract<Key, { kind: 'read' }>

export interface ArchiveWish {
  readonly dest: string
  readonly format: ArchiveFormat
  readonly exclusionPatterns: readonly string[]
  readonly plan: ArchivePlan
}

/** The program that packs, and the Debian package it comes with. */
export const PROGRAMS: Readonly<Record<ArchiveFormat, readonly [string, string]>> = {
  gz: ['gzip', 'gzip'],
  bz2: ['bzip2', 'bzip2'],
  xz: ['xz', 'xz-utils'],
  tar: ['tar', 'tar'],
  zip: ['zip', 'zip'],
}

export function compareKey(wish: ArchiveWish): ReadKey {
  return {
    kind: 'read',
    name: `archive ${JSON.stringify(wish)}`,
    script: `${listing(wish)}\nprintf '%s\\n' "$n" | sed 's/^/name /'\n${compare(wish)}`,
  }
}

export interface Compared {
  readonly names: readonly string[]
  readonly state: 'absent' | 'same' | 'differs'
}

export function readCompared({ stdout }: ReadSeen): Compared {
  const lines = stdout.split('\n')
  const names = lines.filter(line => line.startsWith('name ')).map(line => line.slice(5))
  const state = lines.includes('same') ? 'same' : lines.includes('absent') ? 'absent' : 'differs'
  return { names: names.filter(name => name !== ''), state }
}

/** Made beside its place and renamed, so nobody sees half an archive. What is there keeps its owner and mode. */
export function makeAction(wish: ArchiveWish, isUnsafe: boolean): RunAction {
  const unsafe = isUnsafe ? ' 2>/dev/null || cat -- "$w" >"$d"' : ''
  return {
    do: 'run',
    script: `${listing(wish)}
w=$(mktemp "$d.XXXXXXXXXX") || exit 1
trap 'rm -f -- "$w"' 0
${pack(wish)} || exit 1
if [ -f "$d" ]; then chown "$(stat -c %u:%g -- "$d")" "$w"; chmod "$(stat -c %a -- "$d")" "$w"
else chmod "$(printf %o $((0666 & ~$(umask))))" "$w"; fi
mv -f -- "$w" "$d"${unsafe}`,
    failure: `Error when writing the archive ${wish.dest}`,
  }
}

export function removeSources({ plan }: ArchiveWish): RunAction {
  const words = plan.targets.map(({ path }) => quote(path.replace(/\/+$/, '')))
  return { do: 'run', script: `rm -rf -- ${words.join(' ')}`, failure: 'Error when removing the sources' }
}

/** Sets d to the archive and n to the names, one a line; goes to the root. */
function listing({ dest, plan, exclusionPatterns }: ArchiveWish): string {
  const relative = (path: string) => `./${path.slice(plan.root.length)}`
  const without = exclusionPatterns.map(pattern => ` ! -path ${quote(`./${pattern}`)}`).join('')
  const finds = plan.targets.map(({ path, isDirectory }) => {
    const name = relative(path).replace(/\/+$/, '')
    return `find ${quote(name)} ${isDirectory ? '-mindepth 1' : '-prune'}${without}`
  })
  return `d=${quote(dest)}; cd ${quote(plan.root)} || exit 1
n=$({ ${finds.join('; ') || ':'}; } | sed 's|^\\./||' | awk -v r=${quote(plan.root)} -v d=${quote(dest)} 'r $0 != d' | LC_ALL=C sort -u)`
}

function compare(wish: ArchiveWish): string {
  const missing = '[ -f "$d" ] || { echo absent; exit 0; }'
  if (!isPacked(wish))
    return `${missing}\n${UNPACK[wish.format]} "$d" 2>/dev/null | cmp -s - "$n" && echo same; :`
  if (wish.format === 'zip')
    return `${missing}
[ "$(unzip -Z1 "$d" 2>/dev/null | sed 's|/$||' | LC_ALL=C sort -u)" = "$n" ] || exit 0
printf '%s\\n' "$n" | while IFS= read -r f; do
[ -d "$f" ] || unzip -p "$d" "$(printf %s "$f" | sed 's/[[*?\\\\]/[&]/g')" 2>/dev/null | cmp -s - "$f" || exit 1
done && echo same; :`
  return `${missing}
[ "$(${UNPACK[wish.format]} "$d" 2>/dev/null | tar -tf - 2>/dev/null | sed 's|/$||' | LC_ALL=C sort -u)" = "$n" ] || exit 0
[ -n "$(${UNPACK[wish.format]} "$d" | tar -df - 2>&1)" ] || echo same`
}

const UNPACK: Readonly<Record<ArchiveFormat, string>> = {
  gz: 'gzip -dc',
  bz2: 'bzip2 -dc',
  xz: 'xz -dc',
  tar: 'cat',
  zip: 'unzip -p',
}

const PACK: Readonly<Record<ArchiveFormat, string>> = {
  gz: 'gzip -nc',
  bz2: 'bzip2 -c',
  xz: 'xz -c',
  tar: 'cat',
  zip: 'zip',
}

/** One file alone is only compressed, where the format can do that. */
function isPacked({ format, plan }: ArchiveWish): boolean {
  return plan.isArchive || format === 'tar' || format === 'zip'
}

function pack(wish: ArchiveWish): string {
  if (!isPacked(wish)) return `${PACK[wish.format]} <"$n" >"$w"`
  if (wish.format === 'zip') return `rm -f -- "$w"; printf '%s\\n' "$n" | zip -q - -@ >"$w"`
  return `v=; tar --help 2>&1 | grep -q verbatim-files-from && v=--verbatim-files-from
printf '%s\\n' "$n" | tar -cf - --no-recursion $v -T - >"$w.tar" && ${PACK[wish.format]} <"$w.tar" >"$w"; c=$?; rm -f -- "$w.tar"; [ $c = 0 ]`
}
