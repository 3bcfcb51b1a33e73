/**
 * docker_image_push: send an image to its registry.
 *
 * Args     name, tag.
 * Changes  layers the registry has not; only sending tells which.
 * Errors   docker's own words; an image that is not on the host.
 * Returns  image (as docker image inspect tells, with push_status), actions.
 */
import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import { type Action, defineModule, type Output, type Result, type Verdict } from './contract.ts'
import { word } from './shared/arguments.ts'
import { dockerArguments, dockerRefuses, readInspected } from './shared/docker-cli.ts'
import { imageName } from './shared/image-name.ts'
import { imageInspectKey, push } from './shared/image-steps.ts'
import { fail } from './shared/results.ts'

const schema = () => dockerArguments({ name: word(), tag: word().default('latest') })
type Args = z.output<ReturnType<typeof schema>>

export const dockerImagePush = defineModule<Args>({
  name: 'docker_image_push',
  summary: 'Send an image to its registry',
  args: schema,
  keys: args => [imageInspectKey(args, imageName(args.name, args.tag).whole)],
  settles: 'what the registry lacks is found out by sending it',
  decide(args, seen): Verdict {
    const { whole, isId } = imageName(args.name, args.tag)
    if (isId) return fail(`an image cannot be pushed by its id: ${args.name}`)
    const list = readInspected(seen.get(imageInspectKey(args, whole)))
    if ('problem' in list) return dockerRefuses(`the image ${whole}`, list.problem)
    const image = list.found[0]
    if (image === undefined) return fail(`there is no image ${whole} on the host`)
    return { kind: 'opaque', summary: `push ${whole}`, apply: () => pushing(args, whole, image) }
  },
})

function* pushing(args: Args, whole: string, image: Dict): Generator<Action, Result, Output> {
  const { sent, status } = yield* push(args, whole)
  return { changed: sent, image: { ...image, push_status: status }, actions: [`Pushed image ${whole}`] }
}
