import path from 'node:path'
import type { Project } from './open.ts'

/** What the project's folder on the hosts is called; here it may be called anything. */
export function recordName({ settings, root }: Pick<Project, 'settings' | 'root'>): string {
  const plain = path
    .basename(root)
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
  return settings.name ?? (plain || 'project')
}
