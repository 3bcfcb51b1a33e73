/** Variables of a container: an env file as docker reads it, and the files and flags that hand values over unseen. */

import { quote } from '../../base/quote.ts'

/** NAME=value a line; blank lines and comments are left out, values are taken as they stand. */
export function parseEnvFile(text: string): Record<string, string> {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map(line => line.trimStart())
    .filter(line => line !== '' && !line.startsWith('#') && line.includes('='))
  return Object.fromEntries(
    lines.map(line => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1)]),
  )
}

export interface HandedOver {
  /** For $VPAI_FILES. */
  readonly files: Readonly<Record<string, Uint8Array>>
  /** Words of sh, already quoted where they need it. */
  readonly words: readonly string[]
  /** For docker's own environment, where a file cannot hold the value. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * No value becomes an argument, which everybody on the host could read. A file has one value a line; values with line ends,
 * or longer than docker's reader takes, go through the environment of the docker program.
 */
export function handEnvOver(values: Readonly<Record<string, string>>): HandedOver {
  const entries = Object.entries(values)
  const fits = (value: string) => !/[\r\n]/.test(value) && value.length < 32_000
  const lines = entries.filter(([, value]) => fits(value)).map(([name, value]) => `${name}=${value}\n`)
  const others = entries.filter(([, value]) => !fits(value))
  return {
    files: lines.length === 0 ? {} : { env: new TextEncoder().encode(lines.join('')) },
    words: [
      ...(lines.length === 0 ? [] : ['--env-file', '"$VPAI_FILES/env"']),
      ...others.flatMap(([name]) => ['--env', quote(name)]),
    ],
    env: Object.fromEntries(others),
  }
}

/** Labels that a file can hold go there; others are arguments, which the engine looks through for secrets. */
export function handLabelsOver(labels: Readonly<Record<string, string>>): {
  readonly files: Readonly<Record<string, Uint8Array>>
  readonly words: readonly string[]
  readonly flags: readonly string[]
} {
  const entries = Object.entries(labels)
  const fits = (name: string, value: string) =>
    !/[\r\n]/.test(name + value) && value.length < 32_000 && !/^[\s#]/.test(name)
  const lines = entries.filter(one => fits(...one)).map(([name, value]) => `${name}=${value}\n`)
  return {
    files: lines.length === 0 ? {} : { labels: new TextEncoder().encode(lines.join('')) },
    words: lines.length === 0 ? [] : ['--label-file', '"$VPAI_FILES/labels"'],
    flags: entries.filter(one => !fits(...one)).map(([name, value]) => `--label=${name}=${value}`),
  }
}
