/**
 * A command or script with its own directory, environment, umask, stdin and files.
 *
 * The environment's values, the files and the stdin all travel in the request's body: first the
 * environment as text lines, then each file with its known size, then what the command reads. `read` takes exactly one
 * line from a pipe and dd exactly the bytes asked for, so the command starts at its own first byte.
 */
import { VpaiError } from '../base/error.ts'
import { quote, quoteAll } from '../base/quote.ts'
import type { RunAction } from '../modules/contract.ts'
import { detachRequest } from './detach.ts'

export interface RunRequest {
  readonly script: string
  readonly stdin?: Uint8Array
}

export function runRequest(action: RunAction): RunRequest {
  const env = Object.entries(action.env ?? {})
  const files = Object.entries(action.files ?? {})
  const script = [
    action.umask === undefined ? '' : `umask ${quote(action.umask)}`,
    env.length === 0 ? '' : READ_ENV,
    files.length === 0 ? '' : receiveFiles(files),
    action.cwd === undefined
      ? ''
      : `cd -- ${quote(action.cwd)} || { echo 'vpai: no such directory' >&2; exit 90; }`,
    command(action, files.length > 0),
  ]
  const body = [
    env.length === 0 ? null : Buffer.from(envBlock(env)),
    ...files.map(([, content]) => content),
    action.stdin === undefined ? null : Buffer.from(action.stdin),
  ].filter(part => part !== null)
  const text = `${script.filter(line => line !== '').join('\n')}\n`
  const request = body.length === 0 ? { script: text } : { script: text, stdin: Buffer.concat(body) }
  return action.detached === undefined ? request : detachRequest(request, action.detached)
}

/** Lines are `=NAME`, then one `+text` for each line of its value; a dot ends the block. */
function envBlock(env: readonly (readonly [string, string])[]): string {
  const lines = env.flatMap(([name, value]) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw new VpaiError(
        'ACTION_BAD_ENVIRONMENT',
        `"${name}" cannot be the name of an environment variable.`,
        {
          hint: 'Names are letters, digits and underscores, and do not begin with a digit.',
        },
      )
    }
    return [`=${name}`, ...value.split('\n').map(line => `+${line}`)]
  })
  return `${lines.join('\n')}\n.\n`
}

/** The loop's variables start with an underscore so that no exported name can meet them half-way. */
const READ_ENV = `_n= _v= _s=
while IFS= read -r _l; do
case $_l in
=*|.) [ -z "$_n" ] || export "$_n=$_v"; [ "$_l" != . ] || break; _n=\${_l#=} _v= _s=;;
+*) _v=$_v$_s\${_l#+} _s='
';;
esac
done
unset _n _v _s _l`

function receiveFiles(files: readonly (readonly [string, Uint8Array])[]): string {
  const lines = files.map(([name, content]) => {
    if (name === '' || name.includes('/') || name === '.' || name === '..')
      throw new VpaiError('ACTION_BAD_FILE_NAME', `"${name}" cannot be the name of an uploaded file.`)
    return `receive ${quote(name)} ${content.length}`
  })
  return `receive() {
: >"$VPAI_FILES/$1" || exit 96
[ "$2" = 0 ] || dd bs=65536 count="$2" iflag=fullblock,count_bytes >"$VPAI_FILES/$1" 2>/dev/null || exit 96
[ "$(stat -c %s -- "$VPAI_FILES/$1")" = "$2" ] || exit 91
}
VPAI_FILES=$(umask 077; mktemp -d "\${TMPDIR:-/tmp}/.vpai-XXXXXXXXXX") || exit 96
export VPAI_FILES
trap 'trap "" 1 2 15; rm -rf -- "$VPAI_FILES"' 0; trap 'exit 129' 1; trap 'exit 130' 2; trap 'exit 143' 15
${lines.join('\n')}`
}

/** With files, the shell stays to remove them; else the command takes its place. */
function command(action: RunAction, staysBehind: boolean): string {
  const stdin = action.stdin === undefined ? ' </dev/null' : ''
  const start = staysBehind ? '' : 'exec '
  if (action.argv !== undefined) return `${start}${quoteAll(action.argv)}${stdin}`
  const script = action.script ?? ''
  // Without a shell of its own the script never shows in the process list.
  if (action.shell === undefined) return `( eval ${quote(script)} )${stdin}`
  return `${start}${quote(action.shell)} -c ${quote(script)}${stdin}`
}
