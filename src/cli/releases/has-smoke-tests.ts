/** Whether a role of the project has smoke tests, told without reading any of it: what is broken in it may not be in the way. */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Project } from '../project/open.ts'

export function hasSmokeTests({ root, settings }: Project): boolean {
  const folders = ['roles', path.join(path.dirname(settings.playbook), 'roles'), ...settings.roles_path]
  return folders.some(folder => isIn(path.resolve(root, folder)))
}

const NAMES = ['smoke.yml', 'smoke.yaml', 'smoke.json']

function isIn(folder: string): boolean {
  if (!existsSync(folder)) return false
  return readdirSync(folder).some(role =>
    NAMES.some(name => existsSync(path.join(folder, role, 'tasks', name))),
  )
}
