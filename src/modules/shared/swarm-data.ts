/**
 * Secrets and configs of a swarm: pieces of data under a name that cannot be changed, only made anew. What they hold is
 * known by a digest in the label ansible_key, so that a swarm Ansible filled is in order here, too.
 */
import type { z } from 'zod'
import { type Dict, isDict } from '../../base/value.ts'
import type { Seen } from '../../probes/contract.ts'
import {
  type Action,
  type Change,
  defineModule,
  type Module,
  type Output,
  type Result,
  type Verdict,
} from '../contract.ts'
import { bool, choice, int, path, text, textDict, word } from './arguments.ts'
import { contentText } from './content-text.ts'
import { digest } from './digest.ts'
import { askEngine } from './docker-api.ts'
import {
  dockerArguments,
  dockerLine,
  dockerRefuses,
  dockerWords,
  readInspected,
  textAt,
  textsAt,
} from './docker-cli.ts'
import { withHome } from './home.ts'
import { failedResult } from './results.ts'

const schema = () =>
  dockerArguments({
    name: word(),
    state: choice(['present', 'absent']).default('present'),
    data: text().optional(),
    data_is_b64: bool().default(false),
    data_src: path().optional(),
    labels: textDict().default({}),
    force: bool().default(false),
    rolling_versions: bool().default(false),
    versions_to_keep: int().default(5),
    template_driver: choice(['golang']).optional(),
  })
    .refine(
      ({ data, data_src }) => data === undefined || data_src === undefined,
      'takes either data or data_src',
    )
    .refine(
      ({ state, data, data_src }) => state === 'absent' || data !== undefined || data_src !== undefined,
      'needs data or data_src when the state is present',
    )
export type SwarmDataArgs = z.output<ReturnType<typeof schema>>

interface Kind {
  readonly name: string
  readonly summary: string
  readonly noun: 'secret' | 'config'
}

/** One of the versions that are there, the newest last. */
interface Version {
  readonly id: string
  readonly name: string
  readonly number: number
  readonly labels: Readonly<Record<string, string>>
}

export function swarmDataModule({ name, summary, noun }: Kind): Module<SwarmDataArgs> {
  return withHome<SwarmDataArgs>(
    () => ['data_src'],
    defineModule<SwarmDataArgs>({
      name,
      summary,
      args: schema,
      keys: args => [
        listKey(args, noun),
        ...(args.data_src === undefined ? [] : [contentKey(args.data_src)]),
      ],
      settles: 'force makes it anew each time',
      decide(args, seen): Verdict {
        const found = readInspected(seen.get(listKey(args, noun)))
        if ('problem' in found) return dockerRefuses(`the ${noun} ${args.name}`, found.problem)
        const versions = versionsOf(args, found.found)
        return args.state === 'absent'
          ? absent(args, versions, noun)
          : present(args, versions, { noun, seen })
      },
    }),
  )
}

const contentKey = (file: string) => ({ kind: 'content', path: file }) as const

/** The filter takes names that begin so. */
function listKey(args: SwarmDataArgs, noun: string) {
  const script = `i=$(${dockerLine(args, [noun, 'ls', '--quiet', '--filter', `name=${args.name}`])}) || exit 1
[ -z "$i" ] || ${dockerLine(args, [noun, 'inspect'])} $i`
  return { kind: 'read', name: script, script } as const
}

function versionsOf({ name, rolling_versions }: SwarmDataArgs, found: readonly Dict[]): Version[] {
  return found
    .map(one => {
      const labels = textsAt(one, 'Spec.Labels')
      const own = textAt(one, 'Spec.Name')
      const number = Number(labels.ansible_version ?? /_v(\d+)$/.exec(own)?.[1] ?? 0)
      return { id: textAt(one, 'ID'), name: own, number, labels }
    })
    .filter(one => (rolling_versions ? one.name.replace(/_v\d+$/, '') === name : one.name === name))
    .sort((left, right) => left.number - right.number)
}

function absent(args: SwarmDataArgs, versions: readonly Version[], noun: string): Verdict {
  if (versions.length === 0) return { kind: 'ok' }
  return {
    kind: 'change',
    changes: versions.map(one => ({ what: 'state', subject: one.name, from: 'present', to: 'absent' })),
    apply: versions.map(one => removal(args, noun, one)),
  }
}

interface Around {
  readonly noun: 'secret' | 'config'
  readonly seen: Seen
}

function present(args: SwarmDataArgs, versions: readonly Version[], { noun, seen }: Around): Verdict {
  const bytes = dataOf(args, seen)
  if (bytes === null)
    return { kind: 'fail', message: `data_src: there is no file ${args.data_src} on the host` }
  const key = digest('sha224', bytes)
  const newest = versions.at(-1)
  const changes = newest === undefined ? [made(args)] : differences(args, newest, key)
  if (newest !== undefined && changes.length === 0) {
    const isUnknown = newest.labels.ansible_key === undefined
    const unknown = `what the ${noun} ${newest.name} holds is not known (it has no label ansible_key); force: true makes it anew`
    const result = { [`${noun}_id`]: newest.id, [`${noun}_name`]: newest.name }
    return { kind: 'ok', result, warnings: isUnknown ? [unknown] : [] }
  }
  return { kind: 'change', changes, apply: () => making(args, versions, { noun, bytes, key }) }
}

function dataOf(args: SwarmDataArgs, seen: Seen): Uint8Array | null {
  if (args.data_src === undefined)
    return new Uint8Array(Buffer.from(args.data ?? '', args.data_is_b64 ? 'base64' : 'utf8'))
  const content = seen.get(contentKey(args.data_src))
  if (content.state === 'present') return content.bytes
  return contentText(content, args.data_src) === null ? null : new Uint8Array()
}

const made = (args: SwarmDataArgs): Change => ({
  what: 'state',
  subject: args.name,
  from: 'absent',
  to: 'present',
})

/** Never what it holds, nor the digest of it. */
function differences(args: SwarmDataArgs, newest: Version, key: string): Change[] {
  const subject = newest.name
  const old = newest.labels.ansible_key
  const labels = Object.entries(args.labels).filter(([name, value]) => newest.labels[name] !== value)
  return [
    ...(old !== undefined && old !== key
      ? [{ what: 'data', subject, from: 'other data', to: 'the data given' }]
      : []),
    ...labels.map(([name, to]) => ({
      what: `label ${name}`,
      subject,
      from: newest.labels[name] ?? null,
      to,
    })),
    ...(args.force ? [{ what: 'state', subject, from: 'present', to: 'made anew' }] : []),
  ]
}

interface Content {
  readonly noun: 'secret' | 'config'
  readonly bytes: Uint8Array
  readonly key: string
}

function* making(
  args: SwarmDataArgs,
  versions: readonly Version[],
  { noun, bytes, key }: Content,
): Generator<Action, Result, Output> {
  const number = (versions.at(-1)?.number ?? 0) + 1
  const name = args.rolling_versions ? `${args.name}_v${number}` : args.name
  if (!args.rolling_versions) for (const one of versions) yield removal(args, noun, one)
  const version: Readonly<Record<string, string>> = args.rolling_versions
    ? { ansible_version: String(number) }
    : {}
  const { problem, body } = yield* askEngine(args, {
    method: 'POST',
    path: `/${noun}s/create`,
    body: {
      Name: name,
      Labels: { ...args.labels, ...version, ansible_key: key },
      Data: Buffer.from(bytes).toString('base64'),
      ...(args.template_driver === undefined ? {} : { Templating: { Name: args.template_driver } }),
    },
    failure: `docker could not make the ${noun} ${name}`,
  })
  if (problem !== null) return failedResult(problem)
  const kept = Math.max(0, args.versions_to_keep - 1)
  const old = args.rolling_versions ? versions.slice(0, Math.max(0, versions.length - kept)) : []
  // Those that services still use cannot go yet.
  for (const one of old) yield { ...removal(args, noun, one), ok: 'any' }
  return { [`${noun}_id`]: isDict(body) ? textAt(body, 'ID') : '', [`${noun}_name`]: name }
}

function removal(args: SwarmDataArgs, noun: string, { id, name }: Version): Extract<Action, { do: 'run' }> {
  const argv = [...dockerWords(args), noun, 'rm', id]
  return { do: 'run', argv, failure: `docker could not remove the ${noun} ${name}` }
}
