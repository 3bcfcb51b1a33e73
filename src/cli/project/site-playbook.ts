/** Which playbook `deploy` and `plan` run: the project's, else the one that ships. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import { requireGroup } from '../play.ts'
import { shippedDirectory } from './find-root.ts'
import type { Project } from './open.ts'

export function sitePlaybook(project: Project, env: string): string {
  requireGroup(project, env)
  return anySitePlaybook(project)
}

export function anySitePlaybook(project: Project): string {
  if (existsSync(path.resolve(project.root, project.settings.playbook))) return project.settings.playbook
  const shipped = path.join(shippedDirectory(), 'playbooks', 'site.yml')
  if (existsSync(shipped)) return shipped
  throw new VpaiError('PLAYBOOK_MISSING', `there is no ${project.settings.playbook} in ${project.root}`)
}
