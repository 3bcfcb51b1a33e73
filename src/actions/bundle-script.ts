/**
 * A bundle carried out. The files come as tar archives in the request's body, one for a stretch of files of a folder, and
 * are unpacked into a private folder beside their places. Only when all have arrived whole, have owner and mode and are
 * durable, they are renamed into place, so a stream that is cut changes no file.
 *
 * The private folder belongs to us and is entered before it is used: nobody can swap what is in it, and `..` is where it
 * was made. Commands get all names of a stretch; where one fails it is done again one by one, to tell which.
 * Prints the path that failed. Exit codes: see explain-failure.ts; 98: there is no tar.
 */
import type { Pieces } from '../base/pieces.ts'
import { gathered } from '../base/pieces.ts'
import { quote, quoteAll } from '../base/quote.ts'
import { attributesScript, chmodWord, ownerWord } from './attributes.ts'
import type { Bundle, BundledAction, BundledFile } from './bundle.ts'
import { linkScript } from './link.ts'
import { prefixes } from './mkdir.ts'
import { removeScript } from './remove.ts'
import { type TarFile, tarLength, tarPieces } from './tar.ts'

export function bundleRequest(bundle: Bundle, token: string): { script: string; stdin: Pieces } {
  const stretches = stretchesOf(bundle.files)
  const archives = stretches.map(files => files.map(tarFile))
  return {
    script: [
      ...prologue(stretches, token),
      ...runs(bundle, 'remove', () => '').map(removing),
      ...runs(bundle, 'mkdir', attributesOf).map(making),
      ...stretches.map((files, index) => stretchScript(files, { name: nameOf(token, index), index })),
      ...stretches.map((_files, index) => `n${index} take`),
      ...(stretches.length === 0 ? [] : [durable(stretches)]),
      ...stretches.map((_files, index) => `n${index} place`),
      ...bundle.parts.flatMap((part, index) => single(part, `${token}${index}`)),
      ...runs(bundle, 'attributes', attributesOf).flatMap(setting),
      'exit 0',
    ].join('\n'),
    stdin: {
      length: archives.reduce((sum, files) => sum + tarLength(files), 0),
      pieces: () => gathered(piecesOf(archives)),
    },
  }
}

/** Names that one command gets. */
const MAX_NAMES = 300

function* piecesOf(archives: readonly (readonly TarFile[])[]): Generator<Uint8Array> {
  for (const files of archives) yield* tarPieces(files)
}

const tarFile = ({ action }: BundledFile): TarFile => ({
  name: `./${baseOf(action.path)}`,
  content: action.content,
  mtime: action.mtime ?? 0,
})

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'
const nameOf = (token: string, index: number): string => `.vpai-${token}-${index}`

/** Files of one folder that get the same owner and mode, and are compared in the same way. */
function stretchesOf(files: readonly BundledFile[]): readonly (readonly BundledFile[])[] {
  const open = new Map<string, BundledFile[]>()
  const all: BundledFile[][] = []
  for (const file of files) {
    const { action, mode, kept, before, keepsLists } = file
    const how = [mode, kept, ownerWord(action), before?.is, keepsLists, action.mtime === undefined]
    const id = JSON.stringify([folderOf(action.path), ...how])
    const stretch = open.get(id)
    if (stretch !== undefined && stretch.length < MAX_NAMES) stretch.push(file)
    else {
      const begun = [file]
      open.set(id, begun)
      all.push(begun)
    }
  }
  return all
}

/** A function that hands the stretch to the command it is given. */
function stretchScript(
  files: readonly BundledFile[],
  { name, index }: { readonly name: string; readonly index: number },
): string {
  const first = files[0]!
  const { mode, kept, action } = first
  const words = [
    name,
    folderOf(action.path),
    String(tarLength(files.map(tarFile))),
    action.mtime === undefined ? '-xomf' : '-xof',
    expected(files, first),
    kept ?? '',
    '',
    chmodWord(mode),
    files.map(file => file.action.content.length).join('\n'),
    ...files.map(file => baseOf(file.action.path)),
  ].map(quote)
  // Quoted already, as chown takes it.
  words[6] = ownerWord(action) ?? "''"
  return `n${index}() { "$1" ${words.join(' ')}; }`
}

/** What must be there before: `absent`, texts of stat, or nothing that is compared (`old` keeps access control lists). */
function expected(files: readonly BundledFile[], { before, keepsLists }: BundledFile): string {
  if (before === null) return keepsLists ? 'old' : 'any'
  if (before.is === 'absent') return 'absent'
  const texts = files.flatMap(file => (file.before?.is === 'same' ? [file.before.stat] : []))
  return `${keepsLists ? 'old' : 'any'} ${texts.join('\n')}`
}

function durable(stretches: readonly (readonly BundledFile[])[]): string {
  const folders = new Set(stretches.map(([first]) => folderOf(first!.action.path)))
  return `sync -f -- ${quoteAll([...folders])} 2>/dev/null || sync`
}

type Part<Do> = Extract<BundledAction, { do: Do }>

/** Neighbours of a kind that are done alike. */
function runs<Do extends BundledAction['do']>(
  { parts }: Bundle,
  kind: Do,
  alike: (part: Part<Do>) => string,
): readonly (readonly Part<Do>[])[] {
  const found: Part<Do>[][] = []
  for (const part of parts) {
    if (!isOf(part, kind)) continue
    const last = found.at(-1)
    if (last?.[0] !== undefined && last.length < MAX_NAMES && alike(last[0]) === alike(part)) last.push(part)
    else found.push([part])
  }
  return found
}

const isOf = <Do extends BundledAction['do']>(part: BundledAction, kind: Do): part is Part<Do> =>
  part.do === kind

const attributesOf = (part: Part<'mkdir' | 'attributes'>): string =>
  JSON.stringify([ownerWord(part), part.mode, isAlone(part) ? part.path : null])

const wordsOf = (part: Part<'mkdir' | 'attributes'>): string =>
  `${ownerWord(part) ?? "''"} ${part.mode === undefined ? "''" : chmodWord(part.mode)}`

function removing(parts: readonly Part<'remove'>[]): string {
  // It refuses what must never be removed.
  for (const part of parts) removeScript(part)
  return `gone ${quoteAll(parts.map(part => part.path))}`
}

function making(parts: readonly Part<'mkdir'>[]): string {
  const paths = parts.map(part => part.path)
  const all = new Set(paths.flatMap(path => prefixes(path)))
  const words = wordsOf(parts[0]!)
  const made = `dirs ${words} ${quoteAll([...all])}`
  if (words === "'' ''") return made
  return `${made}\nown ${words.split(' ')[0]} ${quoteAll(paths)}\nbits ${words.split(' ')[1]} ${quoteAll(paths)}`
}

/** What has a script of its own. */
function single(part: BundledAction, token: string): readonly string[] {
  if (part.do === 'link')
    return [`P=; ( ${linkScript(part, token)}\n) </dev/null || at ${quote(part.path)} $?`]
  return []
}

function setting(parts: readonly Part<'attributes'>[]): readonly string[] {
  const [first] = parts
  if (first === undefined) return []
  if (isAlone(first))
    return parts.map(part => `P=; ( ${attributesScript(part)}\n) </dev/null || at ${quote(part.path)} $?`)
  return [`attrs ${wordsOf(first)} ${quoteAll(parts.map(part => part.path))}`]
}

/** Times are of one thing, and what follows links is not done to links. */
const isAlone = (part: Part<'mkdir' | 'attributes'>): boolean =>
  part.do === 'attributes' && (part.mtime !== undefined || part.follow === true)

function prologue(stretches: readonly (readonly BundledFile[])[], token: string): readonly string[] {
  const own = stretches.map(([first], index) => {
    const folder = folderOf(first!.action.path)
    return `${folder === '/' ? '' : folder}/${nameOf(token, index)}`
  })
  if (own.length === 0) return [FUNCTIONS]
  const clean = `clean() { cd /; rm -rf -- ${quoteAll(own)}; }
trap clean 0; trap 'exit 129' 1; trap 'exit 130' 2; trap 'exit 141' 13; trap 'exit 143' 15`
  return [HAS_TAR, clean, FUNCTIONS, FILE_FUNCTIONS]
}

/** rd N is the helper's own way to take exactly N bytes from the stream. */
const HAS_TAR = `command -v tar >/dev/null 2>&1 || exit 98
case $(command -v rd) in rd) ;; *) rd() { dd bs=65536 count="$1" iflag=fullblock,count_bytes 2>/dev/null; };; esac`

/**
 * at NAME CODE ends it · own OWNER NAME… · bits MODE NAME… · gone PATH… · dirs OWNER MODE PATH… makes those that are not
 * there · attrs OWNER MODE PATH… · P goes before names where they are told
 */
const FUNCTIONS = `P=
at() { printf %s "$P$1"; exit "$2"; }
own() {
O=$1; shift; [ -n "$O" ] && [ $# != 0 ] || return 0
chown -h "$O" -- "$@" 2>/dev/null || for p do chown -h "$O" -- "$p" || at "$p" 97; done
}
bits() {
M=$1; shift; [ -n "$M" ] && [ $# != 0 ] || return 0
chmod "$M" -- "$@" 2>/dev/null || for p do chmod "$M" -- "$p" || at "$p" 97; done
}
gone() {
P=; rm -rf -- "$@" 2>/dev/null || for p do rm -rf -- "$p" || at "$p" 96; done
}
dirs() {
w=$1 m=$2 P=; shift 2
for p do shift; [ -d "$p" ] || set -- "$@" "$p"; done
[ $# != 0 ] || return 0
mkdir -- "$@" 2>/dev/null || for p do [ -d "$p" ] || mkdir -- "$p" || at "$p" 96; done
own "$w" "$@"
bits "$m" "$@"
}
attrs() {
w=$1 m=$2 P=; shift 2
for p do [ -e "$p" ] || [ -L "$p" ] || at "$p" 90; done
own "$w" "$@"
for p do shift; [ -L "$p" ] || set -- "$@" "$p"; done
bits "$m" "$@"
}`

/**
 * take and place get: t own folder · D folder · b bytes · q what tar does · e what is expected · k owner kept · w owner
 * · m mode · z sizes, a line each · names
 */
const FILE_FUNCTIONS = `n='
'
take() {
t=$1 D=$2 b=$3 q=$4 e=$5 k=$6 w=$7 m=$8 z=$9; shift 9
P=\${D%/}/
cd -P -- "$D" || at "$1" 90
h=$PWD
mkdir -m 700 -- "$t" || at "$1" 96
cd -P -- "$t" && [ "$PWD" = "\${h%/}/$t" ] && [ -O . ] || at "$1" 96
rd "$b" | tar "$q" -; r=$?
[ $r = 0 ] && [ "$(stat -c %s -- "$@" 2>/dev/null)" = "$z" ] || part "$@"
case $e in old*) lists "$@";; esac
[ -z "$k" ] || chown -h "$k" -- "$@" 2>/dev/null
own "$w" "$@"
bits "$m" "$@"
[ ! -d /sys/fs/selinux ] || for p do
if [ -e "../$p" ]; then chcon --reference="../$p" -- "$p"; else restorecon "$p"; fi 2>/dev/null
done
}
part() {
[ $r = 0 ] && r=91 || r=96
for p do
[ "$(stat -c %s -- "$p" 2>/dev/null)" = "\${z%%"$n"*}" ] || at "$p" $r
z=\${z#*"$n"}
done
at "$1" $r
}
lists() {
command -v getfacl >/dev/null 2>&1 && [ -n "$(cd .. && getfacl -cs -- "$@" 2>/dev/null)" ] || return 0
for p do
[ -L "../$p" ] || getfacl -c -- "../$p" 2>/dev/null | setfacl --set-file=- -- "$p"
done
}
place() {
t=$1 D=$2 e=$5; shift 9
P=\${D%/}/
cd -P -- "\${D%/}/$t" && [ -O . ] || at "$1" 96
case $PWD in */"$t") ;; *) at "$1" 96;; esac
for p do [ ! -d "../$p" ] || [ -L "../$p" ] || at "$p" 94; done
case $e in
absent) for p do [ ! -e "../$p" ] && [ ! -L "../$p" ] || at "$p" 93; done;;
*' '*) [ "$(cd .. && stat -c '%i %Z %s' -- "$@" 2>/dev/null)" = "\${e#* }" ] || at "$1" 93;;
esac
mv -f -- "$@" .. 2>/dev/null || for p do [ ! -e "$p" ] || mv -f -- "$p" .. || at "$p" 96; done
cd .. && rmdir -- "$t"
}`
