/** The releases of an environment, read from its hosts. */
import { VpaiError } from '../../base/error.ts'
import { type Releases, requireRelease } from '../../release/history.ts'
import { parseReleases, parseTexts, readScript, textsScript } from '../../release/read-script.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { askHosts } from './ask-hosts.ts'

export interface ReadReleases {
  /** Of asking; with anything but 0 some host's are missing. */
  readonly code: number
  readonly releases: Releases
}

export async function readReleases(
  { io, options }: Omit<Invocation, 'args'>,
  { env, command }: { readonly env: string; readonly command: string },
): Promise<ReadReleases> {
  const { code, said } = await askHosts({ io, options, command, scripts: new Map([[env, readScript('$R')]]) })
  const releases = new Map([...said].map(([host, text]) => [host, parseReleases(text)]))
  return { code, releases }
}

/** For those that cannot do with a part. Throws RELEASE_HOSTS. */
export function requireAll({ code, releases }: ReadReleases): Releases {
  if (code === EXIT.fine) return releases
  throw new VpaiError('RELEASE_HOSTS', 'not all hosts could be asked for their releases', {
    hint: '--limit leaves out hosts that are down.',
  })
}

/** As typed. Throws RELEASE_NUMBER, RELEASE_UNKNOWN. */
export function releaseNumber(releases: Releases, typed: string): number {
  if (!/^[1-9]\d*$/.test(typed)) {
    throw new VpaiError('RELEASE_NUMBER', `"${typed}" is no number of a release`, {
      hint: '`vpai history ENV` shows them.',
    })
  }
  return requireRelease(releases, Number(typed)).number
}

/** Texts of files, by host: those kept under digests, and those that are there now under `now PATH`. Secrets are masked. */
export async function readTexts(
  { io, options }: Omit<Invocation, 'args'>,
  { wanted, command }: { readonly wanted: ReadonlyMap<string, WantedTexts>; readonly command: string },
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const some = [...wanted].filter(([, { digests, paths }]) => digests.length + paths.length > 0)
  if (some.length === 0) return new Map()
  const mark = `== ${crypto.randomUUID()}`
  const scripts = new Map(some.map(([host, texts]) => [host, textsScript('$R', texts, mark)]))
  const { said } = await askHosts({ io, options, command, scripts })
  return new Map([...said].map(([host, text]) => [host, parseTexts(text, mark)]))
}

export interface WantedTexts {
  readonly digests: readonly string[]
  readonly paths: readonly string[]
}
