/**
 * Any read-only script, with its own exit code, output and messages. Each runs through eval in a subshell, so
 * neither a syntax error nor `exit` reaches its neighbours; messages are caught without a temporary file.
 */
import { quote } from '../base/quote.ts'
import { MarkedReader } from './answer.ts'
import type { Key, Probe, ReadSeen } from './contract.ts'

type ReadKey = Extract<Key, { kind: 'read' }>

export const readProbe: Probe<ReadKey> = {
  kind: 'read',
  id: key => key.name,
  script(keys) {
    return `M=\${M:-==vpai}\nprintf '%s\\n' "$M"\n${keys.map(one).join('\n')}`
  },
  parse(keys, stdout) {
    const reader = new MarkedReader(stdout, 'commands that read')
    return keys.map(() => read(reader))
  },
}

function one(key: ReadKey): string {
  const env = Object.entries(key.env ?? {}).map(([name, value]) => `export ${name}=${quote(value)}\n`)
  const script = quote(`${env.join('')}${key.script}`)
  return `{ e=$( ( eval ${script} ) 2>&1 >&4 4>&- </dev/null; printf '=%s' "$?" ); } 4>&1
printf '\\n%s %s\\n' "$M" "\${e##*=}"; printf '%s' "\${e%=*}"; printf '\\n%s 0\\n' "$M"`
}

function read(reader: MarkedReader): ReadSeen {
  const { body, trailer } = reader.bytes()
  return {
    code: Number(trailer),
    stdout: body.toString('utf8'),
    stderr: reader.bytes().body.toString('utf8'),
  }
}
