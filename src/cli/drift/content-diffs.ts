/** What changed inside files, from the release to now: where everybody on the host may read them. Secrets are masked. */
import type { HostDrift } from '../../drift/host-drift.ts'
import type { HostReport } from '../../drift/report.ts'
import { diffTexts, isShown } from '../../release/diff-texts.ts'
import type { FoundFile } from '../../release/facts.ts'
import type { Invocation } from '../command.ts'
import { readTexts } from '../releases/read-releases.ts'

type Content = HostDrift['contents'][number]

/** By host and path. */
export async function contentDiffs(
  invocation: Omit<Invocation, 'args'>,
  reports: ReadonlyMap<string, HostReport>,
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const shown = new Map([...reports].map(([host, report]) => [host, contentsOf(report)]))
  const wanted = new Map(
    [...shown].map(([host, contents]) => [
      host,
      {
        digests: contents.flatMap(({ was }) => digestOf(was)),
        paths: contents.filter(({ is }) => is.type === 'file').map(({ path }) => path),
      },
    ]),
  )
  const texts = await readTexts(invocation, { wanted, command: 'drift' })
  return new Map(
    [...shown].map(([host, contents]) => [host, diffsOf(contents, texts.get(host) ?? new Map())] as const),
  )
}

function contentsOf(report: HostReport): readonly Content[] {
  if (!('contents' in report)) return []
  return report.contents.filter(
    ({ was, is }) => isShown(was) && isShown(is) && digestOf(was)[0] !== digestOf(is)[0],
  )
}

function digestOf(file: FoundFile): readonly string[] {
  return file.type === 'file' ? [file.sha256] : []
}

function diffsOf(contents: readonly Content[], texts: ReadonlyMap<string, string>) {
  const diffs = new Map<string, string>()
  for (const { path, was, is } of contents) {
    const before = was.type === 'file' ? texts.get(was.sha256) : null
    const after = is.type === 'file' ? texts.get(path) : null
    const diff = before === undefined || after === undefined ? null : diffTexts(path, before, after)
    if (diff !== null) diffs.set(path, diff)
  }
  return diffs
}
