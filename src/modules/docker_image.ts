/**
 * docker_image: an image on the host, pulled, built or loaded; tagged, pushed, archived or removed.
 *
 * Args     name, tag, state (present | absent), source (pull | build | load | local), build, pull, load_path,
 *          archive_path, repository, push, force_source, force_tag, force_absent.
 * Changes  an image that is missing is got from its source; with force_source it is got again, and what that brings is
 *          known only then. push looks at the registry each time.
 * Errors   docker's own words; an image that is not there with source: local. Values of build.args are not arguments.
 * Returns  image (as docker image inspect tells), actions, stdout (of a build).
 */
import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { type Change, defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, text, word } from './shared/arguments.ts'
import { dockerArguments, dockerRefuses, dockerWords, readInspected } from './shared/docker-cli.ts'
import { withHome } from './shared/home.ts'
import { applyImage } from './shared/image-apply.ts'
import { buildSchema } from './shared/image-build.ts'
import { type ImageName, imageName } from './shared/image-name.ts'
import { archiveHolds, archiveKey, imageInspectKey, readArchive, sameImage } from './shared/image-steps.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  dockerArguments({
    name: word(),
    tag: word().default('latest'),
    state: choice(['present', 'absent']).default('present'),
    source: choice(['build', 'load', 'pull', 'local']).optional(),
    build: buildSchema().optional(),
    pull: argumentsOf({ platform: text().optional() }).optional(),
    load_path: path().optional(),
    archive_path: path().optional(),
    repository: word().optional(),
    push: bool().default(false),
    force_source: bool().default(false),
    force_tag: bool().default(false),
    force_absent: bool().default(false),
  })
    .refine(
      ({ state, source }) => state === 'absent' || source !== undefined,
      'needs source when the state is present',
    )
    .refine(
      ({ source, build }) => source !== 'build' || build !== undefined,
      'needs build when the source is build',
    )
    .refine(
      ({ source, load_path }) => source !== 'load' || load_path !== undefined,
      'needs load_path when the source is load',
    )
export type ImageArgs = z.output<ReturnType<typeof schema>>

/** The image and the other name it is to have. */
export interface ImageNames {
  readonly image: ImageName
  readonly target: ImageName | null
}

export interface ImageSight {
  readonly image: Dict | null
  readonly target: Dict | null
  readonly isArchived: boolean
}

export const dockerImage = withHome<ImageArgs>(
  () => ['load_path', 'archive_path'],
  defineModule<ImageArgs>({
    name: 'docker_image',
    summary: 'An image of the Docker engine',
    args: schema,
    keys: args => keysOf(args),
    settles: 'force_source and push look at the source or the registry each time they are asked for',
    decide(args, seen): Verdict {
      const names = namesOf(args)
      if (names.image.isId && args.state === 'present' && (args.source === 'pull' || args.source === 'build'))
        return fail(`an image cannot be got by its id: ${args.name}`)
      const sight = look(args, names, seen)
      if (typeof sight === 'string') return dockerRefuses(`the image ${names.image.whole}`, sight)
      return args.state === 'absent' ? absent(args, names.image, sight) : present(args, names, sight)
    },
  }),
)

function namesOf({ name, tag, repository }: ImageArgs): ImageNames {
  return { image: imageName(name, tag), target: repository === undefined ? null : imageName(repository, tag) }
}

function keysOf(args: ImageArgs): Key[] {
  const { image, target } = namesOf(args)
  return [
    imageInspectKey(args, image.whole),
    ...(target === null ? [] : [imageInspectKey(args, target.whole)]),
    ...(args.archive_path === undefined ? [] : [archiveKey(args.archive_path)]),
  ]
}

/** A sentence when docker could not say. */
function look(args: ImageArgs, { image, target }: ImageNames, seen: Seen): ImageSight | string {
  const found = readInspected(seen.get(imageInspectKey(args, image.whole)))
  if ('problem' in found) return found.problem
  const other = target === null ? { found: [] } : readInspected(seen.get(imageInspectKey(args, target.whole)))
  if ('problem' in other) return other.problem
  const archive =
    args.archive_path === undefined ? null : readArchive(seen.get(archiveKey(args.archive_path)).stdout)
  return {
    image: found.found[0] ?? null,
    target: other.found[0] ?? null,
    isArchived: archiveHolds(archive, found.found.slice(0, 1), [image.whole]),
  }
}

function absent(args: ImageArgs, { whole }: ImageName, { image }: ImageSight): Verdict {
  if (image === null) return { kind: 'ok', result: { image: {}, actions: [] } }
  const argv = [...dockerWords(args), 'image', 'rm', ...(args.force_absent ? ['--force'] : []), '--', whole]
  return {
    kind: 'change',
    changes: [{ what: 'state', subject: whole, from: 'present', to: 'absent' }],
    apply: [{ do: 'run', argv, failure: `docker could not remove the image ${whole}` }],
    result: { image: { state: 'Deleted' }, actions: [`Removed image ${whole}`] },
    touches: keysOf(args),
  }
}

const GOT = { build: 'built', load: 'loaded', pull: 'pulled', local: 'present' } as const

function present(args: ImageArgs, names: ImageNames, sight: ImageSight): Verdict {
  const { whole } = names.image
  const source = args.source ?? 'local'
  if (sight.image === null && source === 'local') return fail(`there is no image ${whole} on the host`)
  const changes: Change[] = [
    ...(sight.image === null ? [{ what: 'image', subject: whole, from: 'absent', to: GOT[source] }] : []),
    ...tagging(args, names, sight),
    ...(args.archive_path !== undefined && !sight.isArchived
      ? [{ what: 'archive', subject: args.archive_path, from: null, to: whole }]
      : []),
  ]
  const apply = () => applyImage(args, names, sight)
  const again = args.force_source && source !== 'local' && sight.image !== null
  if (again || (args.push && changes.length === 0))
    return { kind: 'opaque', summary: `${again ? source : 'push'} ${whole}`, apply }
  if (changes.length === 0) return { kind: 'ok', result: { image: sight.image ?? {}, actions: [] } }
  return { kind: 'change', changes, apply, result: { image: sight.image ?? {} }, touches: keysOf(args) }
}

function tagging({ force_tag }: ImageArgs, { image, target }: ImageNames, sight: ImageSight): Change[] {
  if (target === null) return []
  if (sight.target !== null && (!force_tag || sameImage(sight.target, sight.image))) return []
  return [
    {
      what: 'tag',
      subject: target.whole,
      from: sight.target === null ? null : 'another image',
      to: image.whole,
    },
  ]
}
