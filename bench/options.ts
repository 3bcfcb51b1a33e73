/** What `make bench` may be told: `ONLY=`, `PEERS=`, … arrive here as flags. Unknown ones are refused. */
import { parseArgs } from 'node:util'

export type PeerName = 'ansible' | 'mitogen' | 'script' | 'rsync'
export const PEERS: readonly PeerName[] = ['ansible', 'mitogen', 'script', 'rsync']

export interface Options {
  /** Names of measures; empty: all. */
  readonly only: readonly string[]
  readonly peers: readonly PeerName[]
  /** Runs of vpai, the script and rsync; the median counts. */
  readonly repetitions: number
  /** Runs of ansible and mitogen, which take minutes. */
  readonly slowRepetitions: number
  /** Share of a play's tasks that ansible and mitogen are given; their times are then extrapolated, and marked. */
  readonly share: number
  readonly tasks: number
  readonly rtts: readonly number[]
  readonly fanOutHosts: number
  readonly fanOutTasks: number
  readonly simulatedHosts: number
  readonly treeFiles: number
  readonly out: string | null
  readonly cache: string | null
  readonly profile: string | null
}

const FLAGS = {
  only: { type: 'string', default: '' },
  peers: { type: 'string', default: PEERS.join(',') },
  repetitions: { type: 'string', default: '7' },
  'slow-repetitions': { type: 'string', default: '1' },
  share: { type: 'string', default: '1' },
  tasks: { type: 'string', default: '300' },
  rtts: { type: 'string', default: '0,30,100' },
  'fan-out-hosts': { type: 'string', default: '200' },
  'fan-out-tasks': { type: 'string', default: '100' },
  'simulated-hosts': { type: 'string', default: '1000' },
  'tree-files': { type: 'string', default: '5000' },
  out: { type: 'string' },
  cache: { type: 'string' },
  profile: { type: 'string' },
} as const

export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({ args: [...argv], options: FLAGS, strict: true })
  return {
    only: words(values.only),
    peers: words(values.peers)
      .filter(word => word !== 'none')
      .map(peer),
    repetitions: amount('repetitions', values.repetitions),
    slowRepetitions: amount('slow-repetitions', values['slow-repetitions']),
    share: amount('share', values.share),
    tasks: amount('tasks', values.tasks),
    rtts: words(values.rtts).map(text => amount('rtts', text, 0)),
    fanOutHosts: amount('fan-out-hosts', values['fan-out-hosts']),
    fanOutTasks: amount('fan-out-tasks', values['fan-out-tasks']),
    simulatedHosts: amount('simulated-hosts', values['simulated-hosts']),
    treeFiles: amount('tree-files', values['tree-files']),
    out: values.out ?? null,
    cache: values.cache ?? null,
    profile: values.profile ?? null,
  }
}

/** Numbers that belong into bench/results/: everybody measured, at full size. */
export function isWhole(options: Options): boolean {
  const { out: _out, cache: _cache, repetitions: _repetitions, slowRepetitions: _slow, ...shape } = options
  const { out: _, cache: __, repetitions: ___, slowRepetitions: ____, ...whole } = readOptions([])
  return JSON.stringify(shape) === JSON.stringify(whole)
}

function words(text: string): string[] {
  return text
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '')
}

function peer(word: string): PeerName {
  const found = PEERS.find(name => name === word)
  if (found === undefined) throw new Error(`no peer is called ${word}; known: ${PEERS.join(', ')}, none`)
  return found
}

function amount(flag: string, text: string, least = Number.MIN_VALUE): number {
  const value = Number(text)
  if (Number.isFinite(value) && value >= least) return value
  throw new Error(`--${flag} is a number, not "${text}"`)
}
