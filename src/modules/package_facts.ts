/**
 * package_facts: the installed packages, as ansible_facts.packages.
 *
 * Args     manager (auto, apt, rpm with its other names, apk), strategy (the first that is there, or all).
 * Changes  never. Each name has a list of versions: name, version, arch, source (and category of apt; release, epoch of rpm).
 * Errors   none of the managers is on the host.
 */
import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import type { Key } from '../probes/contract.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, choice, list } from './shared/arguments.ts'
import { only } from './shared/honoured.ts'

/** What a manager's packages are kept by. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  auto: ['apt', 'rpm', 'apk'],
  apt: ['apt'],
  apk: ['apk'],
  rpm: ['rpm'],
  dnf: ['rpm'],
  dnf5: ['rpm'],
  yum: ['rpm'],
  zypper: ['rpm'],
}

const schema = () =>
  argumentsOf({
    manager: only(
      list().default(['auto']),
      names => names.every(name => SOURCES[name.toLowerCase()] !== undefined),
      `packages are known of ${Object.keys(SOURCES).join(', ')}`,
    ),
    strategy: choice(['first', 'all']).default('first'),
  })
type Args = z.output<ReturnType<typeof schema>>

const PACKAGES = {
  kind: 'read',
  name: 'all packages',
  script: `if command -v dpkg-query >/dev/null 2>&1; then echo =apt
dpkg-query -W -f '\${db:Status-Abbrev}|\${Package}|\${Version}|\${Architecture}|\${Section}|\\n' | sed -n 's/^.i *|/|/p'; fi
if command -v rpm >/dev/null 2>&1; then echo =rpm; rpm -qa --qf '|%{NAME}|%{VERSION}|%{ARCH}|%{RELEASE}|%{EPOCHNUM}\\n'; fi
if command -v apk >/dev/null 2>&1; then echo =apk
sed -n -e 's/^P:/N /p' -e 's/^V:/V /p' -e 's/^A:/A /p' /lib/apk/db/installed 2>/dev/null | while read -r k v; do case $k in N) n=$v;; V) e=$v;; A) a=$v;; esac
[ -z "$n" ] || [ -z "$e" ] || [ -z "$a" ] || { printf '|%s|%s|%s||\\n' "$n" "$e" "$a"; n=; e=; a=; }; done; fi; :`,
} as const satisfies Key

export const packageFacts = defineModule<Args>({
  name: 'package_facts',
  summary: 'The installed packages',
  args: schema,
  keys: () => [PACKAGES],
  decide(args, seen): Verdict {
    const wanted = args.manager.flatMap(name => SOURCES[name.toLowerCase()] ?? [])
    const lists = seen
      .get(PACKAGES)
      .stdout.split(/^=/m)
      .map(part => part.trim().split('\n'))
      .filter(([source = '']) => wanted.includes(source))
    if (lists.length === 0)
      return {
        kind: 'fail',
        message: `Could not detect a package manager of ${args.manager.join(', ')} on the host`,
      }
    const packages: Record<string, Dict[]> = {}
    for (const [source = '', ...lines] of args.strategy === 'all' ? lists : [filled(lists)])
      for (const line of lines) add(packages, source, line)
    return { kind: 'ok', result: { ansible_facts: { packages } } }
  },
  settles: true,
})

/** A host may have the tools of another system: the first with packages counts. */
function filled(lists: readonly (readonly string[])[]): readonly string[] {
  return lists.find(list => list.length > 1) ?? lists[0] ?? []
}

function add(packages: Record<string, Dict[]>, source: string, line: string): void {
  const [, name = '', version = '', arch = '', group = '', epoch = ''] = line.split('|')
  if (name === '') return
  const more = source === 'rpm' ? ofRpm(group, epoch) : source === 'apt' ? { category: group } : {}
  packages[name] = [...(packages[name] ?? []), { name, version, arch, source, ...more }]
}

function ofRpm(release: string, epoch: string): Dict {
  return { release, epoch: epoch === '0' ? null : Number(epoch) }
}
