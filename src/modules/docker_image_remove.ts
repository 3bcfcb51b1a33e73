/**
 * docker_image_remove: take an image, or one of its names, off the host.
 *
 * Args     name (with or without tag, or an id), tag, force, prune.
 * Changes  the image.
 * Errors   docker's own words, an image in use among them.
 * Returns  image (as it was), deleted, untagged, actions.
 */
import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import { type Action, defineModule, type Output, type Result, type Verdict } from './contract.ts'
import { bool, word } from './shared/arguments.ts'
import { dockerArguments, dockerRefuses, dockerWords, readInspected } from './shared/docker-cli.ts'
import { imageName } from './shared/image-name.ts'
import { imageInspectKey } from './shared/image-steps.ts'

const schema = () =>
  dockerArguments({
    name: word(),
    tag: word().default('latest'),
    force: bool().default(false),
    prune: bool().default(true),
  })
type Args = z.output<ReturnType<typeof schema>>

export const dockerImageRemove = defineModule<Args>({
  name: 'docker_image_remove',
  summary: 'Take an image off the host',
  args: schema,
  keys: args => [keyOf(args)],
  settles: true,
  decide(args, seen): Verdict {
    const { whole } = imageName(args.name, args.tag)
    const list = readInspected(seen.get(keyOf(args)))
    if ('problem' in list) return dockerRefuses(`the image ${whole}`, list.problem)
    const image = list.found[0]
    if (image === undefined)
      return { kind: 'ok', result: { image: {}, deleted: [], untagged: [], actions: [] } }
    const changes = [{ what: 'image', subject: whole, from: 'present', to: 'absent' }]
    return { kind: 'change', changes, apply: () => removing(args, image), touches: [keyOf(args)] }
  },
})

function keyOf(args: Args) {
  return imageInspectKey(args, imageName(args.name, args.tag).whole)
}

function* removing(args: Args, image: Dict): Generator<Action, Result, Output> {
  const { whole } = imageName(args.name, args.tag)
  const flags = [...(args.force ? ['--force'] : []), ...(args.prune ? [] : ['--no-prune'])]
  const { stdout } = yield {
    do: 'run',
    argv: [...dockerWords(args), 'image', 'rm', ...flags, '--', whole],
    failure: `docker could not remove the image ${whole}`,
  }
  const all = (word: string) =>
    [...stdout.matchAll(new RegExp(`^${word}: (\\S+)$`, 'gm'))].map(([, name = '']) => name)
  const actions = [`Removed image ${whole}`]
  return { image, deleted: all('Deleted').sort(), untagged: all('Untagged').sort(), actions }
}
