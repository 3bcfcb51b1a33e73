/** One shard: each of its playbooks on twins, as often as its case says, compared after every run. */
import { cpSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { docker } from '../../src/sandbox/docker-engine.ts'
import { whyNoTestbed } from '../testbed/index.ts'
import { type Case, casesOfShard } from './cases.ts'
import { comparePlayed, compareStates } from './compare.ts'
import { withoutKept } from './differences.ts'
import { explain } from './explain.ts'
import type { Played } from './outcome.ts'
import { type PlayRequest, playAnsible } from './play-ansible.ts'
import { playVpai } from './play-vpai.ts'
import { type Run, recorded } from './recorded.ts'
import { openStage, type Stage } from './stage.ts'
import { readState } from './state.ts'
import { startTwin, type Twin } from './twin.ts'

export function differentialSuite(shard: number, shards: number): void {
  const missing = whyNoTestbed()
  if (missing) console.warn(`nothing is compared with Ansible: ${missing}`)
  describe.skipIf(missing).concurrent('does what ansible-playbook does', () => {
    const cases = casesOfShard(shard, shards)
    let stage: Stage | undefined
    beforeAll(async () => {
      stage = await openStage({ programs: cases.some(({ programs }) => programs) })
    })
    afterAll(async () => stage?.close())
    it.each(cases.map(one => [one.name, one] as const))('%s', async (name, one) => {
      const lines = await differencesOf(stage!, one)
      const { unexpected, stale } = withoutKept(name, lines)
      if (unexpected.length > 0) console.log(`== ${name}\n${unexpected.join('\n')}`)
      expect(unexpected.join('\n')).toBe('')
      expect(stale).toEqual([])
    })
  })
}

/** Every difference of every run, as lines that begin with the run's number. */
async function differencesOf(stage: Stage, one: Case): Promise<string[]> {
  const [ansible, vpai] = await Promise.all([
    recorded(stage, one, () => runsOn({ stage, one, side: 'ansible', play: playAnsible })),
    runsOn({ stage, one, side: 'vpai', play: playVpai }),
  ])
  return ansible.flatMap((theirs, index) => {
    const lines = [...(one.fails ? [] : unfinished(theirs)), ...compareRuns(theirs, vpai[index]!)]
    return lines.map(line => `run ${index + 1}: ${line}`)
  })
}

/** What comes after a failure is not compared: a case that is not about failures has none. */
function unfinished({ played }: Run): string[] {
  const ended = Object.entries(played.stats).filter(([, counts]) => !/unreachable=0 failed=0/.test(counts))
  return ended.map(([host, counts]) => `${host} does not play it all: ${counts}`)
}

function compareRuns(ansible: Run, vpai: Run): string[] {
  const played = comparePlayed(ansible.played, vpai.played)
  const changed = explain(compareStates(ansible.state, vpai.state), ansible.state, vpai.state)
  if (ansible.played.outcomes.length > 0 && vpai.played.outcomes.length > 0) return [...played, ...changed]
  return [...played, ...changed, `nothing was played: ${ansible.played.output} | ${vpai.played.output}`]
}

interface Side {
  readonly stage: Stage
  readonly one: Case
  readonly side: string
  readonly play: (request: PlayRequest) => Promise<Played>
}

/** All runs of a case on a new host. */
async function runsOn({ stage, one, side, play }: Side): Promise<Run[]> {
  const folder = path.join(stage.work, one.name, side)
  const twin = await startTwin(stage, `${folder}-host`, one)
  try {
    writeProject(one, folder, twin)
    const runs: Run[] = []
    for (const more of one.runs) {
      const args = ['hosts.yml', ...one.inventories].flatMap(file => ['-i', file]).concat(more)
      const played = await play({ stage, folder, args })
      runs.push({ played, state: await readState(twin, await startOf(twin)) })
    }
    return runs
  } finally {
    await twin.stop()
  }
}

function startOf(twin: Twin): Promise<string> {
  return docker(['inspect', '-f', '{{.Created}}', twin.container])
}

/** The case's own files, and an inventory in which one host goes by several names. */
function writeProject(one: Case, folder: string, twin: Twin): void {
  cpSync(one.folder, folder, { recursive: true, verbatimSymlinks: true })
  const names = (...hosts: string[]) => ({ hosts: Object.fromEntries(hosts.map(host => [host, {}])) })
  const vars = {
    ansible_host: twin.address,
    ansible_port: twin.port,
    ansible_user: 'root',
    ansible_ssh_private_key_file: twin.privateKeyPath,
    vpai_known_hosts_file: twin.knownHostsPath,
    own_address: twin.ownAddress,
  }
  const children = { solo: names('target'), trio: names('web1', 'web2', 'db1') }
  writeFileSync(path.join(folder, 'hosts.yml'), stringify({ all: { vars, children } }))
}
