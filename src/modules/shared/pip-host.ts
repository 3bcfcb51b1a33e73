/** Where pip is on the host, what it has installed, and its command lines. */
import { quote, quoteAll } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import type { PipArgs } from '../pip.ts'
import { normalName } from './python-version.ts'
import { splitWords } from './split-words.ts'

type ReadKey = Extract<Key, { kind: 'read' }>

export interface PipState {
  readonly hasVirtualenv: boolean
  /** null: there is none (yet). */
  readonly pip: string | null
  /** By normalised name. */
  readonly installed: ReadonlyMap<string, string>
}

export function pipStateKey(args: PipArgs): ReadKey {
  const { virtualenv, executable } = args
  const find =
    virtualenv === undefined
      ? `p=; for c in ${executable === undefined ? 'pip3 pip' : quote(executable)}; do p=$(command -v "$c") && break; done
[ -n "$p" ] || ! python3 -m pip --version >/dev/null 2>&1 || p='python3 -m pip'`
      : `p=${quote(`${virtualenv}/bin/pip`)}; [ -x "$p" ] || p=; [ ! -e ${quote(`${virtualenv}/bin/activate`)} ] || echo '==virtualenv'`
  return {
    kind: 'read',
    name: `pip ${JSON.stringify([virtualenv, executable])}`,
    script: `${find}\n[ -n "$p" ] || exit 0\necho "==pip $p"\nPIP_DISABLE_PIP_VERSION_CHECK=1 $p list --format=freeze 2>/dev/null; :`,
  }
}

export function readPipState({ stdout }: ReadSeen): PipState {
  const lines = stdout.split('\n')
  const pairs = lines.flatMap(line => {
    const match = /^([^=\s]+)={2,3}(\S+)$/.exec(line)
    return match === null ? [] : [[normalName(match[1] ?? ''), match[2] ?? ''] as const]
  })
  return {
    hasVirtualenv: lines.includes('==virtualenv'),
    pip: lines.find(line => line.startsWith('==pip '))?.slice(6) ?? null,
    installed: new Map(pairs),
  }
}

/** From the verb on. */
export function pipWords(args: PipArgs, words: readonly string[]): string[] {
  const extra = splitWords(args.extra_args ?? '')
  if (args.state === 'absent')
    return ['uninstall', '-y', ...extra, ...words, ...(args.requirements ? ['-r', args.requirements] : [])]
  return [
    'install',
    ...(args.state === 'latest' ? ['-U'] : []),
    ...(args.state === 'forcereinstall' ? ['-U', '--force-reinstall'] : []),
    ...extra,
    ...(args.editable ? words.flatMap(word => ['-e', word]) : words),
    ...(args.requirements === undefined ? [] : ['-r', args.requirements]),
  ]
}

export function pipEnvironment(args: PipArgs): Record<string, string> {
  return {
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    LC_ALL: 'C.UTF-8',
    ...(args.break_system_packages ? { PIP_BREAK_SYSTEM_PACKAGES: '1' } : {}),
  }
}

/** What pip would install, without installing; pip has known how since 22.2. */
export function dryRunKey(args: PipArgs, { pip, words }: { pip: string; words: readonly string[] }): ReadKey {
  const [verb = '', ...rest] = pipWords(args, words)
  const env = Object.entries(pipEnvironment(args)).map(([name, value]) => `${name}=${quote(value)}`)
  const line = `${env.join(' ')} ${pip} ${quoteAll([verb, '--dry-run', ...rest])} 2>&1`
  const script = args.chdir === undefined ? line : `cd ${quote(args.chdir)} && ${line}`
  return { kind: 'read', name: `pip dry run ${JSON.stringify(args)}`, script }
}

/** Names and versions; null when this pip cannot say. */
export function readDryRun({ stdout }: ReadSeen): readonly string[] | null {
  if (/no such option: --dry-run/.test(stdout)) return null
  const line = /^Would install (.*)$/m.exec(stdout)?.[1]
  return line === undefined ? [] : line.trim().split(/\s+/)
}

/** venv for `python3 -m venv`, and Ansible's default, virtualenv, where that is installed. */
export function virtualenvScript(args: PipArgs): string {
  const { virtualenv = '', virtualenv_command, virtualenv_python, virtualenv_site_packages } = args
  const site = virtualenv_site_packages ? ' --system-site-packages' : ''
  const python = virtualenv_python === undefined ? '' : ` -p ${quote(virtualenv_python)}`
  const command = virtualenv_command ?? 'virtualenv'
  const words = splitWords(command)
  const isVenv = words.includes('venv') || words[0]?.endsWith('pyvenv') === true
  const own = `${quoteAll(words)}${site}${isVenv ? '' : python} ${quote(virtualenv)}`
  if (virtualenv_command !== undefined) return own
  const plain = `${virtualenv_python === undefined ? 'python3' : quote(virtualenv_python)} -m venv${site} ${quote(virtualenv)}`
  return `if command -v virtualenv >/dev/null 2>&1; then ${own}; else ${plain}; fi`
}
