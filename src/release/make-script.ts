/** The sh that makes a release on the host: copies of what is new, images kept by a name of ours, the manifest, and old ones gone. */
import { quote } from '../base/quote.ts'
import { runName } from '../record/layout.ts'
import { filesScript, imagesScript } from './facts.ts'
import { keptImage } from './kept-image.ts'
import { type DeclaredLists, type Header, manifestHead } from './manifest.ts'
import { retireScript } from './retire-script.ts'
import { stateScript } from './state-script.ts'

export interface Making {
  /** The record's folder, a word of sh. */
  readonly folder: string
  readonly header: Omit<Header, 'format'>
  readonly declared: DeclaredLists
  /** How many releases the host keeps. */
  readonly keep: number
}

/** Ends with 96 when it cannot be written, 87 when there is one of that number. */
export function makeScript({ folder, header, declared, keep }: Making): string {
  const { number, project } = header
  const { files, compose } = declared
  return `D=${folder}; R=$D/releases; n=$R/.new.$$; m=$R/${runName(number)}
umask 077
mkdir -p -- "$R" "$D/blobs" && chmod 700 "$R" "$D/blobs" || exit 96
[ ! -e "$m" ] || exit 87
rm -rf -- "$R"/.new.* "$D"/blobs/.new.*; mkdir -- "$n" || exit 96
I=
{ printf '%s\\n' ${quote(manifestHead(header, declared))}
${filesScript(
  files.map(({ path }) => path),
  KEEP_BLOB,
)}
${imagesScript(compose.map(one => one.project))}
${stateScript('$n/manifest')}
:
} >"$n/manifest" || exit 96
${tagScript(project, number)}
mv -T -- "$n" "$m" || exit 96
rm -rf -- "$R"/failed.*
${retireScript(project, keep)}`
}

/** Leaves what a deploy declared that failed, so that going back knows what it made. No contents are kept. */
export function failedScript({ folder, header, declared }: Omit<Making, 'keep'>): string {
  return `R=${folder}/releases; n=$R/failed.${runName(header.lease)}
umask 077
mkdir -p -- "$n" && chmod 700 "$R" && printf '%s\\n' ${quote(manifestHead(header, declared))} >"$n/manifest" || exit 96`
}

/** What is hashed is the copy, so that a file that changes meanwhile is kept as it was read. */
const KEEP_BLOB = `[ -e "$D/blobs/$h" ] || { cat <"$2" >"$D/blobs/.new.$$" && h=$(sha256sum <"$D/blobs/.new.$$") && h=\${h%% *} && mv -f -- "$D/blobs/.new.$$" "$D/blobs/$h"; } || exit 96`

/** Images without a name are the first that are pruned. */
function tagScript(project: string, number: number): string {
  const tab = '"$(printf \'\\t\')"'
  return `[ -z "$I" ] || printf '%s\\n' "$I" | while IFS=${tab} read -r w p s c t r i; do
docker tag "$i" ${keptImage(project, number)}"$p.$s" >/dev/null 2>&1
done`
}
