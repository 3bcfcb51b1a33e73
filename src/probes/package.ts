/**
 * Installed packages by dpkg, rpm or apk, whichever the host has. All names go to one call. The newest version
 * on offer comes from package lists that are already on the host; nothing is downloaded.
 */
import { quoteAll } from '../base/quote.ts'
import { garbled, sectionsOf, textOf } from './answer.ts'
import type { Key, PackageSeen, Probe } from './contract.ts'

type PackageKey = Extract<Key, { kind: 'package' }>

export const packageProbe: Probe<PackageKey> = {
  kind: 'package',
  id: key => key.name,
  script(keys) {
    return `set -- ${quoteAll(keys.map(key => key.name).filter(isName))}\n${ASK}\necho ==end`
  },
  parse(keys, stdout) {
    const text = textOf(stdout)
    if (!text.endsWith('==end\n')) throw garbled('packages', 'it ends too early')
    const sections = sectionsOf(text)
    const find = finders.find(([name]) => sections.has(name))?.[1] ?? (() => () => NOT_INSTALLED)
    const answer = find(sections)
    return keys.map(key => answer(key.name))
  },
}

/** Patterns and options are not names: dpkg-query would expand them. */
const isName = (name: string): boolean => /^[A-Za-z0-9][\w.+:-]*$/.test(name)

const ASK = `if command -v dpkg-query >/dev/null 2>&1; then
  echo ==dpkg
  [ $# = 0 ] || dpkg-query -W -f '\${binary:Package}\\t\${Version}\\t\${db:Status-Abbrev}\\t\${Architecture}\\n' -- "$@" 2>/dev/null
  echo ==policy
  l=; for f in /var/lib/apt/lists/*Packages*; do [ -e "$f" ] && l=1 && break; done
  [ -z "$l" ] || [ $# = 0 ] || apt-cache policy -- "$@" 2>/dev/null | grep -E '^[^ ]|^  (Installed|Candidate):'
elif command -v rpm >/dev/null 2>&1; then
  echo ==rpm
  [ $# = 0 ] || rpm -q --qf '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}\\n' -- "$@" 2>/dev/null
elif command -v apk >/dev/null 2>&1; then
  echo ==apk
  for f in /lib/apk/db/installed /usr/lib/apk/db/installed; do
    [ ! -r "$f" ] || { sed -n '/^[PV]:/p' "$f"; break; }
  done
  echo ==policy
  [ $# = 0 ] || apk policy "$@" 2>/dev/null
else
  echo ==none
fi`

const NOT_INSTALLED: PackageSeen = {
  installed: false,
  version: null,
  held: false,
  candidate: null,
  broken: false,
}

type Sections = ReadonlyMap<string, readonly string[]>
type Finder = (sections: Sections) => (name: string) => PackageSeen

const dpkg: Finder = sections => {
  const rows = (sections.get('dpkg') ?? []).map(line => line.split('\t'))
  const candidates = aptCandidates(sections.get('policy') ?? [])
  return name => {
    const [bare = name, wantedArch] = name.split(':')
    // A foreign architecture shows as name:arch; the host's own packages of some kinds do too.
    const matching = rows.filter(([found = '', , , arch]) => {
      const sameName = found.split(':')[0] === bare
      return sameName && (wantedArch === undefined || wantedArch === arch || found === name)
    })
    const row = matching.find(([, , status = '']) => status[1] === 'i') ?? matching[0]
    const candidate = candidates.get(name) ?? candidates.get(bare) ?? null
    if (row === undefined) return { ...NOT_INSTALLED, candidate }
    const [, version = '', status = ''] = row
    const installed = status[1] === 'i'
    return {
      installed,
      version: installed ? version : null,
      held: status[0] === 'h',
      candidate,
      broken: 'UFHWt'.includes(status[1] ?? 'n') || status[2] === 'R',
    }
  }
}

function aptCandidates(lines: readonly string[]): ReadonlyMap<string, string> {
  const candidates = new Map<string, string>()
  let name = ''
  for (const line of lines) {
    if (!line.startsWith(' ')) name = line.replace(/:$/, '')
    const version = /^ {2}Candidate: (.*)$/.exec(line)?.[1]
    if (version !== undefined && version !== '(none)') candidates.set(name, version)
  }
  return candidates
}

const rpm: Finder = sections => {
  const rows = (sections.get('rpm') ?? []).map(line => line.split('\t')).filter(row => row.length === 4)
  return name => {
    const row = rows.find(([found, , version, arch]) =>
      [found, `${found}.${arch}`, `${found}-${version}`, `${found}-${version}.${arch}`].includes(name),
    )
    if (row === undefined) return NOT_INSTALLED
    const [, epoch = '0', version = ''] = row
    return { ...NOT_INSTALLED, installed: true, version: epoch === '0' ? version : `${epoch}:${version}` }
  }
}

const apk: Finder = sections => {
  const installed = new Map<string, string>()
  let name = ''
  for (const line of sections.get('apk') ?? []) {
    if (line.startsWith('P:')) name = line.slice(2)
    else if (line.startsWith('V:')) installed.set(name, line.slice(2))
  }
  const candidates = apkCandidates(sections.get('policy') ?? [])
  return asked => {
    const version = installed.get(asked) ?? null
    return {
      ...NOT_INSTALLED,
      installed: version !== null,
      version,
      candidate: candidates.get(asked) ?? null,
    }
  }
}

/** Versions are listed oldest first; one that only stands in the installed database is no offer. */
function apkCandidates(lines: readonly string[]): ReadonlyMap<string, string> {
  const candidates = new Map<string, string>()
  let name = ''
  let version = ''
  for (const line of lines) {
    const heading = /^(\S+) policy:$/.exec(line)?.[1]
    if (heading !== undefined) name = heading
    else if (/^ {2}\S.*:$/.test(line)) version = line.trim().slice(0, -1)
    else if (!line.includes('apk/db/installed')) candidates.set(name, version)
  }
  return candidates
}

const finders: readonly (readonly [string, Finder])[] = [
  ['dpkg', dpkg],
  ['rpm', rpm],
  ['apk', apk],
]
