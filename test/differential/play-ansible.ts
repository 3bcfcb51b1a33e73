/** ansible-playbook in the control container, read through the event stream of its own callback ansible.posix.jsonl. */
import path from 'node:path'
import { execa } from 'execa'
import { COUNTS, isResult, itemsOf, type Outcome, type Played, type Result, statusOf } from './outcome.ts'
import type { Stage } from './stage.ts'

export interface PlayRequest {
  readonly stage: Stage
  /** The project: site.yml and hosts.yml. */
  readonly folder: string
  readonly args: readonly string[]
}

interface Event {
  readonly _event: string
  readonly hosts?: Readonly<Record<string, unknown>>
  readonly task?: { readonly name: string; readonly path?: string }
  readonly stats?: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** For a playbook that takes a minute, on a machine that has much else to do. */
const LIMIT_S = 280
/** What timeout ends with. */
const OUT_OF_TIME = 124

export async function playAnsible({ stage, folder, args }: PlayRequest): Promise<Played> {
  const command = ['exec', '-w', folder, stage.control, 'timeout', String(LIMIT_S), 'ansible-playbook']
  const run = await execa('docker', [...command, ...args, 'site.yml'], { reject: false, stdin: 'ignore' })
  // Half a run is nothing to compare with, and must not be kept.
  if (run.exitCode === OUT_OF_TIME) throw new Error(`ansible-playbook has not ended within ${LIMIT_S} s`)
  const events = run.stdout.replaceAll(folder, 'PROJECT').split('\n').flatMap(readEvent)
  const stats = events.findLast(event => event._event === 'v2_playbook_on_stats')?.stats ?? {}
  return {
    outcomes: events.flatMap(outcomesOf),
    stats: Object.fromEntries(Object.entries(stats).map(([host, counts]) => [host, countsText(counts)])),
    code: run.exitCode ?? null,
    output: `${run.stdout.split('\n').filter(isNotEvent).join('\n')}\n${run.stderr}`.trim(),
  }
}

function readEvent(line: string): Event[] {
  if (isNotEvent(line)) return []
  const event: Event = JSON.parse(line)
  return [event]
}

function isNotEvent(line: string): boolean {
  return !line.startsWith('{"_event"')
}

function outcomesOf({ _event, hosts, task }: Event): Outcome[] {
  if (!/^v2_runner_on_(ok|failed|skipped|unreachable)$/.test(_event)) return []
  return Object.entries(hosts ?? {}).map(([host, raw]) => {
    const result = isResult(raw) ? raw : {}
    const isInclude = /(^|\.)include_(tasks|role)$/.test(String(result.action))
    return {
      ...{ host, result, items: itemsOf(result) },
      task: withoutRole(task?.name ?? ''),
      where: path.basename(task?.path ?? ''),
      status: `${isInclude ? 'include ' : ''}${statusOfEvent(_event, result)}`,
    }
  })
}

function statusOfEvent(event: string, result: Result): string {
  return /_(unreachable|failed|skipped)$/.exec(event)?.[1] ?? statusOf(result)
}

/** `role : name`; the role is told apart by the place. */
function withoutRole(name: string): string {
  return name.replace(/^[\w.-]+ : /, '')
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return COUNTS.map(name => `${name}=${counts[name === 'failed' ? 'failures' : name] ?? 0}`).join(' ')
}
