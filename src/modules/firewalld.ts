/**
 * firewalld: one thing of a zone: a service, port, protocol, source, interface, rule, or a property of the zone.
 *
 * Args     exactly one of service, port, protocol, port_forward, rich_rule, source, interface, icmp_block,
 *          icmp_block_inversion, masquerade, forward, target (or none: the zone itself); zone, state, permanent,
 *          immediate, timeout, offline.
 * Changes  one in the running firewall and one in the permanent configuration, as far as asked.
 * Errors   firewalld is not there or does not run; firewall-cmd's own words.
 */

import { quoteAll } from '../base/quote.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { type Change, defineModule, type RunAction, type Verdict } from './contract.ts'
import { ruleOf } from './shared/declared.ts'
import { type FirewalldArgs, firewalldSchema, type Thing, thingOf } from './shared/firewalld-arguments.ts'
import { fail } from './shared/results.ts'

const TOOL = { kind: 'which', command: 'firewall-cmd' } as const satisfies Key

/** running, or anything else. */
const RUNNING = {
  kind: 'read',
  name: 'firewalld state',
  script: 'firewall-cmd --state 2>/dev/null; :',
} as const satisfies Key

export const firewalld = defineModule<FirewalldArgs>({
  name: 'firewalld',
  summary: 'A service, port or rule of a firewalld zone',
  args: firewalldSchema,
  keys: () => [TOOL, RUNNING],
  decide(args, seen): Verdict {
    if (seen.get(TOOL).path === null)
      return fail('this host has no firewall-cmd: install the package firewalld')
    const isRunning = seen.get(RUNNING).stdout.trim() === 'running'
    const isPermanent = args.permanent ?? false
    if (!isRunning && !(isPermanent && args.offline))
      return fail('firewalld is not running on this host: start it, or set permanent and offline')
    const isImmediate = isRunning && (args.immediate || !isPermanent)
    const places: Place[] = [
      ...(isPermanent
        ? [
            {
              words: isRunning ? ['firewall-cmd', '--permanent'] : ['firewall-offline-cmd'],
              name: 'permanent',
            },
          ]
        : []),
      ...(isImmediate ? [{ words: ['firewall-cmd'], name: 'running' }] : []),
    ]
    const thing = thingOf(args)
    if (thing === null) return zoneVerdict(args, places, seen)
    const keys = places.map(place => queryKey(args, thing, place))
    if (keys.some(key => !seen.has(key))) return { kind: 'ask', keys }
    const steps = places.flatMap((place, index) => step(args, thing, { place, seen, key: keys[index]! }))
    return verdictOf(steps, keys)
  },
  declares: args => (args.state === 'enabled' || args.state === 'present' ? ruleOf('firewalld', args) : []),
  settles: true,
})

interface Place {
  readonly words: readonly string[]
  readonly name: string
}

interface Step {
  readonly change: Change
  readonly action: RunAction
}

type QueryKey = ReturnType<typeof queryKey>

function verdictOf(steps: readonly Step[], touches: readonly Key[]): Verdict {
  if (steps.length === 0) return { kind: 'ok', result: { msg: '' } }
  const changes = steps.map(one => one.change)
  const msg = `Changed ${changes.map(one => `${one.subject} (${one.what})`).join(', ')}`
  return { kind: 'change', changes, apply: steps.map(one => one.action), result: { msg }, touches }
}

const zoneWords = ({ zone }: FirewalldArgs): string[] => (zone === undefined ? [] : [`--zone=${zone}`])

/** Prints what is set, or how the query ended: 0 for yes. */
function queryKey(args: FirewalldArgs, thing: Thing, place: Place) {
  const line = quoteAll([...place.words, ...zoneWords(args), ...thing.query])
  return {
    kind: 'read',
    name: line,
    script: `o=$(${line} 2>/dev/null); echo "rc $?"; printf '%s\\n' "$o"`,
  } as const satisfies Key
}

function step(
  args: FirewalldArgs,
  thing: Thing,
  { place, seen, key }: { readonly place: Place; readonly seen: Seen; readonly key: QueryKey },
): readonly Step[] {
  const wanted = args.state === 'enabled' || args.state === 'present'
  const { stdout } = seen.get(key)
  const isSet = thing.value === undefined ? stdout.startsWith('rc 0') : stdout.split('\n')[1] === thing.value
  if (isSet === wanted) return []
  const timeout = args.timeout > 0 && wanted && place.name === 'running' ? [`--timeout=${args.timeout}`] : []
  const words = [
    ...place.words,
    ...zoneWords(args),
    ...(wanted ? thing.add : removalWords(thing, place)),
    ...timeout,
  ]
  return [
    {
      change: {
        what: `${thing.name}, ${place.name}`,
        subject: `${args.zone ?? 'default zone'} ${thing.shown}`.trim(),
        from: wanted ? null : 'enabled',
        to: wanted ? 'enabled' : null,
      },
      action: { do: 'run', argv: words, failure: 'firewalld refused it' },
    },
  ]
}

/** The offline program keeps --remove-service for the options of an older tool. */
function removalWords(thing: Thing, place: Place): readonly string[] {
  if (place.words[0] !== 'firewall-offline-cmd') return thing.remove
  return thing.remove.map(word => word.replace(/^--remove-service=/, '--remove-service-from-zone='))
}

/** A zone by itself: it is made and removed in the permanent configuration only. */
function zoneVerdict(args: FirewalldArgs, places: readonly Place[], seen: Seen): Verdict {
  const place = places.find(one => one.name === 'permanent')
  if (place === undefined) return fail('a zone can be made and removed with permanent: true only')
  const line = quoteAll([...place.words, '--get-zones'])
  const key = { kind: 'read', name: line, script: `${line} 2>/dev/null; :` } as const
  if (!seen.has(key)) return { kind: 'ask', keys: [key] }
  const zone = args.zone ?? ''
  const isThere = seen.get(key).stdout.trim().split(/\s+/).includes(zone)
  const wanted = args.state === 'present'
  if (isThere === wanted) return { kind: 'ok', result: { msg: '' } }
  const word = wanted ? `--new-zone=${zone}` : `--delete-zone=${zone}`
  const action: RunAction = { do: 'run', argv: [...place.words, word], failure: 'firewalld refused the zone' }
  const change = {
    what: 'zone',
    subject: zone,
    from: wanted ? null : 'present',
    to: wanted ? 'present' : null,
  }
  return verdictOf([{ change, action }], [key])
}
