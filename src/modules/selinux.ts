/**
 * selinux: the mode and the policy of SELinux, in its file and live.
 *
 * Args     state (enforcing, permissive, disabled), policy, configfile.
 * Changes  the file; the live mode between enforcing and permissive.
 * Errors   no policy for a state other than disabled; no configuration. Between disabled and the others the host
 *          has to be rebooted: reboot_required says so. update_kernel_param is not supported.
 */
import type { z } from 'zod'
import type { Key } from '../probes/contract.ts'
import { type Action, type Change, defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, word } from './shared/arguments.ts'
import { bytesOf, contentText } from './shared/content-text.ts'
import { only } from './shared/honoured.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      state: choice(['disabled', 'enforcing', 'permissive']),
      policy: word().optional(),
      configfile: path().default('/etc/selinux/config'),
      update_kernel_param: only(bool().default(false), on => !on, 'set selinux=0 by grubby in a command'),
    },
    { conf: 'configfile', file: 'configfile' },
  ).refine(
    args => args.state === 'disabled' || args.policy !== undefined,
    'needs a policy unless the state is disabled',
  )
type Args = z.output<ReturnType<typeof schema>>

const LIVE = {
  kind: 'read',
  name: 'selinux mode',
  script: 'getenforce 2>/dev/null; :',
} as const satisfies Key

export const selinux = defineModule<Args>({
  name: 'selinux',
  summary: 'The mode and the policy of SELinux',
  args: schema,
  keys: args => [LIVE, fileKey(args)],
  decide(args, seen): Verdict {
    const before = contentText(seen.get(fileKey(args)), args.configfile)
    if (before === null)
      return fail(`${args.configfile} does not exist: SELinux is not installed on this host`)
    const live = seen.get(LIVE).stdout.trim().toLowerCase()
    const withState = withSetting(before, 'SELINUX', args.state)
    const after = args.policy === undefined ? withState : withSetting(withState, 'SELINUXTYPE', args.policy)
    const changes: Change[] = []
    const apply: Action[] = []
    if (after !== before) {
      const diff = { before, after, label: args.configfile }
      changes.push({
        what: 'setting',
        subject: args.configfile,
        from: settingIn(before, 'SELINUX'),
        to: args.state,
        diff,
      })
      apply.push({ do: 'put', path: args.configfile, content: bytesOf(after) })
    }
    const isLive = live === 'enforcing' || live === 'permissive'
    if (isLive && args.state !== 'disabled' && live !== args.state) {
      changes.push({ what: 'live mode', subject: 'SELinux', from: live, to: args.state })
      apply.push({
        do: 'run',
        argv: ['setenforce', args.state === 'enforcing' ? '1' : '0'],
        failure: 'the mode could not be set',
      })
    }
    const result = {
      state: args.state,
      policy: args.policy ?? settingIn(before, 'SELINUXTYPE'),
      configfile: args.configfile,
      msg: changes.map(one => `${one.what} ${one.subject} is ${one.to}`).join(', '),
      reboot_required: isLive === (args.state === 'disabled'),
    }
    return changes.length === 0
      ? { kind: 'ok', result }
      : { kind: 'change', changes, apply, result, touches: [LIVE] }
  },
  settles: true,
})

const fileKey = ({ configfile }: Args) => ({ kind: 'content', path: configfile }) as const satisfies Key

function settingIn(text: string, name: string): string | null {
  return new RegExp(`^${name}=(\\S+)`, 'm').exec(text)?.[1] ?? null
}

function withSetting(text: string, name: string, value: string): string {
  const line = new RegExp(`^${name}=.*$`, 'm')
  if (line.test(text)) return text.replace(line, `${name}=${value}`)
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${name}=${value}\n`
}
