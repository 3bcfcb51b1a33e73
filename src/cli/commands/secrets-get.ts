import { stringify } from 'yaml'
import { Secret } from '../../base/secret.ts'
import { isDict, type Value } from '../../base/value.ts'
import { getSecret } from '../../files/secrets-file.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { secretsPlace } from '../project/secrets-place.ts'

/** vpai secrets get KEY: the value byte for byte, so that a program can take it; several secrets as YAML. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args } = invocation
  const place = secretsPlace(invocation)
  const text = clear(await getSecret(place.file, await place.keys(), args[0] ?? ''))
  io.out.write(io.stdoutIsTty && !text.endsWith('\n') ? `${text}\n` : text)
  return EXIT.fine
}

function clear(value: Value): string {
  if (value instanceof Secret) return value.reveal()
  return value !== null && typeof value === 'object' ? stringify(revealed(value)) : String(value)
}

function revealed(value: Value): unknown {
  if (value instanceof Secret) return value.reveal()
  if (Array.isArray(value)) return value.map(revealed)
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, revealed(item)]))
  if (isDict(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]))
  return value
}
