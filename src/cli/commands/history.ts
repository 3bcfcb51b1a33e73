import { type HistoryEntry, historyOf, isAhead, proposed } from '../../release/history.ts'
import type { Invocation } from '../command.ts'
import { readReleases } from '../releases/read-releases.ts'

/** vpai history ENV: the releases its hosts keep, newest first. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env = ''] = args
  const { code, releases } = await readReleases({ options, io }, { env, command: `history ${env}` })
  const history = historyOf(releases)
  const ahead = [...releases].filter(([, host]) => isAhead(host)).map(([name]) => name)
  if (options.output === 'json') {
    const document = { version: 1, env, releases: history, changedSince: ahead, proposed: proposed(releases) }
    io.out.write(`${JSON.stringify(document, null, 2)}\n`)
    return code
  }
  for (const entry of history) io.out.write(`${lineOf(entry, releases.size)}\n`)
  if (history.length === 0 && releases.size > 0) io.out.write('No releases yet: a deploy makes the first.\n')
  if (ahead.length > 0) io.out.write(`Changed since the newest release: ${ahead.join(', ')}\n`)
  return code
}

function lineOf({ number, when, by, hosts, rollbackOf, isPart }: HistoryEntry, all: number): string {
  const notes = [
    ...(rollbackOf === null ? [] : [`back to ${rollbackOf}`]),
    ...(isPart ? ['a part of the project'] : []),
    ...(hosts.length < all ? [`only ${hosts.join(', ')}`] : []),
  ]
  return `${String(number).padStart(4)}  ${when}  ${by}${notes.length === 0 ? '' : `  (${notes.join('; ')})`}`
}
