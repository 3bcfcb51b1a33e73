/**
 * What V8 made of the program's chunks, kept from run to run: reading code anew takes a short command half its time.
 *
 * One file for each command, below `~/.cache/vpai/code` (or `$XDG_CACHE_HOME`, or the folder that VPAI_CODE_CACHE names;
 * `off`: none): SHA-256 of the rest (32 bytes), length of the head (4 bytes, big-endian), the head as JSON, and the codes
 * one after the other. V8 runs what it is given, so only a folder that nobody else can write to is trusted. A chunk's name
 * holds a digest of its text; other versions of Node or other settings of V8 have files of their own.
 */
import { createHash, randomBytes } from 'node:crypto'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import v8 from 'node:v8'
import type { Script } from 'node:vm'

/** Files that are kept: about 3 MiB each. */
const MOST_FILES = 12

/** What the first run did not come by, the second may. */
const RUNS_TO_LEARN = 2

export interface PackPlace {
  readonly folder: string
  readonly name: string
}

/** null: nothing is kept. */
export function packPlace({
  folder,
  env,
  command,
}: {
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly command: string
}): PackPlace | null {
  const own = ownFolder(env)
  if (own === null) return null
  const word = /^[a-z_-]{1,32}$/.test(command) ? command.replaceAll(/^-+/g, '') : ''
  const like = JSON.stringify([folder, process.version, process.arch, v8.cachedDataVersionTag()])
  const id = createHash('sha256').update(like).digest('hex').slice(0, 16)
  return { folder: own, name: `${word || 'vpai'}-${id}` }
}

function ownFolder(env: Readonly<Record<string, string | undefined>>): string | null {
  const { VPAI_CODE_CACHE: given, XDG_CACHE_HOME: caches, HOME: home } = env
  if (given === 'off') return null
  if (given) return path.resolve(given)
  if (caches && path.isAbsolute(caches)) return path.join(caches, 'vpai', 'code')
  // Under sudo, HOME may be that of somebody else.
  if (!home || !path.isAbsolute(home) || !isOwn(home)) return null
  return path.join(home, '.cache', 'vpai', 'code')
}

function isOwn(folder: string): boolean {
  try {
    return statSync(folder).uid === process.getuid?.()
  } catch {
    return false
  }
}

export class CodePack {
  readonly #place: PackPlace | null
  readonly #codes: Map<string, Buffer>
  readonly #scripts = new Map<string, Script>()
  readonly #runs: number
  #isMissing = false

  constructor(place: PackPlace | null) {
    this.#place = place
    const read = place === null ? null : readPack(place)
    this.#codes = read?.codes ?? new Map()
    this.#runs = read?.runs ?? 0
  }

  codeOf(chunk: string): Buffer | undefined {
    return this.#codes.get(chunk)
  }

  took(chunk: string, script: Script): void {
    if (this.#place === null) return
    const isKnown = this.#codes.has(chunk) && script.cachedDataRejected !== true
    if (!isKnown) this.#isMissing = true
    if (!isKnown || this.#runs < RUNS_TO_LEARN) this.#scripts.set(chunk, script)
  }

  /** At the end, when V8 knows which functions were needed. What cannot be kept is not. */
  keep(): void {
    if (this.#place === null || (!this.#isMissing && this.#runs >= RUNS_TO_LEARN)) return
    try {
      for (const [chunk, script] of this.#scripts) this.#codes.set(chunk, script.createCachedData())
      writePack(this.#place, this.#codes, this.#runs + 1)
    } catch {
      // A home without room, or that cannot be written to: it goes without.
    }
  }
}

interface Head {
  readonly runs: number
  readonly chunks: readonly (readonly [name: string, length: number])[]
}

function readPack({ folder, name }: PackPlace): { codes: Map<string, Buffer>; runs: number } | null {
  try {
    if (!isPrivate(folder)) return null
    const bytes = readFileSync(path.join(folder, name))
    if (!digest(bytes.subarray(32)).equals(bytes.subarray(0, 32))) return null
    const start = 36 + bytes.readUInt32BE(32)
    const head = JSON.parse(bytes.toString('utf8', 36, start)) as Head
    const codes = new Map<string, Buffer>()
    let at = start
    for (const [chunk, length] of head.chunks) {
      codes.set(chunk, bytes.subarray(at, at + length))
      at += length
    }
    return { codes, runs: head.runs }
  } catch {
    return null
  }
}

function writePack(place: PackPlace, codes: ReadonlyMap<string, Buffer>, runs: number): void {
  const { folder, name } = place
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!isPrivate(folder)) return
  const head: Head = { runs, chunks: [...codes].map(([chunk, code]) => [chunk, code.length]) }
  const text = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  const rest = Buffer.concat([length, text, ...codes.values()])
  const unfinished = path.join(folder, `.${randomBytes(6).toString('hex')}`)
  writeFileSync(unfinished, Buffer.concat([digest(rest), rest]), { mode: 0o600, flag: 'wx' })
  renameSync(unfinished, path.join(folder, name))
  removeOld(folder)
}

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

function isPrivate(folder: string): boolean {
  const found = lstatSync(folder)
  return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0
}

function removeOld(folder: string): void {
  const files = readdirSync(folder).map(name => path.join(folder, name))
  const aged = files.map(file => ({ file, time: statSync(file).mtimeMs }))
  aged.sort((one, other) => other.time - one.time)
  for (const { file } of aged.slice(MOST_FILES)) rmSync(file, { force: true })
}
