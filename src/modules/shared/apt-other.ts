/** apt without package names: upgrade, one .deb file, and cleaning up. */
import { quote } from '../../base/quote.ts'
import type { Key, Seen } from '../../probes/contract.ts'
import type { Change, Verdict } from '../contract.ts'
import { type AptArgs, aptGet } from './apt-arguments.ts'
import { APT_ENV } from './apt-host.ts'
import { installs, run, simulation, unforeseen } from './apt-packages.ts'

type ReadKey = Extract<Key, { kind: 'read' }>

export function upgradeKeys(args: AptArgs): Key[] {
  if (args.deb !== undefined) return isUrl(args.deb) ? [] : [debKey(args.deb)]
  if (args.upgrade !== 'no') return [simulation(args, upgradeVerb(args), [])]
  return args.name.length === 0 && args.autoremove ? [simulation(args, 'autoremove', [])] : []
}

export function upgradeVerdict(args: AptArgs, seen: Seen, stale: boolean): Verdict {
  const verb = upgradeVerb(args)
  const { stdout } = seen.get(simulation(args, verb, []))
  const changes = upgrades(stdout)
  if (changes.length === 0 && !stale) return { kind: 'ok', result: { msg: 'nothing to upgrade', stdout } }
  const action = run(args, aptGet(args, verb))
  if (changes.length > 0) return { kind: 'change', changes, apply: [action] }
  return unforeseen(`apt-get ${verb}`, action)
}

export function debVerdict(args: AptArgs, seen: Seen): Verdict {
  const deb = args.deb ?? ''
  const install = [...aptGet(args, 'install')]
  if (isUrl(deb)) return debFromUrl(args, deb)
  const { code, stdout, stderr } = seen.get(debKey(deb))
  if (code !== 0)
    return { kind: 'fail', message: `Unable to install package: ${stderr.trim() || `${deb} is not there`}` }
  const [name = '', version = ''] = stdout.trim().split('\t')
  const key = { kind: 'package', name } as const
  if (!seen.has(key)) return { kind: 'ask', keys: [key] }
  const found = seen.get(key)
  if (found.installed && found.version === version) return { kind: 'ok' }
  const file = deb.startsWith('/') ? deb : `./${deb}`
  const changes = [{ what: 'package', subject: name, from: found.version, to: version }]
  return { kind: 'change', changes, apply: [run(args, [...install, file])], touches: [key] }
}

/** The version inside is known only after the download, so this runs and tells by itself whether it changed something. */
function debFromUrl(args: AptArgs, url: string): Verdict {
  const install = aptGet(args, 'install').map(quote).join(' ')
  const script = `d=$(mktemp -d) || exit 1; trap 'rm -rf "$d"' 0
if command -v curl >/dev/null 2>&1; then curl -fsSL -o "$d/package.deb" ${quote(url)}; else wget -q -O "$d/package.deb" ${quote(url)}; fi || exit 1
n=$(dpkg-deb -W --showformat='\${Package}' "$d/package.deb") && v=$(dpkg-deb -W --showformat='\${Version}' "$d/package.deb") || exit 1
[ "$(dpkg-query -W -f '\${db:Status-Abbrev}\${Version}' "$n" 2>/dev/null)" != "ii $v" ] || { echo 'vpai: already installed'; exit 0; }
chmod 0755 "$d"; ${install} "$d/package.deb"`
  return {
    kind: 'opaque',
    summary: `install ${url}`,
    apply: function* () {
      const output = yield { do: 'run', script, env: APT_ENV, failure: `could not install ${url}` }
      return {
        changed: !output.stdout.includes('vpai: already installed'),
        stdout: output.stdout,
        stderr: output.stderr,
      }
    },
  }
}

export function cleaningVerdict(args: AptArgs, seen: Seen): Verdict {
  if (args.autoremove) {
    const gone = [
      ...seen.get(simulation(args, 'autoremove', [])).stdout.matchAll(/^(?:Remv|Purg) (\S+) \[([^\]]*)\]/gm),
    ]
    if (gone.length === 0) return { kind: 'ok' }
    const changes = gone.map(([, subject = '', from = '']) => ({ what: 'package', subject, from, to: null }))
    return { kind: 'change', changes, apply: [run(args, aptGet(args, 'autoremove'))] }
  }
  if (!args.autoclean && !args.clean) return { kind: 'ok' }
  const verb = args.clean ? 'clean' : 'autoclean'
  return {
    kind: 'opaque',
    summary: `apt-get ${verb}`,
    ...(args.clean ? { changes: true } : {}),
    apply: function* () {
      const output = yield run(args, aptGet(args, verb))
      return {
        changed: args.clean || /^Del /m.test(output.stdout),
        stdout: output.stdout,
        stderr: output.stderr,
      }
    },
  }
}

/** Inst name [from] (to …): a bracket only where a version is installed already. */
function upgrades(stdout: string): Change[] {
  const known = [...stdout.matchAll(/^Inst (\S+)(?: \[([^\]]*)\])? \((\S+)/gm)]
  if (known.length === 0)
    return installs(stdout).map(subject => ({ what: 'package', subject, from: null, to: 'latest' }))
  return known.map(([, subject = '', from, to = '']) => ({
    what: 'package',
    subject,
    from: from ?? null,
    to,
  }))
}

function upgradeVerb(args: AptArgs): string {
  return args.upgrade === 'dist' || args.upgrade === 'full' ? 'dist-upgrade' : 'upgrade'
}

function debKey(file: string): ReadKey {
  return {
    kind: 'read',
    name: `deb ${file}`,
    script: `dpkg-deb -W --showformat='\${Package}\\t\${Version}\\n' ${quote(file)}`,
  }
}

function isUrl(text: string): boolean {
  return /^(https?|ftp):\/\//.test(text)
}
