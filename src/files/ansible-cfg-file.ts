/** The ansible.cfg of a project, unless others could have written it: then it is left alone, with the warning ANSIBLE_CFG_UNSAFE. */
import { statSync } from 'node:fs'
import path from 'node:path'
import { type AnsibleCfg, parseAnsibleCfg } from '../inventory/ansible-cfg.ts'
import { projectFiles } from './project-files.ts'

const NOTHING: AnsibleCfg = { settings: {}, ignored: [], problems: [] }

/** `root` is absolute. No file gives empty settings. */
export function readAnsibleCfg(root: string): AnsibleCfg {
  const file = 'ansible.cfg'
  const text = projectFiles(root).read(file)
  if (text === null) return NOTHING
  const isOpenToAll = [root, path.join(root, file)].some(place => (statSync(place).mode & 0o002) !== 0)
  if (!isOpenToAll) return parseAnsibleCfg(text, file)
  const message = 'ansible.cfg is ignored, because every user of this machine may write it or its folder'
  const hint = `Take that right away: chmod o-w ${root} ${path.join(root, file)}`
  const position = { file, line: 1, column: 1 }
  return {
    ...NOTHING,
    problems: [{ code: 'ANSIBLE_CFG_UNSAFE', message, hint, severity: 'warning', position }],
  }
}
