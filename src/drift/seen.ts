/** What a host answered to `drift-script.ts`. */
import { parseLook, type RecordSeen } from '../record/look.ts'
import { type FoundFile, readFacts } from '../release/facts.ts'
import { type Manifest, parseManifest } from '../release/manifest.ts'
import { parseState, type SystemState } from '../release/system-state.ts'
import { MARKS } from './drift-script.ts'
import { type Login, parseLogin, parseSshLogins } from './logins.ts'

/** Seconds since the epoch. */
export interface FileTimes {
  readonly content: number
  readonly attributes: number
  readonly owner: string
}

export interface DriftSeen {
  readonly record: RecordSeen
  /** The newest; null: there is none. */
  readonly release: Manifest | null
  /** By the place in the release's list. */
  readonly files: ReadonlyMap<number, FoundFile>
  /** Of a file that is gone: those of the folder it was in. */
  readonly times: ReadonlyMap<number, FileTimes>
  readonly state: SystemState | null
  /** null: the host cannot tell. */
  readonly logins: readonly Login[] | null
  /** The last line of dpkg's log about a package. */
  readonly packageLog: ReadonlyMap<string, string>
  /** How many rules of DOCKER-USER let nothing through; null: there is no such chain, or it may not be read. */
  readonly barriers: number | null
}

/** null: the answer is cut short. Throws RELEASE_FORMAT. */
export function parseSeen(text: string): DriftSeen | null {
  const end = text.lastIndexOf(`\n${MARKS.end}`)
  if (end < 0 && !text.startsWith(MARKS.end)) return null
  const [look = '', manifest] = parted(text.slice(0, Math.max(end, 0)), MARKS.release)
  const [release = '', now = ''] = parted(manifest ?? '', MARKS.now)
  const rows = now.split('\n').map(line => line.split('\t'))
  const of = (word: string) => rows.filter(([first]) => first === word).map(([, ...fields]) => fields)
  const [barriers] = of('dockeruser')
  const state = parseState(now)
  return {
    record: parseLook(look),
    release: manifest === undefined ? null : parseManifest(release),
    files: readFacts(now).files,
    times: new Map(of('times').flatMap(timesOf)),
    state,
    logins: of('nologins').length > 0 ? null : loginsOf(of, state),
    packageLog: new Map(of('dpkg').map(([name = '', line = '']) => [name, line])),
    barriers: barriers === undefined ? null : Number(barriers[0]) || 0,
  }
}

function loginsOf(of: (word: string) => readonly string[][], state: SystemState | null): readonly Login[] {
  const booted = state === null ? 0 : state.at - state.uptime
  const lines = of('sshd').map(([line = '']) => line)
  return [...of('login').flatMap(([line = '']) => parseLogin(line)), ...parseSshLogins(lines, booted)]
}

function parted(text: string, mark: string): [string, string?] {
  const at = `\n${text}`.indexOf(`\n${mark}\n`)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length + 1)]
}

function timesOf([index, content, attributes, owner = '']: readonly string[]): [number, FileTimes][] {
  if (!content || !attributes) return []
  return [[Number(index), { content: Number(content), attributes: Number(attributes), owner }]]
}
