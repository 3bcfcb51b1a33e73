/** What a container runs: entrypoint, command, variables, labels, health check. */
import { quoteAll } from '../../base/quote.ts'
import type { Dict, Value } from '../../base/value.ts'
import type { ContainerArgs, WantedHealthcheck } from './container-arguments.ts'
import { type ContainerOption, covers } from './container-wish.ts'
import { at, dictAt, listAt, textsAt } from './docker-cli.ts'
import { nanosecondsOf } from './docker-values.ts'
import { splitWords } from './split-words.ts'

export const PROGRAM_OPTIONS: readonly ContainerOption[] = [
  {
    // The docker program takes one word as entrypoint; what follows it begins the command. So both are compared as one.
    name: 'entrypoint',
    wish(args, container) {
      const entrypoint = entrypointOf(args)
      return entrypoint === undefined
        ? null
        : {
            kind: 'list',
            want: [...entrypoint, ...(commandOf(args) ?? [])],
            have: [...words(container, 'Entrypoint'), ...words(container, 'Cmd')],
          }
    },
    flags(args) {
      const entrypoint = entrypointOf(args)
      return entrypoint === undefined ? [] : [`--entrypoint=${entrypoint[0] ?? ''}`]
    },
  },
  {
    name: 'command',
    wish(args, container) {
      const want = commandOf(args)
      if (want === undefined || entrypointOf(args) !== undefined) return null
      return { kind: 'list', want, have: words(container, 'Cmd') }
    },
    flags: () => [],
  },
  {
    name: 'env',
    wish: (_args, container, { env }) =>
      env === null
        ? null
        : {
            kind: 'set',
            want: Object.entries(env).map(([name, value]) => `${name}=${value}`),
            have: listAt(container, 'Config.Env'),
            shown: entry => String(entry).split('=')[0] ?? '',
          },
    flags: () => [],
  },
  {
    name: 'labels',
    wish: ({ labels }, container) =>
      labels === undefined ? null : { kind: 'dict', want: labels, have: textsAt(container, 'Config.Labels') },
    flags: () => [],
  },
  {
    name: 'healthcheck',
    wish({ healthcheck }, container) {
      if (healthcheck === undefined) return null
      const have = dictAt(container, 'Config.Healthcheck')
      return { kind: 'dict', want: healthWish(healthcheck, have), have }
    },
    flags: ({ healthcheck }) => (healthcheck === undefined ? [] : healthFlags(healthcheck)),
  },
]

/** Words after the image: what is left of the entrypoint, and the command. */
export function commandWords(args: ContainerArgs): string[] {
  return [...(entrypointOf(args)?.slice(1) ?? []), ...(commandOf(args) ?? [])]
}

function commandOf({ command, command_handling }: ContainerArgs): string[] | undefined {
  if (command_handling === 'correct' || command === undefined)
    return typeof command === 'string' ? splitWords(command) : command
  const split = splitWords(typeof command === 'string' ? command : command.join(' '))
  return split.length === 0 ? undefined : split
}

function entrypointOf({ entrypoint, command_handling }: ContainerArgs): readonly string[] | undefined {
  if (command_handling === 'correct' || entrypoint === undefined) return entrypoint
  const split = splitWords(entrypoint.join(' '))
  return split.length === 0 ? undefined : split
}

/** `[""]` is how the docker program takes an entrypoint away. */
function words(container: Value, name: 'Entrypoint' | 'Cmd'): string[] {
  const list = listAt(container, `Config.${name}`).map(String)
  return list.length === 1 && list[0] === '' ? [] : list
}

function isOff({ test, test_cli_compatible }: WantedHealthcheck): boolean {
  if (test === undefined) return !test_cli_compatible
  return Array.isArray(test) ? test.length === 0 || test[0] === 'NONE' : test === ''
}

/** The shell line of a test. Words after CMD run through the container's shell: the program knows no other form. */
function testLine(test: string | readonly string[]): string {
  if (typeof test === 'string') return test
  return test[0] === 'CMD' ? quoteAll(test.slice(1)) : test.slice(1).join(' ')
}

function healthWish(wanted: WantedHealthcheck, have: Dict): Dict {
  if (isOff(wanted)) return isNone(have) ? {} : { Test: ['NONE'] }
  const { test, interval, timeout, start_period, start_interval, retries } = wanted
  const time = (name: string, written: string | undefined) =>
    written === undefined ? {} : { [name]: nanosecondsOf(written) }
  const alike = Array.isArray(test) && covers(test, at(have, 'Test'))
  return {
    ...(test === undefined || alike ? {} : { Test: ['CMD-SHELL', testLine(test)] }),
    ...time('Interval', interval),
    ...time('Timeout', timeout),
    ...time('StartPeriod', start_period),
    ...time('StartInterval', start_interval),
    ...(retries === undefined ? {} : { Retries: retries }),
  }
}

function isNone(have: Dict): boolean {
  const test = listAt(have, 'Test')
  return test.length === 0 || test[0] === 'NONE'
}

function healthFlags(wanted: WantedHealthcheck): string[] {
  if (isOff(wanted)) return ['--no-healthcheck']
  const given = (flag: string, value: string | number | undefined) =>
    value === undefined ? [] : [`--health-${flag}=${value}`]
  return [
    ...given('cmd', wanted.test === undefined ? undefined : testLine(wanted.test)),
    ...given('interval', wanted.interval),
    ...given('timeout', wanted.timeout),
    ...given('start-period', wanted.start_period),
    ...given('start-interval', wanted.start_interval),
    ...given('retries', wanted.retries),
  ]
}
