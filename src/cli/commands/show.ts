import { describeFile } from '../../release/compare-releases.ts'
import { stateAt } from '../../release/history.ts'
import type { Manifest } from '../../release/manifest.ts'
import type { Invocation } from '../command.ts'
import { readReleases, releaseNumber } from '../releases/read-releases.ts'
import { shortId } from '../releases/tell-difference.ts'

/** vpai show RELEASE ENV: what each host had at a release: files, images, units. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [typed = '', env = ''] = args
  const { code, releases } = await readReleases({ options, io }, { env, command: `show ${typed} ${env}` })
  const number = releaseNumber(releases, typed)
  const states = [...releases].map(([host, own]) => [host, stateAt(own, number)] as const)
  if (options.output === 'json') {
    const document = { version: 1, env, release: number, hosts: Object.fromEntries(states) }
    io.out.write(`${JSON.stringify(document, null, 2)}\n`)
    return code
  }
  for (const [host, state] of states) io.out.write(`${textOf(host, state, number)}\n`)
  return code
}

function textOf(host: string, state: Manifest | null, number: number): string {
  if (state === null) return `${host}: had no release yet, or keeps it no more`
  const { files, images, units, containers } = state
  const since = state.number === number ? '' : ` (unchanged since release ${state.number})`
  return [
    `${host}: ${state.when}, by ${state.by}, vpai ${state.vpai}, run ${state.run}${since}`,
    ...(state.rollbackOf === null ? [] : [`  went back to release ${state.rollbackOf}`]),
    ...(state.snapshot === null ? [] : [`  the data before it is kept as snapshot ${state.snapshot}`]),
    ...files.map(file => `  ${file.path}  ${describeFile(file)}`),
    ...images.map(
      one => `  image of ${one.project}/${one.service}  ${one.reference} ${shortId(one.id)} (${one.state})`,
    ),
    ...containers.map(name => `  container ${name}`),
    ...units.map(name => `  unit ${name}`),
  ].join('\n')
}
