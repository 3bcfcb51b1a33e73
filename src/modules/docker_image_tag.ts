/**
 * docker_image_tag: give an image other names.
 *
 * Args     name, tag, repository (the names), existing_images (overwrite | keep).
 * Changes  names that are missing, or that another image has.
 * Errors   an image that is not on the host; docker's own words.
 * Returns  image (as docker image inspect tells), tagged_images, actions.
 */
import type { z } from 'zod'
import { defineModule, type Verdict } from './contract.ts'
import { choice, list, word } from './shared/arguments.ts'
import { dockerArguments, dockerRefuses, readInspected } from './shared/docker-cli.ts'
import { imageName } from './shared/image-name.ts'
import { imageInspectKey, sameImage, tagAction } from './shared/image-steps.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  dockerArguments({
    name: word(),
    tag: word().default('latest'),
    repository: list(),
    existing_images: choice(['keep', 'overwrite']).default('overwrite'),
  })
type Args = z.output<ReturnType<typeof schema>>

export const dockerImageTag = defineModule<Args>({
  name: 'docker_image_tag',
  summary: 'Give an image other names',
  args: schema,
  keys: args => namesOf(args).map(name => imageInspectKey(args, name)),
  settles: true,
  decide(args, seen): Verdict {
    const [source = '', ...targets] = namesOf(args)
    const found = namesOf(args).map(name => readInspected(seen.get(imageInspectKey(args, name))))
    const refused = found.find(one => 'problem' in one)
    if (refused !== undefined && 'problem' in refused)
      return dockerRefuses(`the image ${source}`, refused.problem)
    const [image = null, ...others] = found.map(one => ('found' in one ? (one.found[0] ?? null) : null))
    if (image === null) return fail(`there is no image ${source} on the host`)
    const changes = targets.flatMap((subject, index) => {
      const other = others[index] ?? null
      if (sameImage(other, image) || (other !== null && args.existing_images === 'keep')) return []
      return [{ what: 'tag', subject, from: other === null ? null : 'another image', to: source }]
    })
    const tagged = changes.map(({ subject }) => subject)
    const actions = tagged.map(name => `Tagged image ${source} as ${name}`)
    const result = { image, tagged_images: tagged, actions }
    if (changes.length === 0) return { kind: 'ok', result }
    const touches = tagged.map(name => imageInspectKey(args, name))
    return {
      kind: 'change',
      changes,
      apply: tagged.map(name => tagAction(args, source, name)),
      result,
      touches,
    }
  },
})

/** The image first, then the names it is to have. */
function namesOf({ name, tag, repository }: Args): string[] {
  return [imageName(name, tag).whole, ...repository.map(one => imageName(one, tag).whole)]
}
