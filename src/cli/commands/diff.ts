import { compareReleases, type ReleaseDifference } from '../../release/compare-releases.ts'
import { stateAt } from '../../release/history.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { readReleases, readTexts, releaseNumber } from '../releases/read-releases.ts'
import { imageLines, pairLines, type Texts, textDiff, wantedTexts } from '../releases/tell-difference.ts'

/** vpai diff A B ENV: what differs between two releases, host by host. Exit 2: something does. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [first = '', second = '', env = ''] = args
  const command = `diff ${first} ${second} ${env}`
  const { code, releases } = await readReleases({ options, io }, { env, command })
  const [from, to] = [releaseNumber(releases, first), releaseNumber(releases, second)]
  const differences = new Map(
    [...releases].map(([host, own]) => [host, compareReleases(stateAt(own, from), stateAt(own, to))]),
  )
  const wanted = new Map([...differences].map(([host, { files }]) => [host, wantedTexts(files)]))
  const texts = await readTexts({ options, io }, { wanted, command })
  const textsOf = (host: string) => texts.get(host) ?? new Map<string, string>()
  if (options.output === 'json') {
    const hosts = Object.fromEntries(
      [...differences].map(([host, one]) => [host, withDiffs(one, textsOf(host))]),
    )
    io.out.write(`${JSON.stringify({ version: 1, env, from, to, hosts }, null, 2)}\n`)
  } else for (const [host, one] of differences) io.out.write(`${textOf(host, one, textsOf(host))}\n`)
  const isSame = [...differences.values()].every(({ files, images }) => files.length + images.length === 0)
  return Math.max(code, isSame ? EXIT.fine : EXIT.changes)
}

function withDiffs({ files, images }: ReleaseDifference, texts: Texts) {
  return { files: files.map(file => ({ ...file, diff: textDiff(file, texts) })), images }
}

function textOf(host: string, { files, images }: ReleaseDifference, texts: Texts): string {
  if (files.length + images.length === 0) return `${host}: no difference`
  return [
    `${host}:`,
    ...files.flatMap(file => pairLines(file, textDiff(file, texts))),
    ...imageLines(images),
  ].join('\n')
}
