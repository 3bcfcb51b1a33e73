/**
 * timezone: the time zone of the host, and what its hardware clock shows.
 *
 * Args     name (Europe/Paris), hwclock UTC|local.
 * Changes  /etc/localtime, /etc/timezone where there is one; the third line of /etc/adjtime through hwclock.
 * Errors   the zone is not in /usr/share/zoneinfo: a wrong name, or tzdata is not installed.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key } from '../probes/contract.ts'
import { type Action, type Change, defineModule, type Verdict } from './contract.ts'
import { argumentsOf, choice, word } from './shared/arguments.ts'
import { bytesOf } from './shared/content-text.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    { name: word().optional(), hwclock: choice(['UTC', 'local']).optional() },
    { rtc: 'hwclock' },
  ).refine(args => args.name !== undefined || args.hwclock !== undefined, 'needs a name or hwclock')
type Args = z.output<ReturnType<typeof schema>>

const ZONES = '/usr/share/zoneinfo/'

export const timezone = defineModule<Args>({
  name: 'timezone',
  summary: 'The time zone of the host',
  args: schema,
  freeForm: 'name',
  keys: args => [zoneKey(args)],
  decide(args, seen): Verdict {
    const [link = '', file = '', adjust = '', known = '', hasFile = ''] = seen
      .get(zoneKey(args))
      .stdout.split('\n')
    if (args.name !== undefined && known !== 'yes') {
      return fail(
        `${args.name} is not a time zone of this host: a wrong name, or the package tzdata is not installed`,
      )
    }
    const now = link.includes('zoneinfo/') ? link.replace(/^.*zoneinfo\//, '') : file || null
    const changes: Change[] = []
    const apply: Action[] = []
    const keptFile = hasFile === 'yes' && file !== args.name
    if (args.name !== undefined && (now !== args.name || keptFile)) {
      changes.push({
        what: 'time zone',
        subject: '/etc/localtime',
        from: keptFile && now === args.name ? file : now,
        to: args.name,
      })
      apply.push({ do: 'link', path: '/etc/localtime', target: `${ZONES}${args.name}`, force: true })
      if (hasFile === 'yes')
        apply.push({ do: 'put', path: '/etc/timezone', content: bytesOf(`${args.name}\n`), mode: 0o644 })
    }
    const clock = adjust === 'LOCAL' ? 'local' : 'UTC'
    if (args.hwclock !== undefined && args.hwclock !== clock) {
      changes.push({ what: 'hwclock', subject: '/etc/adjtime', from: clock, to: args.hwclock })
      apply.push({
        do: 'run',
        argv: ['hwclock', '--systohc', args.hwclock === 'UTC' ? '--utc' : '--localtime'],
      })
    }
    return changes.length === 0
      ? { kind: 'ok' }
      : { kind: 'change', changes, apply, touches: [{ kind: 'facts' }] }
  },
  settles: true,
})

function zoneKey(args: Args) {
  const zone = quote(`${ZONES}${args.name ?? 'UTC'}`)
  const script = `readlink /etc/localtime || echo; head -n 1 /etc/timezone 2>/dev/null || echo
sed -n 3p /etc/adjtime 2>/dev/null | grep . || echo; [ -f ${zone} ] && echo yes || echo no; [ -f /etc/timezone ] && echo yes || echo no`
  return { kind: 'read', name: `time zone ${args.name ?? ''}`, script } as const satisfies Key
}
