/** Differences as one line each, so that those we keep can be named by a pattern. Ansible's side comes first. */
import type { Outcome, Played } from './outcome.ts'
import { returnDifferences } from './returns.ts'
import type { State } from './state.ts'

export function comparePlayed(ansible: Played, vpai: Played): string[] {
  const hosts = [...new Set([...ansible.outcomes, ...vpai.outcomes].map(one => one.host))].sort()
  const tasks = hosts.flatMap(host => {
    const of = (played: Played) => played.outcomes.filter(one => one.host === host)
    return compareHost(host, of(ansible), of(vpai))
  })
  // Where a task did something else, the recap only says so again.
  const same = hosts.filter(
    host => !tasks.some(line => line.startsWith(`${host}, `) && !/: include \w+| returns /.test(line)),
  )
  const recap = ({ stats }: Played) => new Map(same.map(host => [host, stats[host] ?? 'nothing']))
  return [...tasks, ...compareMaps('recap of', recap(ansible), recap(vpai))]
}

export function compareStates(ansible: State, vpai: State): string[] {
  const lists = [...ansible.lists].flatMap(([name, text]) => {
    const [theirs, ours] = [text, vpai.lists.get(name) ?? ''].map(one => one.split('\n').filter(Boolean))
    return [
      ...theirs!.filter(line => !ours!.includes(line)).map(line => `${name}: only ansible: ${line}`),
      ...ours!.filter(line => !theirs!.includes(line)).map(line => `${name}: only vpai: ${line}`),
    ]
  })
  return [...compareMaps('', ansible.paths, vpai.paths), ...lists]
}

export function compareMaps(
  title: string,
  ansible: ReadonlyMap<string, string>,
  vpai: ReadonlyMap<string, string>,
): string[] {
  const names = [...new Set([...ansible.keys(), ...vpai.keys()])].sort()
  return names
    .filter(name => ansible.get(name) !== vpai.get(name))
    .map(name =>
      `${title} ${name}: ${ansible.get(name) ?? 'nothing'} | ${vpai.get(name) ?? 'nothing'}`.trim(),
    )
}

/** Tasks are paired in order; one that only one side has is a difference, and the rest is still compared. */
function compareHost(host: string, ansible: readonly Outcome[], vpai: readonly Outcome[]): string[] {
  const differences: string[] = []
  for (const [theirs, ours] of pair(ansible, vpai)) {
    const { task, where } = theirs ?? ours!
    const title = `${host}, ${where} "${task}"`
    const [left, right] = [summary(theirs), summary(ours)]
    if (left !== right) differences.push(`${title}: ${left} | ${right}${reasonOf(theirs, ours)}`)
    else if (theirs && ours)
      differences.push(...returnDifferences(theirs.result, ours.result).map(line => `${title} ${line}`))
  }
  return differences
}

function summary(outcome: Outcome | null): string {
  if (outcome === null) return 'nothing'
  return `${outcome.status}${outcome.items === null ? '' : ` [${outcome.items.join(' ')}]`}`
}

/** Why only one side failed. */
function reasonOf(theirs: Outcome | null, ours: Outcome | null): string {
  const failed = [theirs, ours].filter(one => one?.status.endsWith('failed'))
  const msg = failed.length === 1 ? failed[0]?.result.msg : undefined
  return typeof msg === 'string' ? ` (${msg.replaceAll('\n', ' ')})` : ''
}

type Pair = readonly [Outcome | null, Outcome | null]

/** The longest common run of task names; what is between stands alone. */
function pair(ansible: readonly Outcome[], vpai: readonly Outcome[]): Pair[] {
  const same = (i: number, j: number) => ansible[i]!.task === vpai[j]!.task
  const length: number[][] = Array.from({ length: ansible.length + 1 }, () =>
    new Array(vpai.length + 1).fill(0),
  )
  for (let i = ansible.length - 1; i >= 0; i--)
    for (let j = vpai.length - 1; j >= 0; j--)
      length[i]![j] = same(i, j)
        ? length[i + 1]![j + 1]! + 1
        : Math.max(length[i + 1]![j]!, length[i]![j + 1]!)
  const pairs: Pair[] = []
  let [i, j] = [0, 0]
  while (i < ansible.length || j < vpai.length) {
    if (i < ansible.length && j < vpai.length && same(i, j)) pairs.push([ansible[i++]!, vpai[j++]!])
    else if (j >= vpai.length || (i < ansible.length && length[i + 1]![j]! >= length[i]![j + 1]!))
      pairs.push([ansible[i++]!, null])
    else pairs.push([null, vpai[j++]!])
  }
  return pairs
}
