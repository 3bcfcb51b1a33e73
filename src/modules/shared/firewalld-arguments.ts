import { z } from 'zod'
import { argumentsOf, bool, choice, int, listOf, text, word } from './arguments.ts'

const forward = () =>
  z.strictObject({ port: word(), proto: choice(['udp', 'tcp']), toport: word(), toaddr: text().optional() })

export const firewalldSchema = () =>
  argumentsOf({
    service: word().optional(),
    protocol: word().optional(),
    port: word().optional(),
    port_forward: listOf(forward()).optional(),
    rich_rule: word().optional(),
    source: word().optional(),
    interface: word().optional(),
    icmp_block: word().optional(),
    icmp_block_inversion: bool().optional(),
    masquerade: bool().optional(),
    forward: bool().optional(),
    target: choice(['default', 'ACCEPT', 'DROP', '%%REJECT%%']).optional(),
    zone: word().optional(),
    state: choice(['enabled', 'disabled', 'present', 'absent']),
    permanent: bool().optional(),
    immediate: bool().default(false),
    timeout: int().default(0),
    offline: bool().default(false),
  })
    .refine(
      args => THINGS.filter(name => args[name] !== undefined).length <= 1,
      `give one of ${'service, port, rich_rule …'}`,
    )
    .refine(
      args => THINGS.some(name => args[name] !== undefined) || args.zone !== undefined,
      'needs something to enable, or a zone to make',
    )
    .refine(
      args =>
        THINGS.some(name => args[name] !== undefined) || args.state === 'present' || args.state === 'absent',
      'a zone by itself is present or absent',
    )
    .refine(args => (args.port_forward?.length ?? 1) === 1, 'port_forward takes one forward at a time')
    .refine(
      args => args.target === undefined || args.permanent === true,
      'target goes with permanent: true only',
    )
    .refine(
      args => args.port === undefined || /^\d+(-\d+)?\/(tcp|udp|sctp|dccp)$/.test(args.port),
      'port must be PORT/PROTOCOL or PORT-PORT/PROTOCOL',
    )

export type FirewalldArgs = z.output<ReturnType<typeof firewalldSchema>>

const THINGS = [
  'service',
  'protocol',
  'port',
  'port_forward',
  'rich_rule',
  'source',
  'interface',
  'icmp_block',
  'icmp_block_inversion',
  'masquerade',
  'forward',
  'target',
] as const

export interface Thing {
  readonly name: string
  readonly shown: string
  readonly query: readonly string[]
  readonly add: readonly string[]
  readonly remove: readonly string[]
  /** Where the query prints a value instead of ending with yes or no. */
  readonly value?: string
}

/** null: the zone itself is meant. */
export function thingOf(args: FirewalldArgs): Thing | null {
  const name = THINGS.find(one => args[one] !== undefined)
  if (name === undefined) return null
  const option = name.replaceAll('_', '-')
  switch (name) {
    case 'target': {
      const value = args.target ?? 'default'
      const set = [`--set-target=${value}`]
      return {
        name,
        shown: value,
        query: ['--get-target'],
        add: set,
        remove: ['--set-target=default'],
        value,
      }
    }
    case 'masquerade':
    case 'forward':
    case 'icmp_block_inversion':
      return flagThing(name, option, args[name] !== false)
    case 'interface': {
      const thing = valued(name, option, args.interface ?? '')
      return { ...thing, add: [`--change-interface=${args.interface}`] }
    }
    case 'port_forward': {
      const [one] = args.port_forward ?? []
      const to = one?.toaddr === undefined || one.toaddr === '' ? '' : `:toaddr=${one.toaddr}`
      return valued(name, 'forward-port', `port=${one?.port}:proto=${one?.proto}:toport=${one?.toport}${to}`)
    }
    default:
      return valued(name, option, args[name] ?? '')
  }
}

function valued(name: string, option: string, value: string): Thing {
  const word = (verb: string) => [`--${verb}-${option}=${value}`]
  return { name, shown: value, query: word('query'), add: word('add'), remove: word('remove') }
}

/** `masquerade: false` with state enabled takes it away. */
function flagThing(name: string, option: string, isOn: boolean): Thing {
  const word = (verb: string) => [`--${verb}-${option}`]
  const [add, remove] = isOn ? [word('add'), word('remove')] : [word('remove'), word('add')]
  return isOn
    ? { name, shown: '', query: word('query'), add, remove }
    : { name, shown: 'no', query: word('query'), add, remove, value: 'no' }
}
