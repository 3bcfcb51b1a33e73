/** What going back would do on each host, for people, with the lines of files that everybody there may read. */
import type { Invocation } from '../command.ts'
import { readTexts } from './read-releases.ts'
import type { HostRollback } from './rollback-play.ts'
import { pairLines, shortId, type Texts, textDiff, wantedTexts } from './tell-difference.ts'

export async function tellRollback(
  { io, options }: Omit<Invocation, 'args'>,
  { env, hosts }: { readonly env: string; readonly hosts: readonly HostRollback[] },
): Promise<void> {
  const wanted = new Map(hosts.map(one => [one.host, wantedTexts(pairsOf(one), 'from')]))
  const texts = await readTexts({ io, options }, { wanted, command: `rollback ${env}` })
  for (const one of hosts) {
    const lines = linesOf(one, texts.get(one.host) ?? new Map())
    io.out.write(`${[`${one.host}:`, ...(lines.length === 0 ? ['  nothing to do'] : lines)].join('\n')}\n`)
  }
}

function pairsOf({ rollback }: HostRollback) {
  return rollback.restore.map(({ file, now }) => ({ path: file.path, from: now, to: file }))
}

function linesOf(one: HostRollback, texts: Texts): readonly string[] {
  const { rollback } = one
  const handlers = [...rollback.restore.map(({ file }) => file), ...rollback.remove].flatMap(
    ({ notifies }) => notifies,
  )
  return [
    ...pairsOf(one).flatMap(pair => pairLines(pair, textDiff(pair, texts, 'from'))),
    ...rollback.remove.map(({ path }) => `  - ${path}`),
    ...rollback.down.map(({ project }) => `  - compose project ${project}`),
    ...rollback.compose.flatMap(({ images }) =>
      images.map(
        ({ project, service, reference, id, now }) =>
          `  ~ image of ${project}/${service}  ${now === null ? 'none' : shortId(now)} → ${reference} ${shortId(id)}`,
      ),
    ),
    ...(handlers.length === 0 ? [] : [`  then: ${[...new Set(handlers)].join(', ')}`]),
    ...rollback.left.map(text => `  left: ${text}`),
  ]
}
