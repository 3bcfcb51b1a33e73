/**
 * docker_image_export: write images to a tar archive on the host.
 *
 * Args     names, tag, path, force.
 * Changes  the archive, when it is missing or holds anything but these images under these names.
 * Errors   an image that is not on the host; docker's own words.
 * Returns  images (as docker image inspect tells), actions.
 */
import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import { defineModule, type Verdict } from './contract.ts'
import { bool, list, path, word } from './shared/arguments.ts'
import { dockerArguments, dockerRefuses, readInspected } from './shared/docker-cli.ts'
import { withHome } from './shared/home.ts'
import { imageName } from './shared/image-name.ts'
import { archiveHolds, archiveKey, imageInspectKey, readArchive, saveAction } from './shared/image-steps.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  dockerArguments(
    { names: list(), tag: word().default('latest'), path: path(), force: bool().default(false) },
    { name: 'names' },
  ).refine(({ names }) => names.length > 0, 'names: needs at least one image')
type Args = z.output<ReturnType<typeof schema>>

export const dockerImageExport = withHome<Args>(
  () => ['path'],
  defineModule<Args>({
    name: 'docker_image_export',
    summary: 'Write images to a tar archive on the host',
    args: schema,
    keys: args => [archiveKey(args.path), ...namesOf(args).map(name => imageInspectKey(args, name))],
    settles: 'force writes the archive each time',
    decide(args, seen): Verdict {
      const names = namesOf(args)
      const images: Dict[] = []
      for (const name of names) {
        const found = readInspected(seen.get(imageInspectKey(args, name)))
        if ('problem' in found) return dockerRefuses(`the image ${name}`, found.problem)
        if (found.found[0] === undefined) return fail(`there is no image ${name} on the host`)
        images.push(found.found[0])
      }
      const archive = readArchive(seen.get(archiveKey(args.path)).stdout)
      const tags = names.filter(name => !imageName(name, args.tag).isId)
      if (!args.force && archiveHolds(archive, images, tags))
        return { kind: 'ok', result: { images, actions: [] } }
      const from = archive === null ? null : [...archive.tags]
      return {
        kind: 'change',
        changes: [{ what: 'archive', subject: args.path, from, to: names }],
        apply: [saveAction(args, args.path, names)],
        result: { images, actions: [`Exported ${names.join(', ')} to ${args.path}`] },
        touches: [archiveKey(args.path)],
      }
    },
  }),
)

function namesOf({ names, tag }: Args): string[] {
  return names.map(name => imageName(name, tag).whole)
}
