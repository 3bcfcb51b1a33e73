/**
 * Unpacking on the host. GNU tar compares an archive with what is there; for everything else the archive is unpacked
 * beside its destination, compared file by file, and moved over what differs.
 */
import { quote, quoteAll } from '../../base/quote.ts'
import type { Dict } from '../../base/value.ts'
import type { Key } from '../../probes/contract.ts'
import type { FileAttributes, Output, RunAction } from '../contract.ts'
import type { UnarchiveArgs } from '../unarchive.ts'
import { modeText } from './mode.ts'

/** Prints same, differs, or unknown where tar cannot tell. */
export function sameKey(args: UnarchiveArgs): Extract<Key, { kind: 'read' }> {
  return {
    kind: 'read',
    name: `unarchive ${JSON.stringify([args.src, args.dest, args.include, args.exclude, ignored(args)])}`,
    script: `a=${quote(args.src)}; d=${quote(args.dest)}
tar --version 2>/dev/null | grep -q GNU || { echo unknown; exit 0; }
tar -tf "$a" >/dev/null 2>&1 || { echo unknown; exit 0; }
if [ -z "$(${compareCommand(args)})" ]; then echo same; else echo differs; fi`,
  }
}

/** Lines of tar -d that count. */
function compareCommand(args: UnarchiveArgs): string {
  return `tar -df "$a" -C "$d" ${tarOptions(args)} 2>&1 | grep -vE ${quote(`(${ignored(args).join('|')})$`)}`
}

/** Owner and mode that the task sets itself are not the archive's business; only root keeps an archive's owners. */
function ignored({ owner, group, mode }: UnarchiveArgs): readonly string[] {
  return [
    // The archive's own top directory is not the destination.
    '^\\./?: .*',
    ...(owner === undefined ? ['Uid differs but we are not root'] : ['Uid differs']),
    ...(group === undefined ? ['Gid differs but we are not root'] : ['Gid differs']),
    ...(mode === undefined ? ['tar: Removing leading .*'] : ['Mode differs', 'tar: Removing leading .*']),
  ]
}

function tarOptions({ exclude, include, extra_opts }: UnarchiveArgs): string {
  return quoteAll([
    ...exclude.map(name => `--exclude=${name}`),
    ...extra_opts,
    ...(include.length === 0 ? [] : ['--', ...include]),
  ])
}

/** `archive`: bytes to upload; null when the host has the file or downloads it. */
export function extractAction(
  args: UnarchiveArgs,
  attributes: FileAttributes,
  archive: Uint8Array | null,
): RunAction {
  const isUrl = archive === null && args.src.includes('://')
  const insecure = args.validate_certs ? '' : ' -k'
  const lines = [
    `d=${quote(args.dest)}; w=$(umask 077; mktemp -d "$d/.vpai-XXXXXXXXXX") || exit 1`,
    `trap 'rm -rf -- "$w" "\${VPAI_FILES:-$w}"' 0`,
    archive !== null ? 'a=$VPAI_FILES/archive' : `a=${quote(args.src)}`,
    isUrl
      ? `u=$a; a=$w/archive; if command -v curl >/dev/null 2>&1; then curl -fsSL${insecure} -o "$a" -- "$u"; else wget -q -O "$a" "$u"; fi || exit 1`
      : '',
    UNPACK.replaceAll('TAR_OPTIONS', tarOptions(args)).replace('ZIP_OPTIONS', zipOptions(args)),
    attributesOfFiles(attributes, args),
    moveOver(args.keep_newer),
  ]
  return {
    do: 'run',
    script: lines.filter(line => line !== '').join('\n'),
    ...(archive === null ? {} : { files: { archive } }),
    failure: `${args.src} could not be unpacked`,
  }
}

/** All that is in the archive, whatever is chosen of it. */
export function namesKey({ src }: UnarchiveArgs) {
  const script = `a=${quote(src)}; tar -tf "$a" 2>/dev/null || unzip -Z1 "$a" 2>/dev/null; :`
  return { kind: 'read', name: `names in ${src}`, script } as const
}

export function readExtraction(output: Output, listFiles: boolean): Dict {
  const lines = output.stdout.split('\n').filter(line => line !== '')
  const files = lines.filter(line => line.startsWith('file ')).map(line => line.slice(5))
  return {
    changed: lines.includes('changed'),
    handler: lines.includes('zip') ? 'ZipArchive' : lines.includes('gzip') ? 'TgzArchive' : 'TarArchive',
    ...(listFiles ? { files } : {}),
  }
}

function zipOptions({ exclude, include, extra_opts }: UnarchiveArgs): string {
  return quoteAll([
    ...extra_opts,
    '--archive--',
    ...include,
    ...(exclude.length === 0 ? [] : ['-x', ...exclude]),
  ]).replace('--archive--', '"$a"')
}

/** Archives begin with their kind; zip's is PK. */
const UNPACK = `mkdir "$w/x" || exit 1
case $(head -c 2 -- "$a") in
PK) echo zip; command -v unzip >/dev/null 2>&1 || { echo 'unzip is not on this host' >&2; exit 1; }
  ( cd "$w/x" && unzip -q -o ZIP_OPTIONS ) || [ $? = 1 ] || exit 1;;
*) case $(od -An -tx1 -N2 "$a") in *'1f 8b'*) echo gzip;; esac
  if tar --version 2>/dev/null | grep -q GNU; then tar -xf "$a" -C "$w/x" TAR_OPTIONS || exit 1
  else case $(od -An -tx1 -N4 "$a") in
    *'1f 8b'*) z=gunzip;; *'42 5a 68'*) z=bunzip2;; *'fd 37 7a'*) z=unxz;; *'28 b5 2f fd'*) z='zstd -dc';; *) z=cat;; esac
    $z <"$a" | tar -xf - -C "$w/x" TAR_OPTIONS || exit 1
  fi;;
esac`

/** Clauses such as u=rwX depend on what each file is, so they go to chmod as they are. */
function attributesOfFiles({ mode, owner, group }: FileAttributes, args: UnarchiveArgs): string {
  const lines: string[] = []
  if (owner !== undefined || group !== undefined)
    lines.push(`chown -R -h ${owner ?? ''}${group === undefined ? '' : `:${group}`} "$w/x" || exit 1`)
  const symbolic = typeof args.mode === 'object' ? quote(args.mode.symbolic) : null
  if (mode !== undefined)
    lines.push(`find "$w/x" -mindepth 1 ! -type l -exec chmod ${symbolic ?? modeText(mode)} {} + || exit 1`)
  return lines.join('\n')
}

/**
 * Directories are made, files that differ in bytes, owner or mode are renamed into place. One script for all
 * files, started by find with as many names as fit.
 */
function moveOver(keepNewer: boolean): string {
  const newer = keepNewer ? '[ -f "$t" ] && [ "$t" -nt "$s" ] && continue\n' : ''
  const each = `for s do
r=\${s#"$W"/x/}; t=$D/$r; echo "file $r"
if [ -d "$s" ] && [ ! -L "$s" ]; then
  [ -d "$t" ] || { mkdir -p -- "$t" || exit 1; echo changed; }
  [ "$(stat -c "%u %g %a" -- "$s")" = "$(stat -L -c "%u %g %a" -- "$t")" ] || { chown "$(stat -c %u:%g -- "$s")" "$t" 2>/dev/null; chmod "$(stat -c %a -- "$s")" "$t"; echo changed; }
  continue
fi
${newer}if [ -L "$s" ]; then [ -L "$t" ] && [ "$(readlink -- "$s")" = "$(readlink -- "$t")" ] && continue
elif [ -f "$t" ] && [ ! -L "$t" ] && cmp -s -- "$s" "$t" && [ "$(stat -c "%u %g %a" -- "$s")" = "$(stat -c "%u %g %a" -- "$t")" ]; then touch -r "$s" -- "$t"; continue; fi
mv -f -T -- "$s" "$t" || exit 1; echo changed
done`
  // Directories first, and a directory's own times last, when nothing is put into it any more.
  return `W=$w D=$d; export W D
find "$w/x" -mindepth 1 -type d -exec sh -c ${quote(each)} sh {} + || exit 1
find "$w/x" -mindepth 1 ! -type d -exec sh -c ${quote(each)} sh {} + || exit 1
( cd "$w/x" && find . -mindepth 1 -depth -type d -exec sh -c 'for s do touch -r "$s" -- "$D/$s"; done' sh {} + )
:`
}
