/**
 * hostname: the name of the host, kept (/etc/hostname) and live.
 *
 * Args     name (kept by hostnamectl where systemd runs, else by the file and hostname), use.
 * Changes  the kept and the live name.
 * Errors   a host, such as a container, that may not set its name.
 */
import type { z } from 'zod'
import type { Key } from '../probes/contract.ts'
import { type Action, type Change, defineModule, type Verdict } from './contract.ts'
import { argumentsOf, word } from './shared/arguments.ts'
import { bytesOf } from './shared/content-text.ts'
import { only } from './shared/honoured.ts'

/** Those that keep the name in /etc/hostname, by hostnamectl or without. */
const STRATEGIES = ['systemd', 'generic', 'debian', 'alpine']

const schema = () =>
  argumentsOf({
    name: word(),
    use: only(word(), name => STRATEGIES.includes(name), 'the name is kept in /etc/hostname').optional(),
  }).refine(
    args => /^[A-Za-z0-9]([\w.-]{0,252}[A-Za-z0-9])?$/.test(args.name),
    'name: letters, digits, dots and dashes only',
  )
type Args = z.output<ReturnType<typeof schema>>

const NAMES = {
  kind: 'read',
  name: 'host names',
  script: `h=; [ ! -f /etc/hostname ] || h=$(cat /etc/hostname); s=no
[ ! -d /run/systemd/system ] || ! command -v hostnamectl >/dev/null 2>&1 || s=yes
printf '%s\\n' "$(uname -n)" "$s" "$h"`,
} as const satisfies Key

export const hostname = defineModule<Args>({
  name: 'hostname',
  summary: 'The name of the host',
  args: schema,
  freeForm: 'name',
  keys: () => [NAMES],
  decide({ name }, seen): Verdict {
    const [live = '', systemd = '', kept = ''] = seen.get(NAMES).stdout.split('\n')
    const changes: Change[] = []
    if (kept.trim() !== name)
      changes.push({ what: 'kept name', subject: '/etc/hostname', from: kept || null, to: name })
    if (live !== name) changes.push({ what: 'live name', subject: 'hostname', from: live, to: name })
    const [short = '', ...domain] = name.split('.')
    const result = {
      name,
      ansible_facts: {
        ansible_hostname: short,
        ansible_nodename: name,
        ansible_fqdn: name,
        ansible_domain: domain.join('.'),
      },
    }
    if (changes.length === 0) return { kind: 'ok', result }
    const failure = 'the host may not change its name (in a container, its host gives it)'
    const plain: Action[] = [
      { do: 'put', path: '/etc/hostname', content: bytesOf(`${name}\n`), mode: 0o644 },
      { do: 'run', argv: ['hostname', name], failure },
    ]
    const apply: Action[] =
      systemd === 'yes' ? [{ do: 'run', argv: ['hostnamectl', 'set-hostname', name], failure }] : plain
    return { kind: 'change', changes, apply, result, touches: [NAMES, { kind: 'facts' }] }
  },
  settles: true,
})
