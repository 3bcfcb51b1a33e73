/**
 * locale_gen: locales of Debian and Ubuntu.
 *
 * Args     name (list, such as fr_FR.UTF-8), state.
 * Changes  one for each locale; /etc/locale.gen, then locale-gen.
 * Errors   no locale-gen (the package locales); a locale nobody supports.
 */
import type { z } from 'zod'
import type { Key } from '../probes/contract.ts'
import { type Action, defineModule, type Verdict } from './contract.ts'
import { argumentsOf, choice, list } from './shared/arguments.ts'
import { bytesOf, contentText } from './shared/content-text.ts'
import { fail } from './shared/results.ts'

const schema = () => argumentsOf({ name: list(), state: choice(['present', 'absent']).default('present') })
type Args = z.output<ReturnType<typeof schema>>

const FILE = { kind: 'content', path: '/etc/locale.gen' } as const satisfies Key
const TOOL = { kind: 'which', command: 'locale-gen' } as const satisfies Key
const THERE = { kind: 'read', name: 'locales', script: 'locale -a 2>/dev/null; true' } as const satisfies Key

export const localeGen = defineModule<Args>({
  name: 'locale_gen',
  summary: 'Locales of Debian and Ubuntu',
  args: schema,
  keys: () => [FILE, TOOL, THERE],
  decide(args, seen): Verdict {
    if (seen.get(TOOL).path === null) return fail('this host has no locale-gen: install the package locales')
    const there = new Set(seen.get(THERE).stdout.split('\n').map(plain))
    const before = contentText(seen.get(FILE), FILE.path)
    const present = args.state === 'present'
    const due = args.name.filter(name => there.has(plain(name)) !== present)
    const result = { name: args.name, mechanism: 'glibc' }
    if (due.length === 0) return { kind: 'ok', result }
    const changes = due.map(subject => ({
      what: 'locale',
      subject,
      from: present ? null : 'present',
      to: present ? 'present' : null,
    }))
    const after = due.reduce((text, name) => edit(text, name, present), before ?? '')
    const apply: Action[] = [
      ...(after === (before ?? '') ? [] : [{ do: 'put', path: FILE.path, content: bytesOf(after) } as const]),
      { do: 'run', argv: ['locale-gen'], failure: 'locale-gen failed' },
    ]
    return { kind: 'change', changes, apply, touches: [THERE], result }
  },
  settles: true,
})

function edit(text: string, name: string, present: boolean): string {
  const charset = name.split('.')[1]?.split('@')[0] ?? 'UTF-8'
  const lines = text.split('\n')
  const at = lines.findIndex(
    line => line.replace(/^[#\s]+/, '').split(/\s+/)[0] === name && (present || !/^\s*#/.test(line)),
  )
  if (at < 0) return present ? `${text.replace(/\n*$/, '\n').replace(/^\n/, '')}${name} ${charset}\n` : text
  const bare = lines[at]!.replace(/^[#\s]+/, '')
  return lines.toSpliced(at, 1, present ? bare : `# ${bare}`).join('\n')
}

/** `locale -a` prints utf8 for UTF-8. */
function plain(name: string): string {
  const [base = '', charset] = name.trim().split('.')
  return charset === undefined ? base : `${base}.${charset.toLowerCase().replace(/[^a-z0-9@]/g, '')}`
}
