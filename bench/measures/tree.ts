/** A tree of many small files: sent to a host that has nothing of it, and looked at when all is there. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { execa } from 'execa'
import type { Lab } from '../kit/lab.ts'
import { writeAnsibleConfig, writeInventory, writeProject } from '../kit/project.ts'
import { assertNoop } from '../kit/recap.ts'
import { type Relay, startRelay } from '../kit/relays.ts'
import { type Goal, type Measure, type Row, within } from '../kit/result.ts'
import { rounds, type Side } from '../kit/rounds.ts'
import { run } from '../kit/run.ts'
import type { Target } from '../kit/target.ts'
import { ansibleSide, assertChanged, vpaiSide } from './sides.ts'

const RTT = 30
const PER_FOLDER = 50
/** Ansible's copy looks at each file by a connection's turn of its own: all of them would take most of an hour. */
const COPY_FILES = 50

export const tree: Measure = {
  name: 'tree',
  title: 'A tree of small files',
  run: async lab => {
    const target = await lab.hosts(1)
    const relay = await startRelay(RTT, target.ports.slice(0, 1))
    const count = lab.options.treeFiles
    const ways = [
      ...vpaiWays(lab, { target, relay, count }),
      ...ansibleWays(lab, { target, relay, count }),
      ...rsyncWays(lab, { target, relay, count }),
    ]
    const rows: Row[] = []
    for (const kind of ['first', 'no-op'] as const) {
      const sides = []
      for (const way of ways) sides.push(await way(kind))
      rows.push(...(await rounds({ what: `${count} files, ${kind}`, relay, sides, log: lab.log })))
    }
    relay.close()
    return { rows, goals: goals(rows, count), notes: NOTES }
  },
}

const NOTES = [
  `Files of 200 to 4000 bytes, ${PER_FOLDER} in a folder. Contents are compared by vpai copy, ansible copy and rsync --checksum; the others compare size and time.`,
  'vpai synchronize needs no rsync.',
]

type Kind = 'first' | 'no-op'
type Way = (kind: Kind) => Promise<Side>
interface Request {
  readonly target: Target
  readonly relay: Relay
  readonly count: number
}

const MODULES = {
  copy: (dest: string) => ({ copy: { src: 'tree/', dest } }),
  synchronize: (dest: string) => ({ synchronize: { src: 'tree/', dest, use_ssh_args: true } }),
}

function vpaiWays(lab: Lab, request: Request): Way[] {
  return (['copy', 'synchronize'] as const).map(module => async kind => {
    const { folder, before } = await prepared(lab, request, { name: `vpai-${module}`, module })
    if (kind === 'no-op') await run(lab.vpai(folder))
    return { ...vpaiSide(lab, { folder, ...expected(kind, before), watched: true }), side: `vpai ${module}` }
  })
}

function ansibleWays(lab: Lab, request: Request): Way[] {
  if (!lab.has('ansible')) return []
  return (['copy', 'synchronize'] as const).map(module => async kind => {
    const count = module === 'copy' ? Math.min(COPY_FILES, request.count) : request.count
    const some = { ...request, count }
    const { folder, before } = await prepared(lab, some, { name: `ansible-${module}`, module })
    if (kind === 'no-op') await run(lab.vpai(folder))
    const factor = request.count / count
    const scale = factor === 1 ? undefined : { factor, text: `from ${count} of ${request.count} files` }
    const [side] = ansibleSide(lab, 'ansible', { folder, ...expected(kind, before), scale })
    return { ...side!, side: `ansible ${module}` }
  })
}

function rsyncWays(lab: Lab, request: Request): Way[] {
  if (!lab.has('rsync')) return []
  return [['rsync', []] as const, ['rsync --checksum', ['--checksum']] as const].map(
    ([side, flags]) =>
      async kind => {
        const name = flags.length === 0 ? 'rsync' : 'rsync-checksum'
        const { folder, before, dest } = await prepared(lab, request, { name, module: 'copy' })
        const known = `-o UserKnownHostsFile=${path.join(folder, 'known_hosts')}`
        const login = `ssh -F none ${known} -i ${request.target.keyFile} -p ${request.relay.ports[0]}`
        const argv = ['rsync', '-rlpt', ...flags, '-e', login, 'files/tree/', `root@127.0.0.1:${dest}`]
        const command = () => ({
          argv,
          cwd: folder,
          env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent' },
        })
        if (kind === 'no-op') await run(command())
        return {
          side,
          repetitions: lab.options.repetitions,
          command,
          check: () => undefined,
          ...(kind === 'first' ? { before } : {}),
        }
      },
  )
}

interface Prepared {
  readonly folder: string
  readonly dest: string
  readonly before: () => Promise<void>
}

/** Every way has a project and a folder on the host of its own. */
async function prepared(
  lab: Lab,
  { target, relay, count }: Request,
  { name, module }: { readonly name: string; readonly module: 'copy' | 'synchronize' },
): Promise<Prepared> {
  const dest = `/srv/tree-${name}/`
  const play = { hosts: 'all', gather_facts: false, tasks: [{ name: 'Tree', ...MODULES[module](dest) }] }
  const folder = writeProject(path.join(lab.work, `tree-${name}`), { plays: [play], files: {} })
  writeTree(path.join(folder, 'files', 'tree'), count)
  writeInventory(folder, [{ name: 'host1', port: relay.ports[0] ?? 0 }], target)
  writeAnsibleConfig(folder, 'ansible', { forks: 5, mitogen: false })
  const [program = '', ...rest] = target.machine.inside('/')
  const before = async () => {
    await execa(program, [...rest, 'rm', '-rf', dest])
    await execa(program, [...rest, 'mkdir', dest])
  }
  return { folder, dest, before }
}

function expected(kind: Kind, before: () => Promise<void>) {
  return kind === 'first'
    ? { before, check: (({ stdout }) => assertChanged(stdout, 1)) as Side['check'] }
    : { check: (({ stdout }) => assertNoop(stdout, 1)) as Side['check'] }
}

/** The same bytes every time. */
function writeTree(folder: string, count: number): void {
  for (let number = 0; number < count; number++) {
    const under = path.join(folder, `part${Math.floor(number / PER_FOLDER)}`)
    if (number % PER_FOLDER === 0) mkdirSync(under, { recursive: true })
    const size = 200 + ((number * 2654435761) % 3801)
    writeFileSync(path.join(under, `file${number}.txt`), `file ${number}\n`.repeat(400).slice(0, size))
  }
}

function goals(rows: readonly Row[], count: number): Goal[] {
  const row = (side: string) => rows.find(each => each.side === side && each.what === `${count} files, no-op`)
  return [
    ...within(
      'vpai copy of a tree that is there, beside rsync --checksum',
      [row('vpai copy'), row('rsync --checksum')],
      1.5,
    ),
    ...within(
      'vpai synchronize of a tree that is there, beside rsync',
      [row('vpai synchronize'), row('rsync')],
      1.5,
    ),
    ...within('vpai copy of a tree that is there, beside rsync', [row('vpai copy'), row('rsync')], 1.5),
  ]
}
