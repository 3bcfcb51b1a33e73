/**
 * docker_volume: a volume of the Docker engine, there or not.
 *
 * Args     volume_name, state (present | absent), driver, driver_options, labels, recreate (never | options-changed |
 *          always).
 * Changes  create, remove. A volume cannot be changed in place: with recreate it is removed, with all that is in it, and
 *          made anew; without, a difference is only told of.
 * Errors   docker's own words, a volume that is in use among them.
 * Returns  volume (as docker volume inspect tells).
 */

import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import { type Action, type Change, defineModule, type Output, type Result, type Verdict } from './contract.ts'
import { choice, textDict, word } from './shared/arguments.ts'
import { ofOwnEngine } from './shared/declared.ts'
import {
  dockerArguments,
  dockerKey,
  dockerRefuses,
  dockerWords,
  readInspected,
  textAt,
  textsAt,
} from './shared/docker-cli.ts'

const schema = () =>
  dockerArguments(
    {
      volume_name: word(),
      state: choice(['present', 'absent']).default('present'),
      driver: word().default('local'),
      driver_options: textDict().default({}),
      labels: textDict().default({}),
      recreate: choice(['always', 'never', 'options-changed']).default('never'),
    },
    { name: 'volume_name' },
  )
type Args = z.output<ReturnType<typeof schema>>

export const dockerVolume = defineModule<Args>({
  name: 'docker_volume',
  summary: 'A volume of the Docker engine',
  args: schema,
  keys: args => [inspectKey(args)],
  declares: args =>
    args.state === 'absent' ? [] : ofOwnEngine(args, [{ kind: 'volume', name: args.volume_name }]),
  settles: 'recreate: always makes it anew each time',
  decide(args, seen): Verdict {
    const list = readInspected(seen.get(inspectKey(args)))
    if ('problem' in list) return dockerRefuses(`the volume ${args.volume_name}`, list.problem)
    const found = list.found[0] ?? null
    return args.state === 'absent' ? absent(args, found) : present(args, found)
  },
})

function inspectKey(args: Args) {
  return dockerKey(args, ['volume', 'inspect', '--', args.volume_name])
}

function absent(args: Args, found: Dict | null): Verdict {
  if (found === null) return { kind: 'ok', result: { volume: null } }
  return {
    kind: 'change',
    changes: [{ what: 'state', subject: args.volume_name, from: 'present', to: 'absent' }],
    apply: [remove(args)],
    result: { volume: null },
    touches: [inspectKey(args)],
  }
}

function present(args: Args, found: Dict | null): Verdict {
  const touches = [inspectKey(args)]
  if (found === null) {
    const changes = [{ what: 'state', subject: args.volume_name, from: 'absent', to: 'present' }]
    return { kind: 'change', changes, apply: () => making(args, []), touches }
  }
  const differing = differences(args, found)
  const anew: Change = { what: 'volume', subject: args.volume_name, from: 'present', to: 'made anew' }
  const changes = args.recreate === 'always' ? [...differing, anew] : differing
  if (changes.length === 0) return { kind: 'ok', result: { volume: found } }
  if (args.recreate === 'never') {
    const names = differing.map(({ what }) => what).join(', ')
    const warning = `the volume ${args.volume_name} differs in ${names} and is left as it is (recreate: never)`
    return { kind: 'ok', result: { volume: found }, warnings: [warning] }
  }
  return { kind: 'change', changes, apply: () => making(args, [remove(args)]), touches }
}

function differences(args: Args, found: Dict): Change[] {
  const options = textsAt(found, 'Options')
  const labels = textsAt(found, 'Labels')
  const pairs: [string, string | undefined, string][] = [
    ['driver', textAt(found, 'Driver'), args.driver],
    ...Object.entries(args.driver_options).map(([name, value]): [string, string | undefined, string] => [
      `driver_options.${name}`,
      options[name],
      value,
    ]),
    ...Object.entries(args.labels).map(([name, value]): [string, string | undefined, string] => [
      `labels.${name}`,
      labels[name],
      value,
    ]),
  ]
  return pairs
    .filter(([, from, to]) => from !== to)
    .map(([what, from = null, to]) => ({ what, subject: args.volume_name, from, to }))
}

function* making(args: Args, before: readonly Action[]): Generator<Action, Result, Output> {
  yield* before
  const pairs = (flag: string, dict: Readonly<Record<string, string>>) =>
    Object.entries(dict).map(([key, value]) => `${flag}=${key}=${value}`)
  const words = [
    `--driver=${args.driver}`,
    ...pairs('--opt', args.driver_options),
    ...pairs('--label', args.labels),
  ]
  yield {
    do: 'run',
    argv: [...dockerWords(args), 'volume', 'create', ...words, '--', args.volume_name],
    failure: `docker could not make the volume ${args.volume_name}`,
  }
  const list = readInspected(yield { do: 'run', script: inspectKey(args).script, ok: 'any', readOnly: true })
  return { volume: 'found' in list ? (list.found[0] ?? null) : null }
}

function remove(args: Args): Action {
  return {
    do: 'run',
    argv: [...dockerWords(args), 'volume', 'rm', '--', args.volume_name],
    failure: `docker could not remove the volume ${args.volume_name}`,
  }
}
