/** What a host answered to `status-script.ts`. */
import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { parseLook, type RecordSeen } from '../record/look.ts'
import { type ContainerState, parseState } from '../release/system-state.ts'
import { MARKS } from './status-script.ts'

export interface RanSeen {
  /** ok, failed, interrupted, cut; null: it goes on, or was cut off. */
  readonly ended: string | null
  readonly run: string
  readonly command: string
  readonly user: string
  readonly machine: string
  /** As people read it, UTC. */
  readonly started: string
}

export interface Certificate {
  readonly path: string
  /** Names it is for. */
  readonly names: readonly string[]
  /** Seconds since the epoch; null: it cannot be read. */
  readonly from: number | null
  readonly until: number | null
}

export interface Disk {
  readonly mount: string
  /** 0–100; null: it does not tell. */
  readonly used: number | null
  readonly inodes: number | null
}

export type ProvenRestore = z.infer<typeof restoreSchema>

export interface StatusSeen {
  readonly record: RecordSeen
  /** Oldest first. */
  readonly runs: readonly RanSeen[]
  readonly release: z.infer<typeof headSchema> | null
  readonly restore: ProvenRestore | null
  /** null: systemd does not run here. */
  readonly failedUnits: readonly string[] | null
  /** null: there is no docker, or it does not answer. */
  readonly containers: readonly ContainerState[] | null
  readonly whyNoContainers: string | null
  readonly certificates: readonly Certificate[]
  readonly disks: readonly Disk[]
  /** null: the host does not tell. */
  readonly needsReboot: { readonly isNeeded: boolean; readonly packages: readonly string[] } | null
  /** The host's clock and how long it runs, seconds. */
  readonly at: number
  readonly uptime: number
}

const headSchema = z.object({
  number: z.int(),
  env: z.string(),
  when: z.string(),
  by: z.string(),
  run: z.string(),
  lease: z.int(),
})

/** Decision 13 has its form. */
const restoreSchema = z.object({
  /** Seconds since the epoch. */
  at: z.number(),
  result: z.enum(['ok', 'failed']),
  what: z.array(z.string()).default([]),
  run: z.string().default(''),
})

/** null: the answer is cut short. */
export function parseStatus(text: string): StatusSeen | null {
  const more = text.indexOf(`\n${MARKS.more}\n`)
  const end = text.lastIndexOf(`\n${MARKS.end}`)
  if (more < 0 || end < more) return null
  const rest = text.slice(more, end)
  const rows = rest.split('\n').map(line => line.split('\t'))
  const of = (word: string) => rows.filter(([first]) => first === word).map(([, ...fields]) => fields)
  const state = parseState(rest)
  const why = state?.blind.containers ?? null
  const [reboot = []] = of('reboot')
  return {
    record: parseLook(text.slice(0, more)),
    runs: of('ran').flatMap(ranOf),
    release: read(headSchema, of('newest')[0]?.[0]),
    restore: read(restoreSchema, of('restore')[0]?.[0]),
    failedUnits: of('units').length === 0 ? null : of('failed').flatMap(([name]) => name || []),
    containers: state === null || why !== null ? null : state.containers,
    whyNoContainers: why,
    certificates: of('certificate').map(certificateOf),
    disks: disksOf(of('disk'), of('inodes')),
    needsReboot: rebootOf(reboot),
    at: state?.at ?? 0,
    uptime: state?.uptime ?? 0,
  }
}

function read<Shape>(schema: z.ZodType<Shape>, json: string | undefined): Shape | null {
  try {
    return schema.safeParse(JSON.parse(json ?? 'null')).data ?? null
  } catch {
    return null
  }
}

const holderSchema = z.object({
  run: z.string(),
  command: z.string(),
  user: z.string(),
  machine: z.string(),
  started: z.string(),
})

function ranOf([ended = '-', json = '']: readonly string[]): RanSeen[] {
  const holder = read(holderSchema, json)
  return holder === null ? [] : [{ ...holder, ended: ended === '-' ? null : ended }]
}

function rebootOf([word, packages = '']: readonly string[]): StatusSeen['needsReboot'] {
  if (word !== 'yes' && word !== 'no') return null
  return { isNeeded: word === 'yes', packages: packages.split(' ').filter(Boolean) }
}

function certificateOf([path = '', pem = '']: readonly string[]): Certificate {
  try {
    const text = pem.replace(/(-----BEGIN [A-Z ]+-----)(.*)(-----END)/, '$1\n$2\n$3')
    const { subject, subjectAltName, validFrom, validTo } = new X509Certificate(text)
    const names = (subjectAltName ?? '')
      .split(', ')
      .flatMap(one => /^(?:DNS|IP Address):(.+)$/.exec(one)?.[1] ?? [])
    const [, common] = /(?:^|\n)CN=(.*)/.exec(subject) ?? []
    return {
      path,
      names: names.length > 0 ? names : [common ?? subject],
      from: Date.parse(validFrom) / 1000,
      until: Date.parse(validTo) / 1000,
    }
  } catch {
    return { path, names: [], from: null, until: null }
  }
}

/** Of this machine's own disks: what lives in memory and images of packages are left out. */
function disksOf(
  disks: readonly (readonly string[])[],
  inodes: readonly (readonly string[])[],
): readonly Disk[] {
  const free = new Map(inodes.map(([, used, mount]) => [mount, percent(used)]))
  const seen = new Set<string>()
  return disks.flatMap(([device = '', used, mount = '']) => {
    const isOne = (device.startsWith('/') && !device.startsWith('/dev/loop')) || mount === '/'
    if (!isOne || !mount.startsWith('/') || seen.has(device)) return []
    seen.add(device)
    return [{ mount, used: percent(used), inodes: free.get(mount) ?? null }]
  })
}

function percent(text: string | undefined): number | null {
  const [, number] = /^(\d+)%$/.exec(text ?? '') ?? []
  return number === undefined ? null : Number(number)
}
