/** Where a command is, by walking PATH: `command -v` would name built-ins and functions too. Starts no process. */
import { quote } from '../base/quote.ts'
import { garbled, linesOf, textOf } from './answer.ts'
import type { Key, Probe } from './contract.ts'

type WhichKey = Extract<Key, { kind: 'which' }>

export const whichProbe: Probe<WhichKey> = {
  kind: 'which',
  id: key => key.command,
  script(keys) {
    return `${WHICH}\n${keys.map(key => `w ${quote(key.command)}`).join('\n')}`
  },
  parse(keys, stdout) {
    const lines = linesOf(textOf(stdout))
    if (lines.length !== keys.length)
      throw garbled('commands', `${lines.length} answers to ${keys.length} questions`)
    return lines.map(line => ({ path: line === '-' ? null : line }))
  },
}

const WHICH = `w() {
  case $1 in */*) if [ -f "$1" ] && [ -x "$1" ]; then printf '%s\\n' "$1"; else echo -; fi; return;; esac
  o=$IFS; IFS=:
  for d in $PATH; do
    if [ -f "$d/$1" ] && [ -x "$d/$1" ]; then IFS=$o; printf '%s\\n' "$d/$1"; return; fi
  done
  IFS=$o; echo -
}`
