/** Lookups that reach outside the process: files, environment, programs, stored passwords. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fastGlob from 'fast-glob'
import { VpaiError } from '../base/error.ts'
import type { SecretRegistry } from '../base/secret-registry.ts'
import { isDict, type Value } from '../base/value.ts'
import type { Vault } from '../base/vault.ts'
import type { Lookups } from '../engine/world.ts'
import { readClear } from './local-files.ts'
import { csvValues, iniValues } from './table-lookups.ts'
import { urlTexts } from './url-lookup.ts'

export interface LookupPorts {
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly secrets: SecretRegistry
  /** Opens files of ansible-vault. */
  readonly vault?: Vault
  /** 0 <= x < 1, from a source fit for passwords. */
  readonly random: () => number
  /** Told of every file that is read. */
  readonly noted?: (file: string, content: Uint8Array) => void
}

/** `ahead`: only what neither runs a program nor writes; the rest says that it is not known ahead. */
export function edgeLookups(ports: LookupPorts, directories: readonly string[], ahead: boolean): Lookups {
  const place = (name: string) => findFile(ports.root, name, directories)
  const text = (name: string) => {
    const file = must(place(name), name)
    const content = readClear(file, ports.vault)
    ports.noted?.(file, content)
    return content.toString('utf8')
  }
  const reading: Lookups = {
    file: (terms, options) => terms.map(term => trimmed(text(String(term)), options)),
    unvault: terms => terms.map(term => text(String(term))),
    csvfile: (terms, options) => terms.flatMap(term => csvValues(String(term), options, text)),
    ini: (terms, options) => terms.flatMap(term => iniValues(String(term), options, text)),
    env: (terms, options) => terms.map(term => ports.env[String(term)] ?? options.default ?? ''),
    fileglob: terms => terms.flatMap(term => glob(ports.root, String(term), directories)),
    first_found: (terms, options) => firstFound(terms, options, place),
  }
  const acting: Lookups = {
    pipe: terms => terms.map(term => runPipe(String(term), ports.root)),
    url: (terms, options) => terms.flatMap(term => urlTexts(String(term), options)),
    lines: terms => terms.flatMap(term => runPipe(String(term), ports.root).split('\n')),
    password: terms => terms.map(term => password(String(term), ports)),
  }
  return ahead ? { ...reading, ...refused(acting) } : { ...reading, ...acting }
}

function refused(lookups: Lookups): Lookups {
  const entries = Object.keys(lookups).map(name => [
    name,
    () => {
      throw new VpaiError('LOOKUP_NOT_AHEAD', `lookup('${name}') runs only when its task does`)
    },
  ])
  return Object.fromEntries(entries) as Lookups
}

function findFile(root: string, name: string, directories: readonly string[]): string | null {
  const places = path.isAbsolute(name)
    ? [name]
    : [...directories, '.'].map(directory => path.resolve(root, directory, name))
  return places.find(file => statSync(file, { throwIfNoEntry: false })?.isFile()) ?? null
}

function must(file: string | null, name: string): string {
  if (file !== null) return file
  throw new VpaiError('LOOKUP_FILE_MISSING', `lookup: the file ${name} was not found`)
}

/** Ansible strips the end of a file unless told not to. */
function trimmed(text: string, options: Record<string, Value>): string {
  const end = options.rstrip === false ? text : text.trimEnd()
  return options.lstrip === true ? end.trimStart() : end
}

function glob(root: string, pattern: string, directories: readonly string[]): string[] {
  const bases = path.isAbsolute(pattern) ? ['/'] : directories.map(directory => path.resolve(root, directory))
  for (const cwd of bases) {
    if (!existsSync(cwd)) continue
    const relative = path.isAbsolute(pattern) ? pattern.slice(1) : pattern
    const found = fastGlob.sync(relative, { cwd, absolute: true, onlyFiles: true, dot: true }).sort()
    if (found.length > 0) return found
  }
  return []
}

function firstFound(
  terms: Value[],
  options: Record<string, Value>,
  place: (name: string) => string | null,
): Value {
  const specs = terms.flat().flatMap(term => (isDict(term) ? combos(term) : [String(term)]))
  for (const name of [...specs, ...combos(options)]) {
    const found = place(name)
    if (found !== null) return [found]
  }
  const skip = options.skip === true || terms.flat().some(term => isDict(term) && term.skip === true)
  if (skip) return []
  throw new VpaiError('LOOKUP_FILE_MISSING', `first_found: none of ${specs.join(', ')} was found`)
}

function combos(spec: Readonly<Record<string, Value>>): string[] {
  const files = [spec.files ?? []].flat().map(String)
  const paths = [spec.paths ?? []].flat().map(String)
  return paths.length === 0 ? files : paths.flatMap(folder => files.map(file => path.join(folder, file)))
}

function runPipe(command: string, cwd: string): string {
  try {
    return execFileSync('/bin/sh', ['-c', command], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).replace(/\n+$/, '')
  } catch (error) {
    throw new VpaiError('LOOKUP_PIPE', `lookup('pipe') failed: ${command}`, { cause: error })
  }
}

const CHARACTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:-_'

/** `path length=20`: made once, kept in a 0600 file; /dev/null keeps nothing. */
function password(term: string, ports: LookupPorts): string {
  const [name = '', ...settings] = term.split(' ')
  const length = Number(settings.find(one => one.startsWith('length='))?.slice(7) ?? 20)
  const file = path.resolve(ports.root, name)
  const kept =
    name !== '/dev/null' && existsSync(file)
      ? readFileSync(file, 'utf8').split('\n')[0]?.split(' salt=')[0]
      : undefined
  const value =
    kept ?? Array.from({ length }, () => CHARACTERS[Math.floor(ports.random() * CHARACTERS.length)]).join('')
  if (kept === undefined && name !== '/dev/null') {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, `${value}\n`, { mode: 0o600, flag: 'wx' })
  }
  ports.secrets.add(value)
  return value
}
