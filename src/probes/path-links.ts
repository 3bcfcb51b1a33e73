/**
 * What links hold, and what they finally lead to: one `stat` and one `realpath` for all of them.
 *
 * The text of a link may hold any byte but NUL, so each ends at the batch's random marker. GNU's stat before 8.26 writes
 * such texts with escapes; where it does, and where one of the programs fails because a link is gone by then, each link
 * is asked by processes of its own. So it is when a link leads to a path of several lines, and for a few by themselves.
 *
 * The answer: a line with the numbers of the links among the paths, those that lead nowhere with a dash before. Then,
 * unless there are none, `t` and the marker, for each its name, an arrow and its text, and a line for each that leads
 * somewhere; or `s`, and for each its text and where it leads with NUL behind.
 */
import { garbled } from './answer.ts'
import type { Cursor } from './cursor.ts'

export interface LinkSeen {
  readonly target: string
  /** '' when nothing is there. */
  readonly resolved: string
}

/** Tells of the links among "$@", which are so many paths; `linksProgram` stands before it. */
export function linksCall(count: number): string {
  return count > FEW ? 'l "$@"' : `${FIND}\n[ -z "$w" ] || { ${EACH}; }`
}

/** For calls with so many paths. */
export function linksProgram(counts: readonly number[]): string {
  return counts.some(count => count > FEW) ? TOGETHER : ''
}

/** So many paths are quicker asked one by one than the program that asks them together is sent. */
const FEW = 8

const FIND = `i=0 w=
for p do i=$((i + 1)); [ ! -L "$p" ] || if [ -e "$p" ]; then w="$w $i"; else w="$w -$i"; fi; done
printf '%s\\n' "$w"`

const EACH = `echo s; for x in $w; do
eval "p=\\\${\${x#-}}"; readlink -n -- "$p"; printf '\\0'; [ "$x" -lt 0 ] || readlink -n -f -- "$p"; printf '\\0'
done`

const TOGETHER = `l() {
  ${FIND}
  [ -n "$w" ] || return 0
  a= b= h= k=0 t=. m=\${M#"\${M%????????}"} q='
'
  for x in $w; do
    a="$a \\"\\\${\${x#-}}\\""; [ "$x" -lt 0 ] || { b="$b \\"\\\${$x}\\"" k=$((k + 1)); }
    eval "p=\\\${\${x#-}}"; case $p in /*) ;; *) h=1;; esac
  done
  if [ -z "$h" ] && [ "$(QUOTING_STYLE=literal stat -c %N / 2>/dev/null)" = / ] &&
    o=$(eval "QUOTING_STYLE=literal stat -c '%N$q$m' --$a" 2>/dev/null) &&
    { [ -z "$b" ] || t=$(eval "realpath$b" 2>/dev/null && echo .); }
  then
    case $t in *"$q$q"*) h=1;; esac
    set -f; IFS=$q; for p in $t; do k=$((k - 1)); done; unset IFS; set +f
    [ $k = -1 ] || h=1
  else h=1; fi
  if [ -z "$h" ]; then printf 't%s\\n%s\\n%s' "$m" "$o" "\${t%.}"; return; fi
  ${EACH}
}`

/** By path; `paths` as they were asked. */
export function readLinks(paths: readonly string[], cursor: Cursor): ReadonlyMap<string, LinkSeen> {
  const links = cursor
    .take('\n')
    .split(' ')
    .slice(1)
    .map(word => ({ path: pathAt(paths, word), leads: !word.startsWith('-') }))
  if (links.length === 0) return new Map()
  const mode = cursor.take('\n')
  if (mode === 's')
    return new Map(
      links.map(({ path }) => [path, { target: cursor.take('\0'), resolved: cursor.take('\0') }]),
    )
  if (!mode.startsWith('t')) throw garbled('links', `it has the line "${mode}"`)
  const targets = links.map(({ path }) => targetIn(cursor.take(`\n${mode.slice(1)}\n`), path))
  return new Map(
    links.map(({ path, leads }, index) => [
      path,
      { target: targets[index] ?? '', resolved: leads ? cursor.take('\n') : '' },
    ]),
  )
}

function pathAt(paths: readonly string[], word: string): string {
  const path = paths[Math.abs(Number(word)) - 1]
  if (path === undefined) throw garbled('links', `there is no path ${word}`)
  return path
}

/** busybox puts both names into quotes, and changes nothing in them. What is no link any more has no arrow. */
function targetIn(told: string, path: string): string {
  const plain = `${path} -> `
  const quoted = `'${path}' -> '`
  if (told.startsWith(plain)) return told.slice(plain.length)
  if (told.startsWith(quoted)) return told.slice(quoted.length, -1)
  if (told === path) return ''
  throw garbled(`the link ${path}`, 'stat told about another file')
}
