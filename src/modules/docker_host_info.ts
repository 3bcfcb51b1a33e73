/**
 * docker_host_info: what the engine says of itself, and lists of what it has.
 *
 * Args     containers, containers_all, images, networks, volumes, and the *_filters of each; disk_usage, verbose_output.
 * Changes  none.
 * Errors   no docker program, or an engine that does not answer.
 * Returns  can_talk_to_docker, host_info, and the lists asked for, with what Ansible's module tells of each entry; with
 *          verbose_output all that docker inspect tells. disk_usage.LayersSize is as exact as docker prints it.
 */
import type { z } from 'zod'
import type { Dict, Value } from '../base/value.ts'
import type { Seen } from '../probes/contract.ts'
import { defineModule, type Verdict } from './contract.ts'
import { bool, dict } from './shared/arguments.ts'
import {
  at,
  dockerArguments,
  dockerKey,
  dockerLine,
  dockerRefuses,
  jsonLines,
  problemOf,
  textAt,
} from './shared/docker-cli.ts'
import { filterWords } from './shared/docker-filters.ts'

const schema = () =>
  dockerArguments({
    containers: bool().default(false),
    containers_all: bool().default(false),
    containers_filters: dict().default({}),
    images: bool().default(false),
    images_filters: dict().default({}),
    networks: bool().default(false),
    networks_filters: dict().default({}),
    volumes: bool().default(false),
    volumes_filters: dict().default({}),
    disk_usage: bool().default(false),
    verbose_output: bool().default(false),
  })
type Args = z.output<ReturnType<typeof schema>>

const LISTS = ['containers', 'images', 'networks', 'volumes'] as const
type List = (typeof LISTS)[number]

export const dockerHostInfo = defineModule<Args>({
  name: 'docker_host_info',
  summary: 'What the Docker engine says of itself',
  args: schema,
  keys: args => questions(args).map(({ key }) => key),
  settles: true,
  decide(args, seen: Seen): Verdict {
    const result: Record<string, Value> = { can_talk_to_docker: true }
    for (const { name, key, read } of questions(args)) {
      const answer = seen.get(key)
      const problem = problemOf(answer) ?? (name === 'host_info' ? silence(answer.stdout) : null)
      if (problem !== null) return dockerRefuses(name, problem)
      result[name] = read(answer.stdout)
    }
    return { kind: 'ok', result }
  },
})

/** `docker info` ends well without an engine, and tells of that inside; null when one answered. */
function silence(stdout: string): string | null {
  const errors = jsonLines(stdout)[0]?.ServerErrors
  return Array.isArray(errors) && errors.length > 0 ? errors.join('; ') : null
}

interface Question {
  readonly name: string
  readonly key: ReturnType<typeof dockerKey>
  readonly read: (stdout: string) => Value
}

function questions(args: Args): Question[] {
  const json = '{{json .}}'
  const info: Question = {
    name: 'host_info',
    key: dockerKey(args, ['info', '--format', json]),
    read: stdout => jsonLines(stdout)[0] ?? {},
  }
  const usage: Question = {
    name: 'disk_usage',
    key: dockerKey(args, ['system', 'df', ...(args.verbose_output ? ['--verbose'] : []), '--format', json]),
    read: stdout =>
      args.verbose_output ? (jsonLines(stdout)[0] ?? {}) : { LayersSize: layersSize(jsonLines(stdout)) },
  }
  return [
    info,
    ...(args.disk_usage ? [usage] : []),
    ...LISTS.filter(list => args[list]).map(list => listing(args, list)),
  ]
}

function listing(args: Args, list: List): Question {
  const noun = list.slice(0, -1)
  const filters = filterWords(args[`${list}_filters`])
  const all = list === 'containers' && args.containers_all ? ['--all'] : []
  if (list === 'containers' && !args.verbose_output) {
    const words = ['container', 'ls', '--no-trunc', ...all, ...filters, '--format', '{{json .}}']
    return { name: list, key: dockerKey(args, words), read: stdout => jsonLines(stdout).map(listedContainer) }
  }
  const short = list === 'images' || list === 'networks' || list === 'containers' ? ['--no-trunc'] : []
  const ids = dockerLine(args, [noun, 'ls', '--quiet', ...short, ...all, ...filters])
  const script = `i=$(${ids}) || exit 1
[ -z "$i" ] || ${dockerLine(args, [noun, 'inspect'])} $(printf '%s\\n' "$i" | sort -u)`
  const shown = (one: Dict) => (args.verbose_output ? one : SHORT[list](one))
  return { name: list, key: { kind: 'read', name: script, script }, read: text => inspected(text).map(shown) }
}

/** All of `inspect` is one list. */
function inspected(stdout: string): Dict[] {
  return stdout.trim() === '' ? [] : (JSON.parse(stdout) as Dict[])
}

const pick = (one: Dict, names: readonly string[]): Dict =>
  Object.fromEntries(names.map(name => [name, one[name] ?? null]))

const SHORT: Readonly<Record<List, (one: Dict) => Dict>> = {
  containers: one => one,
  images: one => ({ ...pick(one, ['Id', 'RepoTags', 'Size']), Created: seconds(textAt(one, 'Created')) }),
  networks: one => pick(one, ['Id', 'Driver', 'Name', 'Scope']),
  volumes: one => pick(one, ['Driver', 'Name']),
}

/** As the engine lists it, made of what the program prints of it. */
function listedContainer(one: Dict): Dict {
  return {
    Id: at(one, 'ID'),
    Image: at(one, 'Image'),
    Command: textAt(one, 'Command').replace(/^"|"$/g, ''),
    Created: seconds(textAt(one, 'CreatedAt').replace(/^(\S+) (\S+) ([+-]\d{4}).*$/, '$1T$2$3')),
    Status: at(one, 'Status'),
    Ports: textAt(one, 'Ports').split(', ').flatMap(listedPort),
    Names: textAt(one, 'Names')
      .split(',')
      .map(name => `/${name}`),
  }
}

function listedPort(text: string): Dict[] {
  const [, address, host, inside, type = ''] = /^(?:(.+):(\d+)->)?(\d+)\/(\w+)$/.exec(text) ?? []
  if (inside === undefined) return []
  const bound: Dict =
    address === undefined ? {} : { IP: address.replace(/^\[|\]$/g, ''), PublicPort: Number(host) }
  return [{ ...bound, PrivatePort: Number(inside), Type: type }]
}

function seconds(date: string): number | null {
  const milliseconds = Date.parse(date)
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000)
}

const SIZES: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }

function layersSize(rows: readonly Dict[]): number {
  const images = rows.find(row => textAt(row, 'Type') === 'Images')
  const [, count = '0', unit = 'B'] = /^([\d.]+)(\w+)/.exec(textAt(images, 'Size')) ?? []
  return Math.round(Number(count) * (SIZES[unit] ?? 1))
}
