/** apt with a list of packages: which of them are to be installed, upgraded or removed. */
import type { Key, Seen } from '../../probes/contract.ts'
import type { Change, RunAction, Verdict } from '../contract.ts'
import { type AptArgs, aptGet } from './apt-arguments.ts'
import { APT_ENV, aptScript } from './apt-host.ts'
import { type PackageSpec, parseSpec, specKey, specSeen } from './package-spec.ts'

type ReadKey = Extract<Key, { kind: 'read' }>

export function packagesKeys(args: AptArgs): Key[] {
  if (args.state === 'fixed') return [BROKEN]
  if (args.state === 'build-dep')
    return args.name.length === 0 ? [] : [simulation(args, 'build-dep', args.name)]
  const removed = args.state === 'absent' && args.purge ? [RESIDUAL] : []
  const marks = args.state === 'absent' ? [] : [AUTOMATIC]
  return [...specs(args).map(specKey), ...removed, ...marks]
}

export function packagesVerdict(args: AptArgs, seen: Seen, stale: boolean): Verdict {
  if (args.state === 'fixed') return fixedVerdict(args, seen)
  if (args.state === 'build-dep') return buildDepVerdict(args, seen)
  return args.state === 'absent' ? absentVerdict(args, seen) : presentVerdict(args, seen, stale)
}

function presentVerdict(args: AptArgs, seen: Seen, stale: boolean): Verdict {
  const wanted = specs(args)
  const unknown = wanted
    .filter(spec => !spec.pattern && isUnknown(spec, seen))
    .map(spec => providersKey(spec.name))
  if (unknown.some(key => !seen.has(key))) return { kind: 'ask', keys: unknown }
  const changes: Change[] = []
  const words: string[] = []
  for (const spec of wanted) {
    const found = specSeen(spec, seen)
    if (!found.installed && args.only_upgrade) continue
    if (isUnknown(spec, seen) && !spec.pattern && seen.get(providersKey(spec.name)).stdout.trim() !== '')
      continue
    const outdated =
      args.state === 'latest' &&
      spec.version === null &&
      found.candidate !== null &&
      found.candidate !== found.version
    if (found.fits && !outdated && !(args.state === 'latest' && stale)) continue
    words.push(spec.word)
    if (found.fits && !outdated) continue
    const to = spec.version ?? found.candidate ?? 'installed'
    changes.push({ what: 'package', subject: spec.name, from: found.version, to })
  }
  const marks = automatic(wanted, seen)
  changes.push(...marks.map(subject => ({ what: 'package', subject, from: 'automatic', to: 'manual' })))
  const mark: RunAction[] =
    marks.length === 0
      ? []
      : [{ do: 'run', argv: ['apt-mark', 'manual', ...marks], failure: 'apt-mark failed' }]
  if (words.length === 0 && marks.length === 0) return { kind: 'ok' }
  if (changes.length === 0) return perhapsNewer(args, words)
  const apply = words.length === 0 ? mark : [...mark, install(args, words)]
  return { kind: 'change', changes, apply, touches: touched(specs(args)) }
}

/** What came in as a dependency and is now asked for by name must outlive what needed it. */
function automatic(wanted: readonly PackageSpec[], seen: Seen): string[] {
  const names = seen.get(AUTOMATIC).stdout.split('\n')
  return wanted
    .filter(spec => !spec.pattern && specSeen(spec, seen).installed && names.includes(spec.name))
    .map(spec => spec.name)
}

const AUTOMATIC: ReadKey = {
  kind: 'read',
  name: 'automatically installed packages',
  script: `awk -v RS= '/\\nAuto-Installed: 1/ { print $2 }' /var/lib/apt/extended_states 2>/dev/null; true`,
}

/** Fresh lists may know newer versions: what comes of it is known only afterwards. */
function perhapsNewer(args: AptArgs, words: readonly string[]): Verdict {
  return unforeseen(`newest ${words.join(' ')}`, install(args, words))
}

/** Runs apt-get and reads from its own words whether something changed. */
export function unforeseen(summary: string, action: RunAction): Verdict {
  return {
    kind: 'opaque',
    summary,
    apply: function* () {
      const { stdout, stderr } = yield action
      const idle = /^0 upgraded, 0 newly installed, (0 downgraded, )?0 to remove/m.test(stdout)
      return { changed: !idle, stdout, stderr }
    },
  }
}

function absentVerdict(args: AptArgs, seen: Seen): Verdict {
  const residual = args.purge ? seen.get(RESIDUAL).stdout.split('\n') : []
  const gone = specs(args).filter(
    spec => specSeen(spec, seen).installed || residual.includes(spec.name.replace(/:.*$/, '')),
  )
  if (gone.length === 0) return { kind: 'ok' }
  const changes = gone.map(spec => ({
    what: 'package',
    subject: spec.name,
    from: specSeen(spec, seen).version ?? (specSeen(spec, seen).installed ? 'installed' : 'configuration'),
    to: null,
  }))
  const apply = [run(args, [...aptGet(args, 'remove'), ...gone.map(spec => spec.name)])]
  return { kind: 'change', changes, apply, touches: touched(gone) }
}

function fixedVerdict(args: AptArgs, seen: Seen): Verdict {
  if (seen.get(BROKEN).stdout.trim() === '' && args.name.length === 0) return { kind: 'ok' }
  const changes = [{ what: 'packages', subject: 'dependencies', from: 'broken', to: 'fixed' }]
  return { kind: 'change', changes, apply: [run(args, [...aptGet(args, 'install'), '-f', ...args.name])] }
}

function buildDepVerdict(args: AptArgs, seen: Seen): Verdict {
  const names = installs(seen.get(simulation(args, 'build-dep', args.name)).stdout)
  if (names.length === 0 && seen.get(simulation(args, 'build-dep', args.name)).code === 0)
    return { kind: 'ok' }
  const changes = names.map(subject => ({ what: 'package', subject, from: null, to: 'installed' }))
  return { kind: 'change', changes, apply: [run(args, [...aptGet(args, 'build-dep'), ...args.name])] }
}

/** Neither installed nor on offer: perhaps a virtual package that an installed one provides. */
function isUnknown(spec: PackageSpec, seen: Seen): boolean {
  const found = specSeen(spec, seen)
  return !found.installed && found.candidate === null
}

function providersKey(name: string): ReadKey {
  const wanted = name.replace(/:.*$/, '')
  return {
    kind: 'read',
    name: `installed providers of ${wanted}`,
    script: `dpkg-query -W -f '\${db:Status-Abbrev}|\${Package}|, \${Provides},\\n' 2>/dev/null | grep -F ' ${wanted.replace(/[^\w.+-]/g, '')}' | grep -E '^[ih]i .*, ${wanted.replace(/[^\w.-]/g, '[+]')}( \\(|,)' | cut -d'|' -f2; true`,
  }
}

const BROKEN: ReadKey = {
  kind: 'read',
  name: 'broken packages',
  script: 'dpkg --audit 2>&1; apt-get -o Debug::NoLocking=1 check >/dev/null 2>&1 || echo dependencies',
}

/** Removed packages whose configuration is still there. */
const RESIDUAL: ReadKey = {
  kind: 'read',
  name: 'packages with configuration left',
  script: `dpkg-query -W -f '\${db:Status-Abbrev} \${Package}\\n' 2>/dev/null | sed -n 's/^rc *//p'`,
}

export function simulation(args: AptArgs, verb: string, words: readonly string[]): ReadKey {
  const argv = [...aptGet(args, verb), '-s', ...words]
  const line = argv.map(word => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  return {
    kind: 'read',
    name: `apt simulation ${line}`,
    script: `DEBIAN_FRONTEND=noninteractive LC_ALL=C ${line} -o Debug::NoLocking=1`,
  }
}

/** Names on the Inst lines of a simulation. */
export function installs(stdout: string): string[] {
  return [...stdout.matchAll(/^Inst (\S+)/gm)].map(match => match[1] ?? '')
}

export function run(args: AptArgs, argv: readonly string[]): RunAction {
  return {
    do: 'run',
    script: aptScript(argv, args.policy_rc_d ?? null),
    env: APT_ENV,
    failure: `'${argv.join(' ')}' failed`,
    returnsOutput: true,
  }
}

function install(args: AptArgs, words: readonly string[]): RunAction {
  return run(args, [...aptGet(args, 'install'), ...words])
}

function specs(args: AptArgs): PackageSpec[] {
  return args.name.map(parseSpec)
}

function touched(list: readonly PackageSpec[]): Key[] {
  return list.map(spec => ({ kind: 'package', name: spec.name }))
}
