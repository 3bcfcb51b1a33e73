/**
 * sysctl: one kernel setting, in its file and, when asked, live.
 *
 * Args     name, value, state, sysctl_set (live as well), sysctl_file (default /etc/sysctl.conf), reload, ignoreerrors.
 * Changes  the line of the file; the live value.
 * Errors   the kernel does not know or refuses the value.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key } from '../probes/contract.ts'
import { type Action, type Change, defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, text, word } from './shared/arguments.ts'
import { bytesOf, contentText } from './shared/content-text.ts'

const schema = () =>
  argumentsOf(
    {
      name: word(),
      value: text().optional(),
      state: choice(['present', 'absent']).default('present'),
      sysctl_set: bool().default(false),
      sysctl_file: path().default('/etc/sysctl.conf'),
      reload: bool().default(true),
      ignoreerrors: bool().default(false),
    },
    { key: 'name', val: 'value' },
  ).refine(
    args => args.state === 'absent' || args.value !== undefined,
    'needs a value when the state is present',
  )
type Args = z.output<ReturnType<typeof schema>>

export const sysctl = defineModule<Args>({
  name: 'sysctl',
  summary: 'A kernel setting, in its file and live',
  args: schema,
  keys: args => [fileKey(args), ...(args.sysctl_set ? [liveKey(args)] : [])],
  decide(args, seen): Verdict {
    const before = contentText(seen.get(fileKey(args)), args.sysctl_file)
    const lines = (before ?? '').split('\n')
    if (lines.at(-1) === '') lines.pop()
    const wanted = args.state === 'absent' ? null : oneLine(args.value ?? '')
    const found = lines.filter(line => settingOf(line)?.name === dotted(args.name))
    const now = found.length === 0 ? null : settingOf(found.at(-1)!)!.value
    const changes: Change[] = []
    const apply: Action[] = []
    const strict = args.ignoreerrors ? ['-e'] : []
    if (args.sysctl_set && wanted !== null) {
      const live = oneLine(seen.get(liveKey(args)).stdout)
      if (live !== wanted) {
        changes.push({ what: 'live value', subject: args.name, from: live === '' ? null : live, to: wanted })
        apply.push({
          do: 'run',
          argv: ['sysctl', ...strict, '-w', `${args.name}=${wanted}`],
          failure: `setting ${args.name} failed`,
        })
      }
    }
    if (now !== wanted || found.length > 1) {
      const after = `${withSetting(lines, args.name, wanted).join('\n')}\n`
      const diff = { before: before ?? '', after, label: args.sysctl_file }
      changes.push({ what: 'setting', subject: args.name, from: now, to: wanted, diff })
      apply.push({
        do: 'put',
        path: args.sysctl_file,
        content: bytesOf(after),
        ...(before === null ? { mode: 0o644 } : {}),
      })
      if (args.reload)
        apply.push({
          do: 'run',
          argv: ['sysctl', ...strict, '-p', args.sysctl_file],
          failure: 'Failed to reload sysctl',
        })
    }
    return changes.length === 0 ? { kind: 'ok' } : { kind: 'change', changes, apply }
  },
  declares: args =>
    args.state === 'absent' ? [] : [{ kind: 'sysctl', name: args.name, file: args.sysctl_file }],
  settles: true,
})

/** Written as Ansible writes it, name=value; a repeated setting keeps only its first place. */
function withSetting(lines: readonly string[], name: string, value: string | null): string[] {
  const mine = (line: string) => settingOf(line)?.name === dotted(name)
  const first = lines.findIndex(mine)
  const kept = lines.filter((line, index) => !mine(line) || (index === first && value !== null))
  if (value === null) return kept
  if (first < 0) return [...kept, `${name}=${value}`]
  return kept.map(line => (mine(line) ? `${name}=${value}` : line))
}

function settingOf(line: string): { name: string; value: string } | null {
  const match = /^\s*-?([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line)
  return match === null ? null : { name: dotted(match[1] ?? ''), value: oneLine(match[2] ?? '') }
}

/** net/ipv4/ip_forward and net.ipv4.ip_forward are one name. */
function dotted(name: string): string {
  return name.includes('/') && !name.slice(0, name.indexOf('/')).includes('.')
    ? name.replaceAll('/', '.')
    : name
}

function oneLine(value: string): string {
  const plain = value.trim().replace(/\s+/g, ' ')
  return plain === 'True' ? '1' : plain === 'False' ? '0' : plain
}

function fileKey(args: Args) {
  return { kind: 'content', path: args.sysctl_file } as const satisfies Key
}

function liveKey(args: Args) {
  return {
    kind: 'read',
    name: `sysctl ${args.name}`,
    script: `sysctl -n ${quote(args.name)} 2>/dev/null; true`,
  } as const satisfies Key
}
