/**
 * What a host has because a task of a project stands there: plain data, the same in every run, without a word of
 * content. Paths are absolute. It goes into files that outlive a version of vpai: kinds and fields stay what they are.
 */
import type { Dict, Value } from './value.ts'

export type Resource =
  | { readonly kind: 'file'; readonly path: string; readonly type: 'file' | 'directory' | 'link' }
  /** A folder with all that is in it, whose entries nobody lists: a clone, a synchronized folder. */
  | { readonly kind: 'tree'; readonly path: string }
  /** `name` with its suffix, as in app.service. */
  | { readonly kind: 'unit'; readonly name: string; readonly scope: 'system' | 'user' | 'global' }
  /** `files` as they are written, below `directory`; none: what compose takes by itself. */
  | {
      readonly kind: 'compose'
      readonly project: string
      readonly directory: string
      readonly files: readonly string[]
    }
  /** Of the host's own Docker engine. */
  | { readonly kind: 'container' | 'network' | 'volume'; readonly name: string }
  /** A job or a variable, in the table of a user, or in a file of /etc/cron.d. */
  | {
      readonly kind: 'cron'
      readonly user: string
      readonly name: string
      readonly file: string | null
      readonly variable: boolean
    }
  | { readonly kind: 'package' | 'user' | 'group'; readonly name: string }
  /** The arguments of the firewall's module that say it. */
  | { readonly kind: 'rule'; readonly firewall: 'ufw' | 'firewalld' | 'iptables'; readonly rule: Dict }
  | { readonly kind: 'mount'; readonly path: string }
  | { readonly kind: 'sysctl'; readonly name: string; readonly file: string }

/** The same text for the same resource, whatever else is known of it. One line. */
export function resourceId(resource: Resource): string {
  switch (resource.kind) {
    case 'file':
    case 'tree':
    case 'mount':
      return `${resource.kind} ${resource.path}`
    case 'unit':
      return `unit ${resource.scope} ${resource.name}`
    case 'compose':
      return `compose ${resource.project}`
    case 'cron':
      return `cron ${resource.file ?? resource.user} ${resource.variable ? 'variable' : 'job'} ${resource.name}`
    case 'rule':
      return `rule ${resource.firewall} ${sorted(resource.rule)}`
    case 'sysctl':
      return `sysctl ${resource.file} ${resource.name}`
    default:
      return `${resource.kind} ${resource.name}`
  }
}

/** For people. */
export function resourceText(resource: Resource): string {
  switch (resource.kind) {
    case 'file':
      return `${resource.type} ${resource.path}`
    case 'tree':
      return `folder ${resource.path}`
    case 'unit':
      return resource.scope === 'system'
        ? `unit ${resource.name}`
        : `unit ${resource.name} (${resource.scope})`
    case 'compose':
      return `compose project ${resource.project} (${resource.directory})`
    case 'cron':
      return `cron ${resource.variable ? 'variable' : 'job'} “${resource.name}” (${resource.file ?? resource.user})`
    case 'rule':
      return `${resource.firewall} rule ${sorted(resource.rule)}`
    case 'sysctl':
      return `sysctl ${resource.name} (${resource.file})`
    case 'mount':
      return `mount ${resource.path}`
    default:
      return `${resource.kind} ${resource.name}`
  }
}

/** JSON with the names in their order. */
function sorted(value: Value): string {
  return JSON.stringify(value, (_name, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}
