/**
 * The docker program of the host: which engine it speaks to, the words before its command, what its answers mean.
 *
 * Arguments that Ansible's modules share: docker_host, tls, validate_certs, ca_path, client_cert, client_key,
 * api_version. timeout, use_ssh_client and debug are taken and change nothing; tls_hostname is refused.
 */
import { quoteAll } from '../../base/quote.ts'
import { type Dict, isDict, type Value } from '../../base/value.ts'
import type { ReadSeen } from '../../probes/contract.ts'
import type { Verdict } from '../contract.ts'
import { argumentsOf, bool, float, path, text } from './arguments.ts'
import { refused, withoutEffect } from './honoured.ts'
import { fail } from './results.ts'

export interface DockerConnection {
  /** Where the program is, when it is not on the search path. */
  readonly docker_cli?: string
  readonly docker_host?: string
  readonly cli_context?: string
  readonly api_version?: string
  readonly tls?: boolean
  readonly validate_certs?: boolean
  readonly ca_path?: string
  readonly client_cert?: string
  readonly client_key?: string
}

export const connectionShape = () => ({
  docker_host: text().optional(),
  api_version: text().optional(),
  tls: bool().optional(),
  validate_certs: bool().optional(),
  ca_path: path().optional(),
  client_cert: path().optional(),
  client_key: path().optional(),
  tls_hostname: refused('the docker program checks the name it connects to'),
  timeout: withoutEffect(float().optional(), 'the docker program waits for as long as the engine works'),
  use_ssh_client: withoutEffect(bool().optional(), 'engines at ssh:// are always reached by the ssh client'),
  debug: withoutEffect(bool().optional(), 'what the docker program says is in the result anyway'),
})

export const CONNECTION_ALIASES: Readonly<Record<string, string>> = {
  docker_url: 'docker_host',
  docker_api_version: 'api_version',
  tls_verify: 'validate_certs',
  ca_cert: 'ca_path',
  tls_ca_cert: 'ca_path',
  cacert_path: 'ca_path',
  tls_client_cert: 'client_cert',
  cert_path: 'client_cert',
  tls_client_key: 'client_key',
  key_path: 'client_key',
}

/** A module's own arguments, and those of the connection; where both have a name, the module's counts. */
export function dockerArguments<Shape extends Parameters<typeof argumentsOf>[0]>(
  shape: Shape,
  aliases: Readonly<Record<string, string>> = {},
) {
  return argumentsOf({ ...shape, ...connectionShape(), ...shape }, { ...aliases, ...CONNECTION_ALIASES })
}

/** `docker` and what chooses the engine, up to and without the command. */
export function dockerWords(connection: DockerConnection): string[] {
  const { docker_host, cli_context, api_version, tls, validate_certs } = connection
  const version = api_version === undefined || api_version === 'auto' ? [] : [api_version]
  const given = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value])
  return [
    ...version.flatMap(one => ['env', `DOCKER_API_VERSION=${one}`]),
    connection.docker_cli ?? 'docker',
    ...given('--host', docker_host),
    ...given('--context', cli_context),
    ...(validate_certs ? ['--tlsverify'] : tls ? ['--tls'] : []),
    ...given('--tlscacert', connection.ca_path),
    ...given('--tlscert', connection.client_cert),
    ...given('--tlskey', connection.client_key),
  ]
}

/** A whole command as one line of sh. */
export function dockerLine(connection: DockerConnection, words: readonly string[]): string {
  return quoteAll([...dockerWords(connection), ...words])
}

/** A key for what a read-only docker command prints. */
export function dockerKey(connection: DockerConnection, words: readonly string[]) {
  const script = dockerLine(connection, words)
  return { kind: 'read', name: script, script } as const
}

export type Inspected =
  /** Of the things asked for, those that are there, in the order of asking. */
  { readonly found: readonly Dict[] } | { readonly problem: string }

const ABSENT = /no such|not found/i

/** The answer of `docker … inspect`: a thing that is not there is no problem, anything else on stderr is. */
export function readInspected({ code, stdout, stderr }: ReadSeen): Inspected {
  const complaints = stderr.split('\n').filter(line => line.trim() !== '')
  if (code === 127) return { problem: NO_PROGRAM }
  if (code !== 0 && (complaints.length === 0 || !complaints.every(line => ABSENT.test(line))))
    return { problem: complaints.join('\n').trim() || `docker ended with exit code ${code}` }
  return { found: parseList(stdout) }
}

const NO_PROGRAM = 'there is no docker program on the host; install docker.io or docker-ce-cli'

/** What to say when a read-only command failed; null when it did not. */
export function problemOf({ code, stderr, stdout }: ReadSeen): string | null {
  if (code === 0) return null
  if (code === 127) return NO_PROGRAM
  return stderr.trim() || stdout.trim() || `docker ended with exit code ${code}`
}

export function dockerRefuses(what: string, problem: string): Verdict {
  return fail(`docker does not tell about ${what}: ${problem}`)
}

/** A JSON list, or nothing where docker printed nothing. */
function parseList(stdout: string): Dict[] {
  const parsed: unknown = stdout.trim() === '' ? [] : JSON.parse(stdout)
  return (Array.isArray(parsed) ? parsed : [parsed]).filter(isDict)
}

/** One JSON value a line, as `--format json` and `{{json .}}` print. */
export function jsonLines(stdout: string): Dict[] {
  return stdout
    .split('\n')
    .filter(line => line.trim() !== '')
    .flatMap(line => parseList(line))
}

/** The value at a dotted path; null where a part of the way is missing. */
export function at(value: Value | undefined, dotted: string): Value {
  const end = dotted
    .split('.')
    .reduce<Value | undefined>((level, key) => (isDict(level) ? level[key] : undefined), value)
  return end ?? null
}

export function dictAt(value: Value | undefined, dotted: string): Dict {
  const found = at(value, dotted)
  return isDict(found) ? found : {}
}

export function listAt(value: Value | undefined, dotted: string): readonly Value[] {
  const found = at(value, dotted)
  return Array.isArray(found) ? (found as readonly Value[]) : []
}

export function textAt(value: Value | undefined, dotted: string): string {
  const found = at(value, dotted)
  return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : ''
}

export function textsAt(value: Value | undefined, dotted: string): Record<string, string> {
  return Object.fromEntries(Object.entries(dictAt(value, dotted)).map(([key, one]) => [key, String(one)]))
}
