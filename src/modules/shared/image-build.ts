/** `docker build` with the options of docker_image; values of build arguments reach docker through its environment. */
import type { z } from 'zod'
import type { RunAction } from '../contract.ts'
import { argumentsOf, bool, int, list, path, text, textDict } from './arguments.ts'
import { type DockerConnection, dockerWords } from './docker-cli.ts'
import { only, withoutEffect } from './honoured.ts'
import { passEnvironment } from './pass-environment.ts'

export const buildSchema = () =>
  argumentsOf({
    path: path(),
    args: textDict().default({}),
    cache_from: list().default([]),
    container_limits: argumentsOf({
      memory: int().optional(),
      memswap: int().optional(),
      cpushares: int().optional(),
      cpusetcpus: text().optional(),
    }).optional(),
    dockerfile: text().optional(),
    etc_hosts: textDict().default({}),
    http_timeout: withoutEffect(int().optional(), 'the docker program waits for as long as the engine works'),
    network: text().optional(),
    nocache: bool().default(false),
    platform: text().optional(),
    pull: bool().default(false),
    rm: bool().default(true),
    shm_size: text().optional(),
    labels: textDict().default({}),
    target: text().optional(),
    use_config_proxy: only(
      bool(),
      on => on,
      'the docker program always passes the proxies of its configuration',
    ).optional(),
  })
export type BuildArgs = z.output<ReturnType<typeof buildSchema>>

export function buildAction(connection: DockerConnection, build: BuildArgs, image: string): RunAction {
  const { container_limits: limits = {} } = build
  const given = (flag: string, value: string | number | undefined) =>
    value === undefined ? [] : [`--${flag}=${value}`]
  const passed = passEnvironment('--build-arg', build.args)
  const flags = [
    `--tag=${image}`,
    ...given('file', dockerfile(build)),
    ...(build.pull ? ['--pull'] : []),
    ...(build.nocache ? ['--no-cache'] : []),
    ...(build.rm ? [] : ['--rm=false']),
    ...build.cache_from.map(name => `--cache-from=${name}`),
    ...Object.entries(build.etc_hosts).map(([name, address]) => `--add-host=${name}:${address}`),
    ...Object.entries(build.labels).map(([name, value]) => `--label=${name}=${value}`),
    ...given('network', build.network),
    ...given('target', build.target),
    ...given('platform', build.platform),
    ...given('shm-size', build.shm_size),
    ...given('memory', limits.memory),
    ...given('memory-swap', limits.memswap),
    ...given('cpu-shares', limits.cpushares),
    ...given('cpuset-cpus', limits.cpusetcpus),
    ...passed.flags,
  ]
  return {
    do: 'run',
    argv: [...dockerWords(connection), 'build', ...flags, '--', build.path],
    env: passed.env,
    failure: `docker could not build the image ${image}`,
  }
}

/** The file's name is relative to the folder that is built. */
function dockerfile({ path: folder, dockerfile: file }: BuildArgs): string | undefined {
  return file === undefined || file.startsWith('/') ? file : `${folder.replace(/\/+$/, '')}/${file}`
}
