/**
 * package_facts: the installed packages, as ansible_facts.packages.
 *
 * Args     manager (taken: the host's own is asked), strategy.
 * Changes  never. Each name has a list of versions: name, version, arch, source (and category of apt; release, epoch of rpm).
 */
import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import type { Key } from '../probes/contract.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, choice, list } from './shared/arguments.ts'

const schema = () =>
  argumentsOf({ manager: list().default(['auto']), strategy: choice(['first', 'all']).default('first') })
type Args = z.output<ReturnType<typeof schema>>

const PACKAGES = {
  kind: 'read',
  name: 'all packages',
  script: `if command -v dpkg-query >/dev/null 2>&1; then echo apt
dpkg-query -W -f '\${db:Status-Abbrev}|\${Package}|\${Version}|\${Architecture}|\${Section}|\\n' | sed -n 's/^.i *|/|/p'
elif command -v rpm >/dev/null 2>&1; then echo rpm; rpm -qa --qf '|%{NAME}|%{VERSION}|%{ARCH}|%{RELEASE}|%{EPOCHNUM}\\n'
elif command -v apk >/dev/null 2>&1; then echo apk
sed -n -e 's/^P:/N /p' -e 's/^V:/V /p' -e 's/^A:/A /p' /lib/apk/db/installed 2>/dev/null | while read -r k v; do case $k in N) n=$v;; V) e=$v;; A) a=$v;; esac
[ -z "$n" ] || [ -z "$e" ] || [ -z "$a" ] || { printf '|%s|%s|%s||\\n' "$n" "$e" "$a"; n=; e=; a=; }; done
else echo none; fi`,
} as const satisfies Key

export const packageFacts = defineModule<Args>({
  name: 'package_facts',
  summary: 'The installed packages',
  args: schema,
  keys: () => [PACKAGES],
  decide(_args, seen): Verdict {
    const [source = 'none', ...lines] = seen.get(PACKAGES).stdout.trim().split('\n')
    if (source === 'none')
      return { kind: 'fail', message: 'Could not detect a supported package manager: dpkg, rpm or apk' }
    const packages: Record<string, Dict[]> = {}
    for (const line of lines) {
      const [, name = '', version = '', arch = '', group = '', epoch = ''] = line.split('|')
      if (name === '') continue
      const more = source === 'rpm' ? ofRpm(group, epoch) : source === 'apt' ? { category: group } : {}
      packages[name] = [...(packages[name] ?? []), { name, version, arch, source, ...more }]
    }
    return { kind: 'ok', result: { ansible_facts: { packages } } }
  },
  settles: true,
})

function ofRpm(release: string, epoch: string): Dict {
  return { release, epoch: epoch === '0' ? null : Number(epoch) }
}
