/** What is done with images: pulled, pushed, tagged, archived, and looked at again. */
import { quote } from '../../base/quote.ts'
import type { Dict } from '../../base/value.ts'
import type { Action, Output, RunAction } from '../contract.ts'
import {
  at,
  type DockerConnection,
  dockerKey,
  dockerWords,
  listAt,
  readInspected,
  textAt,
} from './docker-cli.ts'

export type Looking<Found> = Generator<Action, Found, Output>

export function imageInspectKey(connection: DockerConnection, image: string) {
  return dockerKey(connection, ['image', 'inspect', '--', image])
}

export function* lookAtImage(connection: DockerConnection, image: string): Looking<Dict | null> {
  const { script } = imageInspectKey(connection, image)
  const list = readInspected(yield { do: 'run', script, ok: 'any', readOnly: true })
  return 'found' in list ? (list.found[0] ?? null) : null
}

export function pullAction(connection: DockerConnection, image: string, platform?: string): RunAction {
  const flags = platform === undefined ? [] : ['--platform', platform]
  return {
    do: 'run',
    argv: [...dockerWords(connection), 'pull', '--quiet', ...flags, '--', image],
    failure: `docker could not pull the image ${image}`,
  }
}

export function tagAction(connection: DockerConnection, image: string, as: string): RunAction {
  return {
    do: 'run',
    argv: [...dockerWords(connection), 'image', 'tag', image, as],
    failure: `docker could not tag ${image} as ${as}`,
  }
}

/** Whether a layer was sent, and the last thing the registry said. */
export function* push(
  connection: DockerConnection,
  image: string,
): Looking<{ sent: boolean; status: string }> {
  const { stdout } = yield {
    do: 'run',
    argv: [...dockerWords(connection), 'push', '--', image],
    failure: `docker could not push the image ${image}`,
  }
  const status = stdout.trim().split('\n').at(-1) ?? ''
  return { sent: /^\w+: (Pushed|Mounted from)/m.test(stdout), status }
}

/** Both tables of an archive, one JSON value each; nothing where there is no archive. */
export function archiveKey(path: string) {
  const part = (name: string) => `tar -xOf ${quote(path)} ${name} 2>/dev/null | tr -d '\\n'; echo`
  const script = `[ -f ${quote(path)} ] || exit 0\n${part('manifest.json')}\n${part('index.json')}\nexit 0`
  return { kind: 'read', name: script, script } as const
}

interface Archived {
  readonly ids: readonly string[]
  readonly tags: readonly string[]
}

/** Ids (of configurations and manifests: engines name an image after either) and tags; null when it is none. */
export function readArchive(stdout: string): Archived | null {
  const [manifest = '', index = ''] = stdout.split('\n')
  const entries = parsed(manifest)
  if (!Array.isArray(entries) || entries.length === 0) return null
  const configs = entries.map(one =>
    textAt(one, 'Config')
      .replace(/^blobs\/sha256\//, '')
      .replace(/\.json$/, ''),
  )
  const digests = listAt(parsed(index), 'manifests').map(one => textAt(one, 'digest').replace(/^sha256:/, ''))
  const tags = entries.flatMap(one => listAt(one, 'RepoTags').map(String))
  return { ids: [...configs, ...digests], tags }
}

/** Does the archive hold exactly these images under these names? */
export function archiveHolds(
  archive: Archived | null,
  images: readonly Dict[],
  tags: readonly string[],
): boolean {
  if (archive === null) return false
  const has = images.every(image => archive.ids.includes(textAt(image, 'Id').replace(/^sha256:/, '')))
  const same = archive.tags.length === tags.length && tags.every(tag => archive.tags.includes(tag))
  return has && same
}

function parsed(json: string): Dict[string] {
  try {
    return JSON.parse(json === '' ? 'null' : json) as Dict[string]
  } catch {
    return null
  }
}

export function saveAction(connection: DockerConnection, path: string, images: readonly string[]): RunAction {
  return {
    do: 'run',
    argv: [...dockerWords(connection), 'save', '--output', path, '--', ...images],
    failure: `docker could not write ${images.join(', ')} to ${path}`,
  }
}

export interface Loaded {
  /** With tags, or ids of those that have none. */
  readonly names: readonly string[]
  readonly stdout: string
}

export function* load(connection: DockerConnection, path: string): Looking<Loaded> {
  const { stdout } = yield {
    do: 'run',
    argv: [...dockerWords(connection), 'load', '--quiet', '--input', path],
    failure: `docker could not load images from ${path}`,
  }
  const names = [...stdout.matchAll(/^Loaded image(?: ID)?: (\S+)$/gm)].map(([, name = '']) => name)
  return { names, stdout }
}

export function sameImage(left: Dict | null, right: Dict | null): boolean {
  return left !== null && right !== null && at(left, 'Id') === at(right, 'Id')
}
