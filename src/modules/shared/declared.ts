/** What modules say of the resources they stand for. What is not known for certain is not said. */
import type { Resource } from '../../base/resource.ts'
import { isDict, type Value } from '../../base/value.ts'
import type { Result } from '../contract.ts'

const NOTHING: readonly Resource[] = []

/** The first of them that is an absolute path; with ~ in it only the result knows which that is. */
export function fileAt(
  paths: readonly unknown[],
  type: 'file' | 'directory' | 'link' = 'file',
): readonly Resource[] {
  const path = paths.find(one => typeof one === 'string' && one.startsWith('/'))
  return typeof path === 'string' ? [{ kind: 'file', path: plainPath(path), type }] : NOTHING
}

export function treeAt(path: unknown): readonly Resource[] {
  return typeof path === 'string' && path.startsWith('/')
    ? [{ kind: 'tree', path: plainPath(path) }]
    : NOTHING
}

/** Where a file was put. One that is only put where none is belongs to whoever edits it afterwards. */
export function placedFile(
  args: { readonly dest: string; readonly force?: boolean },
  result: Result,
): readonly Resource[] {
  if (args.force === false) return NOTHING
  return fileAt([result.dest, args.dest.endsWith('/') ? null : args.dest])
}

function plainPath(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/(.)\/+$/, '$1')
}

/** A unit that is wanted to run, now or after a reboot. */
export function wantedUnit(
  args: {
    readonly name?: string | undefined
    readonly state?: string | undefined
    readonly enabled?: boolean | undefined
    readonly masked?: boolean | undefined
  },
  scope: 'system' | 'user' | 'global',
): readonly Resource[] {
  const { name, state, enabled, masked } = args
  const runs = state === 'started' || state === 'restarted' || state === 'reloaded' || enabled === true
  if (name === undefined || !runs || state === 'stopped' || masked === true) return NOTHING
  return [{ kind: 'unit', name: /\.[a-z]+$/.test(name) ? name : `${name}.service`, scope }]
}

/** `nginx=1.2`, `nginx/stable` and `nginx` are one; files, addresses, patterns and `nginx-` are no packages to own. */
export function packagesNamed(
  names: readonly string[],
  state: string | null | undefined,
): readonly Resource[] {
  if (state === 'absent' || state === 'removed' || state === 'build-dep' || state === 'fixed') return NOTHING
  return names
    .filter(name => !/^\/|:\/\/|[*?]|-$/.test(name))
    .map(name => ({ kind: 'package', name: name.replace(/[=/<>~ ].*$/, '') }))
}

/** Something of the Docker engine of the host itself; that of another belongs to no host we know. */
export function ofOwnEngine(
  args: { readonly docker_host?: string | undefined; readonly cli_context?: string | undefined },
  resources: readonly Resource[],
): readonly Resource[] {
  const isOwn = args.docker_host === undefined || args.docker_host.startsWith('unix:')
  return isOwn && args.cli_context === undefined ? resources : NOTHING
}

/** The arguments that are given, as data. */
export function ruleOf(
  firewall: Extract<Resource, { kind: 'rule' }>['firewall'],
  args: object,
): readonly Resource[] {
  const given = Object.entries(args).filter(([, value]) => value !== undefined)
  const rule: Value = JSON.parse(JSON.stringify(Object.fromEntries(given)))
  return isDict(rule) ? [{ kind: 'rule', firewall, rule }] : NOTHING
}
