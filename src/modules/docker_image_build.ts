/**
 * docker_image_build: build an image with buildx.
 *
 * Args     name, tag, path, dockerfile, args, labels, target, platform, cache_from, pull, network, nocache, etc_hosts,
 *          shm_size, secrets (id, type file | env | value, with src, env or value), outputs, rebuild (never | always).
 * Changes  the image, when it is missing; with rebuild: always what a build brings is known only then.
 * Errors   docker's own words; no buildx plugin. Values of args and secrets travel in files and docker's environment.
 * Returns  image (as docker image inspect tells), command, stdout, stderr.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Dict } from '../base/value.ts'
import { type Action, defineModule, type Output, type Result, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, list, listOf, path, text, textDict, word } from './shared/arguments.ts'
import { dockerArguments, dockerLine, dockerRefuses, readInspected } from './shared/docker-cli.ts'
import { bytesOf, size } from './shared/docker-values.ts'
import { withHome } from './shared/home.ts'
import { imageName } from './shared/image-name.ts'
import { imageInspectKey, lookAtImage, sameImage } from './shared/image-steps.ts'
import { passEnvironment } from './shared/pass-environment.ts'
import { fail } from './shared/results.ts'

const secret = () =>
  argumentsOf({
    id: word(),
    type: choice(['file', 'env', 'value']),
    src: path().optional(),
    env: word().optional(),
    value: text().optional(),
  })
    .refine(
      ({ type, src }) => (type === 'file') === (src !== undefined),
      'src is for type file, which needs it',
    )
    .refine(
      ({ type, env }) => (type === 'env') === (env !== undefined),
      'env is for type env, which needs it',
    )
    .refine(
      ({ type, value }) => (type === 'value') === (value !== undefined),
      'value is for type value, which needs it',
    )

const output = () =>
  argumentsOf({
    type: choice(['local', 'tar', 'oci', 'docker', 'image']),
    dest: path().optional(),
    context: text().optional(),
    name: list().optional(),
    push: bool().default(false),
  })

const schema = () =>
  dockerArguments({
    name: word(),
    tag: word().default('latest'),
    path: path(),
    dockerfile: text().optional(),
    cache_from: list().default([]),
    pull: bool().default(false),
    network: text().optional(),
    nocache: bool().default(false),
    etc_hosts: textDict().default({}),
    args: textDict().default({}),
    target: text().optional(),
    platform: list().default([]),
    shm_size: size().optional(),
    labels: textDict().default({}),
    rebuild: choice(['never', 'always']).default('never'),
    secrets: listOf(secret()).default([]),
    outputs: listOf(output()).default([]),
    docker_cli: path().optional(),
    cli_context: text().optional(),
  })
type Args = z.output<ReturnType<typeof schema>>

export const dockerImageBuild = withHome<Args>(
  () => ['path'],
  defineModule<Args>({
    name: 'docker_image_build',
    summary: 'Build an image with buildx',
    args: schema,
    keys: args => [keyOf(args)],
    settles: 'rebuild: always builds each time',
    decide(args, seen): Verdict {
      const { whole, isId } = imageName(args.name, args.tag)
      if (isId || whole.includes('@')) return fail(`an image is built under a name with a tag, not ${whole}`)
      const found = readInspected(seen.get(keyOf(args)))
      if ('problem' in found) return dockerRefuses(`the image ${whole}`, found.problem)
      const image = found.found[0] ?? null
      if (image !== null && args.rebuild === 'never') return { kind: 'ok', result: { image } }
      const apply = () => building(args, image)
      if (image !== null) return { kind: 'opaque', summary: `build ${whole}`, apply }
      const changes = [{ what: 'image', subject: whole, from: 'absent', to: 'built' }]
      return { kind: 'change', changes, apply, touches: [keyOf(args)] }
    },
  }),
)

function keyOf(args: Args) {
  return imageInspectKey(args, imageName(args.name, args.tag).whole)
}

function* building(args: Args, before: Dict | null): Generator<Action, Result, Output> {
  const { whole } = imageName(args.name, args.tag)
  const passed = passEnvironment('--build-arg', args.args)
  const words = ['buildx', 'build', '--progress', 'plain', ...flagsOf(args, whole), ...passed.flags]
  const script = [dockerLine(args, words), ...args.secrets.map(secretWords), '--', quote(args.path)].join(' ')
  const { stdout, stderr } = yield {
    do: 'run',
    script,
    env: passed.env,
    files: Object.fromEntries(
      args.secrets.flatMap(({ type, value = '' }, index) =>
        type === 'value' ? [[`secret${index}`, new TextEncoder().encode(value)]] : [],
      ),
    ),
    failure: `docker could not build the image ${whole}`,
  }
  const image = yield* lookAtImage(args, whole)
  const command = ['docker', ...words, args.path]
  return { changed: !sameImage(before, image), image: image ?? {}, command, stdout, stderr }
}

/** A value is a file whose place only the host knows. */
function secretWords({ id, type, src, env }: Args['secrets'][number], index: number): string {
  if (type === 'value') return `--secret ${quote(`id=${id},src=`)}"$VPAI_FILES/secret${index}"`
  return `--secret ${quote(type === 'file' ? `id=${id},src=${src}` : `id=${id},type=env,env=${env}`)}`
}

function flagsOf(args: Args, image: string): string[] {
  const given = (flag: string, value: string | number | undefined) =>
    value === undefined ? [] : [`--${flag}=${value}`]
  const file =
    args.dockerfile === undefined ? undefined : `${args.path.replace(/\/+$/, '')}/${args.dockerfile}`
  const isPlain = args.outputs.length === 0
  return [
    `--tag=${image}`,
    ...given('file', args.dockerfile?.startsWith('/') ? args.dockerfile : file),
    ...args.cache_from.map(name => `--cache-from=${name}`),
    ...(args.pull ? ['--pull'] : []),
    ...given('network', args.network),
    ...(args.nocache ? ['--no-cache'] : []),
    ...Object.entries(args.etc_hosts).map(([name, address]) => `--add-host=${name}:${address}`),
    ...given('target', args.target),
    ...args.platform.map(platform => `--platform=${platform}`),
    ...given('shm-size', args.shm_size === undefined ? undefined : (bytesOf(args.shm_size) ?? undefined)),
    ...Object.entries(args.labels).map(([name, value]) => `--label=${name}=${value}`),
    ...(isPlain ? ['--load'] : args.outputs.map(one => `--output=${outputFlag(one)}`)),
  ]
}

function outputFlag({ type, dest, context, name, push }: Args['outputs'][number]): string {
  const names = name === undefined ? [] : [name.length > 1 ? `"name=${name.join(',')}"` : `name=${name[0]}`]
  return [
    `type=${type}`,
    ...(dest === undefined ? [] : [`dest=${dest}`]),
    ...(context === undefined ? [] : [`context=${context}`]),
    ...names,
    ...(push ? ['push=true'] : []),
  ].join(',')
}
