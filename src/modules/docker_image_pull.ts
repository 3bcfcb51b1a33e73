/**
 * docker_image_pull: get an image from its registry.
 *
 * Args     name, tag, platform, pull (always | not_present).
 * Changes  the image, when it is missing or the registry has another; with always only asking tells.
 * Errors   docker's own words.
 * Returns  image (as docker image inspect tells), actions.
 */
import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import { type Action, defineModule, type Output, type Result, type Verdict } from './contract.ts'
import { choice, text, word } from './shared/arguments.ts'
import { dockerArguments, dockerRefuses, readInspected } from './shared/docker-cli.ts'
import { imageName } from './shared/image-name.ts'
import { imageInspectKey, lookAtImage, pullAction, sameImage } from './shared/image-steps.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  dockerArguments({
    name: word(),
    tag: word().default('latest'),
    platform: text().optional(),
    pull: choice(['always', 'not_present']).default('always'),
  })
type Args = z.output<ReturnType<typeof schema>>

export const dockerImagePull = defineModule<Args>({
  name: 'docker_image_pull',
  summary: 'Get an image from its registry',
  args: schema,
  keys: args => [keyOf(args)],
  settles: 'pull: always asks the registry each time',
  decide(args, seen): Verdict {
    const { whole, isId } = imageName(args.name, args.tag)
    if (isId) return fail(`an image cannot be pulled by its id: ${args.name}`)
    const list = readInspected(seen.get(keyOf(args)))
    if ('problem' in list) return dockerRefuses(`the image ${whole}`, list.problem)
    const image = list.found[0] ?? null
    const apply = () => pulling(args, image)
    if (image === null) {
      const changes = [{ what: 'image', subject: whole, from: 'absent', to: 'pulled' }]
      return { kind: 'change', changes, apply, touches: [keyOf(args)] }
    }
    if (args.pull === 'not_present') return { kind: 'ok', result: { image, actions: [] } }
    return { kind: 'opaque', summary: `pull ${whole}`, apply }
  },
})

function keyOf(args: Args) {
  return imageInspectKey(args, imageName(args.name, args.tag).whole)
}

function* pulling(args: Args, before: Dict | null): Generator<Action, Result, Output> {
  const { whole } = imageName(args.name, args.tag)
  yield pullAction(args, whole, args.platform)
  const image = yield* lookAtImage(args, whole)
  return { changed: !sameImage(before, image), image: image ?? {}, actions: [`Pulled image ${whole}`] }
}
