/**
 * docker_image_load: load the images of a tar archive on the host.
 *
 * Args     path.
 * Changes  the images of the archive, when one of them or of its names is missing.
 * Errors   docker's own words; no archive there.
 * Returns  image_names, images (as docker image inspect tells), stdout.
 */
import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { type Action, defineModule, type Output, type Result, type Verdict } from './contract.ts'
import { path } from './shared/arguments.ts'
import { dockerArguments, readInspected } from './shared/docker-cli.ts'
import { withHome } from './shared/home.ts'
import { archiveKey, imageInspectKey, load, lookAtImage, readArchive } from './shared/image-steps.ts'

const schema = () => dockerArguments({ path: path() })
type Args = z.output<ReturnType<typeof schema>>

export const dockerImageLoad = withHome<Args>(
  () => ['path'],
  defineModule<Args>({
    name: 'docker_image_load',
    summary: 'Load the images of a tar archive on the host',
    args: schema,
    keys: args => [archiveKey(args.path)],
    settles: 'an archive of images without names is loaded each time',
    decide(args, seen): Verdict {
      const archive = readArchive(seen.get(archiveKey(args.path)).stdout)
      const tags = archive?.tags ?? []
      const missing: Key[] = tags.map(tag => imageInspectKey(args, tag)).filter(key => !seen.has(key))
      if (missing.length > 0) return { kind: 'ask', keys: missing }
      const images = tags.map(tag => imageOf(args, seen, tag))
      const apply = () => loading(args)
      const summary = `load images from ${args.path}`
      if (tags.length === 0) return { kind: 'opaque', summary, apply }
      const changes = tags
        .filter((_, index) => !isOf(images[index] ?? null, archive?.ids ?? []))
        .map(subject => ({ what: 'image', subject, from: null, to: args.path }))
      if (changes.length > 0)
        return { kind: 'change', changes, apply, touches: tags.map(tag => imageInspectKey(args, tag)) }
      return { kind: 'ok', result: { image_names: [...tags], images: images.filter(one => one !== null) } }
    },
  }),
)

function imageOf(args: Args, seen: Seen, tag: string): Dict | null {
  const list = readInspected(seen.get(imageInspectKey(args, tag)))
  return 'found' in list ? (list.found[0] ?? null) : null
}

function isOf(image: Dict | null, ids: readonly string[]): boolean {
  return image !== null && ids.includes(String(image.Id).replace(/^sha256:/, ''))
}

function* loading(args: Args): Generator<Action, Result, Output> {
  const { names, stdout } = yield* load(args, args.path)
  const images: Dict[] = []
  for (const name of names) {
    const image = yield* lookAtImage(args, name)
    if (image !== null) images.push(image)
  }
  return { image_names: [...names], images, stdout }
}
