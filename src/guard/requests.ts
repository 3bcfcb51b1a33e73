/** What is asked of a guard on its host, as sh. The command of `undo` is the body of the request that arms. */
import { quote, quoteAll } from '../base/quote.ts'
import { BASE, PROGRAM } from './program.ts'

export interface Arming {
  /** Letters and digits. */
  readonly id: string
  readonly windowS: number
  /** Process on the host whose end is the end of our session. */
  readonly owner: number
  readonly login: string
  /** As the program wants them. */
  readonly things: readonly string[]
  /** The body is the command to undo with. */
  readonly hasUndo: boolean
}

/** Another guard is there (exit 73, its status on stderr), or this one is made and armed. */
export function armScript({ id, windowS, owner, login, things, hasUndo }: Arming): string {
  const guard = `${BASE}/${id}/guard`
  return [
    `umask 077; b=${BASE} g=${BASE}/${id}`,
    `if [ ! -e "$g/guard" ]; then`,
    `mkdir -p -m 711 "\${b%/*}" && mkdir -p -m 700 "$b" || { echo "$b cannot be made" >&2; exit 76; }`,
    // A link to what is gone or has fired is of no more use.
    `o=$(readlink "$b/.current") && { [ ! -e "$b/$o/guard" ] || [ -e "$b/$o/done" ]; } && rm -f "$b/.current"`,
    `ln -sn ${quote(id)} "$b/.current" 2>/dev/null || { sh "$b/$(readlink "$b/.current")/guard" status >&2; exit 73; }`,
    `mkdir "$g" && printf %s ${quote(PROGRAM)} >"$g/guard.new" && mv "$g/guard.new" "$g/guard" || { rm -rf "$g" "$b/.current"; echo "$g cannot be written" >&2; exit 76; }`,
    'fi',
    hasUndo ? `cat >"$g/undo"` : '',
    `sh ${guard} arm ${windowS} ${owner} ${quote(login)} ${quoteAll(things)}`,
  ]
    .filter(line => line !== '')
    .join('\n')
}

export const holdScript = (id: string, owner: number): string => `sh ${BASE}/${id}/guard hold ${owner}`
export const disarmScript = (id: string): string => `sh ${BASE}/${id}/guard disarm`
/** Answers with the status of it. */
export const fireScript = (id: string, why: string): string =>
  `sh ${BASE}/${id}/guard fire ${quote(why)}; sh ${BASE}/${id}/guard status`
export const toldScript = (id: string): string => `sh ${BASE}/${id}/guard told`

/** Every guard that is there; says nothing where there is none, and to users who may not look. */
export const LOOK = `for g in ${BASE}/*/guard; do [ ! -e "$g" ] || sh "$g" status; done`

/** A guard of a run before this one. */
export type Found =
  | { readonly is: 'fired'; readonly id: string; readonly report: readonly string[] }
  /** Its session lives: `owner` is its process there. */
  | { readonly is: 'owned'; readonly id: string; readonly owner: number; readonly leftS: number }
  | { readonly is: 'left'; readonly id: string }
  | { readonly is: 'busy'; readonly id: string }

/** What LOOK prints. */
export function readStatus(text: string): Found[] {
  const found: Found[] = []
  for (const line of text.split('\n')) {
    const last = found.at(-1)
    if (line.startsWith(' ') && last?.is === 'fired')
      found[found.length - 1] = { ...last, report: [...last.report, line.slice(1)] }
    const [word, id = '', owner = '', left = ''] = line.split(' ')
    if (word === 'fired') found.push({ is: 'fired', id, report: [] })
    if (word === 'busy') found.push({ is: 'busy', id })
    if (word !== 'armed' && word !== 'hold') continue
    found.push(
      owner === 'gone'
        ? { is: 'left', id }
        : { is: 'owned', id, owner: Number(owner), leftS: Math.max(0, Number(left)) },
    )
  }
  return found
}
