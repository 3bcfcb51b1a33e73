import { z } from 'zod'
import { argumentsOf, bool, choice, int, text, word } from './arguments.ts'

const PROTOCOLS = ['any', 'tcp', 'udp', 'ipv6', 'esp', 'ah', 'gre', 'igmp', 'vrrp'] as const

/** A leading dash would be an option of ufw. */
const plain = () => word().refine(value => !value.startsWith('-'), 'must not begin with a dash')

export const ufwSchema = () =>
  argumentsOf(
    {
      state: choice(['enabled', 'disabled', 'reloaded', 'reset']).optional(),
      default: choice(['allow', 'deny', 'reject']).optional(),
      logging: choice(['on', 'off', 'low', 'medium', 'high', 'full']).optional(),
      rule: choice(['allow', 'deny', 'limit', 'reject']).optional(),
      direction: choice(['in', 'incoming', 'out', 'outgoing', 'routed']).optional(),
      delete: bool().default(false),
      route: bool().default(false),
      log: bool().default(false),
      insert: int().pipe(z.int().min(0)).optional(),
      insert_relative_to: choice(['zero', 'first-ipv4', 'last-ipv4', 'first-ipv6', 'last-ipv6']).default(
        'zero',
      ),
      from_ip: plain().default('any'),
      from_port: plain().optional(),
      to_ip: plain().default('any'),
      to_port: plain().optional(),
      proto: choice(PROTOCOLS).optional(),
      name: plain().optional(),
      interface: plain().optional(),
      interface_in: plain().optional(),
      interface_out: plain().optional(),
      comment: text()
        .refine(value => !value.includes("'"), "may not contain '")
        .optional(),
    },
    {
      policy: 'default',
      from: 'from_ip',
      src: 'from_ip',
      to: 'to_ip',
      dest: 'to_ip',
      port: 'to_port',
      protocol: 'proto',
      app: 'name',
      if: 'interface',
      if_in: 'interface_in',
      if_out: 'interface_out',
    },
  ).superRefine((args, issues) => {
    const message = problemOf(args)
    if (message !== null) issues.addIssue({ code: 'custom', message })
  })

export type UfwArgs = z.output<ReturnType<typeof ufwSchema>>

type Given = Pick<UfwArgs, 'rule' | 'route' | 'name' | 'insert' | 'delete'> & {
  readonly [Name in
    | 'state'
    | 'default'
    | 'logging'
    | 'direction'
    | 'proto'
    | 'interface'
    | 'interface_in'
    | 'interface_out'
    | 'to_port'
    | 'from_port']?: string | undefined
}

function problemOf(args: Given): string | null {
  const { rule, route, direction, interface_in, interface_out } = args
  if (!args.state && !args.default && !args.logging && !rule)
    return 'needs one of state, default, logging and rule'
  if (!rule) return null
  if (args.interface && (interface_in || interface_out))
    return 'interface excludes interface_in and interface_out'
  if (args.interface && !direction) return 'Direction must be specified when creating a rule on an interface.'
  if (direction === 'routed') return 'direction routed is for a default policy; rules have route: true'
  if (!route && interface_in && interface_out)
    return 'Only route rules can combine interface_in and interface_out'
  if (route && direction && !args.interface)
    return 'a route rule has interface_in and interface_out instead of a direction'
  if (args.name && args.proto) return 'name excludes proto: the application profile says which'
  if (args.name && args.to_port) return 'name excludes to_port: the application profile says which'
  if (args.delete && args.insert !== undefined) return 'delete excludes insert'
  const many = [args.to_port, args.from_port].some(port => /[,:]/.test(port ?? ''))
  if (many && args.proto !== 'tcp' && args.proto !== 'udp') return 'several ports need proto tcp or udp'
  return null
}
