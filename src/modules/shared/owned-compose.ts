/** Takes a compose project down, by its files as long as they are there. Its volumes stay. */
import { z } from 'zod'
import type { Key } from '../../probes/contract.ts'
import { defineModule } from '../contract.ts'
import { dockerComposeV2 } from '../docker_compose_v2.ts'

const schema = () =>
  z.strictObject({ project: z.string(), directory: z.string().startsWith('/'), files: z.array(z.string()) })
type Args = z.output<ReturnType<typeof schema>>

export const ownedCompose = defineModule<Args>({
  name: 'owned_compose',
  summary: 'Takes a compose project down',
  args: schema,
  settles: true,
  keys: args => [folderKey(args)],
  decide(args, seen, ctx) {
    if (seen.get(folderKey(args)).type !== 'directory')
      return { kind: 'skip', reason: `its folder is gone: docker compose -p ${args.project} down` }
    const { project, directory, files } = args
    const wish = dockerComposeV2.args().parse({
      project_src: directory,
      project_name: project,
      state: 'absent',
      ...(files.length === 0 ? {} : { files }),
    })
    const missing = dockerComposeV2.keys(wish, ctx).filter(key => !seen.has(key))
    return missing.length > 0 ? { kind: 'ask', keys: missing } : dockerComposeV2.decide(wish, seen, ctx)
  },
})

function folderKey({ directory }: Args) {
  return { kind: 'path', path: directory, follow: true } as const satisfies Key
}
