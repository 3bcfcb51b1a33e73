/** What must be known before a container is decided on: the container, its images, its env file. */
import type { Dict } from '../../base/value.ts'
import type { Key, ReadSeen, Seen } from '../../probes/contract.ts'
import type { Context, Verdict } from '../contract.ts'
import type { ContainerArgs } from './container-arguments.ts'
import { parseEnvFile } from './container-env.ts'
import { needsHome } from './container-volumes.ts'
import type { ContainerSight } from './container-wish.ts'
import { contentText } from './content-text.ts'
import { dockerKey, dockerRefuses, readInspected, textAt } from './docker-cli.ts'

/** Other containers whose namespaces this one shares. */
function partners({ ipc_mode, pid_mode, network_mode }: ContainerArgs): string[] {
  return [ipc_mode, pid_mode, network_mode].flatMap(mode =>
    mode?.startsWith('container:') ? [mode.slice('container:'.length)] : [],
  )
}

export function containerKey(args: ContainerArgs) {
  return dockerKey(args, ['inspect', '--type', 'container', '--', args.name, ...partners(args)])
}

export function imageKey(args: ContainerArgs, image: string) {
  return dockerKey(args, ['image', 'inspect', '--', image])
}

const contentKey = (path: string) => ({ kind: 'content', path }) as const
export const homeKey = (ctx: Context) => ({ kind: 'user', name: ctx.user }) as const

export function containerKeys(args: ContainerArgs, ctx: Context): readonly Key[] {
  return [
    containerKey(args),
    ...(args.image === undefined || args.state === 'absent' ? [] : [imageKey(args, args.image)]),
    ...(args.env_file === undefined || args.state === 'absent' ? [] : [contentKey(args.env_file)]),
    ...(needsHome(args) ? [homeKey(ctx)] : []),
  ]
}

/** What was seen, or the verdict that stands in its way: a question for more, or a failure. */
export function lookAtContainer(args: ContainerArgs, seen: Seen): ContainerSight | Verdict {
  const list = readInspected(seen.get(containerKey(args)))
  if ('problem' in list) return dockerRefuses(`the container ${args.name}`, list.problem)
  const container = named(list.found, args.name)
  const nothing = { container, image: null, currentImage: null, ids: idsOf(args, list.found), env: null }
  if (args.state === 'absent') return nothing
  const image = args.image === undefined ? null : theImage(seen.get(imageKey(args, args.image)))
  if (typeof image === 'string') return dockerRefuses(`the image ${args.image}`, image)
  const env = envOf(args, seen)
  if (typeof env === 'string') return { kind: 'fail', message: env }
  const usedId = textAt(container, 'Image')
  const isSame = textAt(image, 'Id') === usedId
  const needsUsed =
    args.platform !== undefined || args.image_comparison === 'current-image' || args.image === undefined
  if (container === null || isSame || !needsUsed)
    return { ...nothing, image, currentImage: isSame ? image : null, env }
  const usedKey = imageKey(args, usedId)
  if (!seen.has(usedKey)) return { kind: 'ask', keys: [usedKey] }
  const currentImage = theImage(seen.get(usedKey))
  if (typeof currentImage === 'string') return dockerRefuses(`the image ${usedId}`, currentImage)
  return { ...nothing, image: args.image === undefined ? currentImage : image, currentImage, env }
}

/** A sentence when docker could not say. */
export function theImage(answer: ReadSeen): Dict | null | string {
  const list = readInspected(answer)
  return 'problem' in list ? list.problem : (list.found[0] ?? null)
}

/** By name first: a name may look like the beginning of another container's id. */
export function named(found: readonly Dict[], name: string): Dict | null {
  return (
    found.find(one => textAt(one, 'Name') === `/${name}`) ??
    found.find(one => textAt(one, 'Id').startsWith(name)) ??
    null
  )
}

function idsOf(args: ContainerArgs, found: readonly Dict[]): ReadonlyMap<string, string> {
  return new Map(
    partners(args).flatMap(name => {
      const one = named(found, name)
      return one === null ? [] : [[name, textAt(one, 'Id')] as const]
    }),
  )
}

/** A sentence when the file cannot be read. */
function envOf(
  { env, env_file }: ContainerArgs,
  seen: Seen,
): Readonly<Record<string, string>> | null | string {
  if (env_file === undefined) return env ?? null
  const text = contentText(seen.get(contentKey(env_file)), env_file)
  return text === null
    ? `env_file: there is no file ${env_file} on the host`
    : { ...parseEnvFile(text), ...env }
}
