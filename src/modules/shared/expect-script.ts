/**
 * A program on a terminal of its own, and answers to what it asks: `script` gives the terminal, sh watches what
 * is said. Command, patterns and answers travel as files, so no answer is ever an argument.
 */
import { quoteAll } from '../../base/quote.ts'
import type { RunAction } from '../contract.ts'
import type { GrepPattern } from './grep-pattern.ts'

export interface Dialogue {
  readonly argv: readonly string[]
  readonly chdir: string | undefined
  readonly env: Readonly<Record<string, string>>
  readonly responses: readonly Response[]
  /** Seconds between two answers; null: for ever. */
  readonly timeoutS: number | null
  /** Answers are shown as the terminal shows what is typed. */
  readonly echo: boolean
}

export interface Response {
  readonly pattern: GrepPattern
  /** One after the other. */
  readonly answers: readonly string[]
  /** The last of them is given for ever. */
  readonly again: boolean
}

/** Exit codes of the watcher; the program's own code is in the last line of the output. */
export const ENDED = 0
export const TIMED_OUT = 124
/** The number of the question is in the last line of the output. */
export const NO_ANSWER = 125

export function expectAction({ argv, chdir, env, responses, timeoutS, echo }: Dialogue): RunAction {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const quiet = echo ? '' : 'stty -echo\n'
  const program = `echo $$ >"\${0%/*}/pid"\n${quiet}( exec ${quoteAll(argv)} )\necho $? >"\${0%/*}/code"\n`
  const files: Record<string, Uint8Array> = { program: bytes(program) }
  const checks = responses.map(({ pattern, answers, again }, index) => {
    files[`pattern${index}`] = bytes(pattern.pattern)
    for (const [at, answer] of answers.entries()) files[`answer${index}.${at}`] = bytes(`${answer}\n`)
    const grep = `grep -qE${pattern.ignoreCase ? 'i' : ''} -f "$d/pattern${index}" "$d/new"`
    return `if ${grep}; then reply ${index} ${again ? answers.length - 1 : -1}; continue; fi`
  })
  return {
    do: 'run',
    script: watcher(checks, timeoutS),
    files,
    ...(chdir === undefined ? {} : { cwd: chdir }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ok: 'any',
  }
}

/** What is new since the last answer is looked through. A shell of the user's that refuses logins must not be asked. */
function watcher(checks: readonly string[], timeoutS: number | null): string {
  const late =
    timeoutS === null
      ? ':'
      : `[ $(( $(date +%s) - since )) -lt ${timeoutS} ] || { : >"$d/late"; leave; break; }`
  return `d=$VPAI_FILES; mkfifo "$d/in" && : >"$d/out" || exit 1
SHELL=/bin/sh; export SHELL
script -q -f -c "exec sh $d/program" /dev/null <"$d/in" >"$d/out" 2>"$d/err" &
p=$!
exec 3>"$d/in"
# What a terminal that goes away says; script alone would wait for two seconds.
leave() {
  kill -s HUP -- -"$(cat "$d/pid")" 2>/dev/null
  sleep 0.2 2>/dev/null || sleep 1
  kill "$p" 2>/dev/null
}
seen=0; since=$(date +%s)
reply() {
  eval "n=\\\${n$1:-0}"
  [ "$2" -lt 0 ] || [ "$n" -le "$2" ] || n=$2
  [ -f "$d/answer$1.$n" ] || { echo "$1" >"$d/none"; leave; return; }
  seen=$size; cat "$d/answer$1.$n" >&3; eval "n$1=$((n + 1))"; since=$(date +%s)
}
while [ ! -e "$d/code" ] && [ ! -e "$d/none" ] && kill -0 "$p" 2>/dev/null; do
  size=$(wc -c <"$d/out"); size=$((size))
  if [ "$size" -gt "$seen" ]; then
    tail -c +$((seen + 1)) "$d/out" >"$d/new"
    ${checks.join('\n    ')}
  fi
  ${late}
  sleep 0.1 2>/dev/null || sleep 1
done
exec 3>&-
wait "$p" 2>/dev/null
cat "$d/out"; cat "$d/err" >&2
if [ -e "$d/late" ]; then exit ${TIMED_OUT}; fi
if [ -e "$d/none" ]; then printf '\\n%s\\n' "$(cat "$d/none")"; exit ${NO_ANSWER}; fi
printf '\\n%s\\n' "$(cat "$d/code" 2>/dev/null)"`
}
