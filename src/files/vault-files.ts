/** The files of a project in which ansible-vault encrypted something. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { VpaiError } from '../base/error.ts'
import { isVaulted, VAULT_HEADER } from '../base/vault.ts'

export interface VaultFile {
  /** Relative to the root. */
  readonly file: string
  readonly text: string
  /** Whole files are variables only where variables are kept. */
  readonly kind: 'variables' | 'values' | 'other'
}

const SKIPPED = new Set(['.git', '.vpai', 'node_modules', '.venv'])
const BIGGEST = 10_000_000

/** `given`: files or folders relative to the root; none: the whole project. Sorted by path. */
export function findVaultFiles(root: string, given: readonly string[]): VaultFile[] {
  const starts = given.length > 0 ? given : ['.']
  const files = [...new Set(starts.flatMap(start => filesBelow(root, start)))].sort()
  return files.flatMap(file => {
    if (statSync(path.join(root, file)).size > BIGGEST) return []
    const text = readFileSync(path.join(root, file), 'utf8')
    if (!text.includes(VAULT_HEADER)) return []
    return [{ file, text, kind: kindOf(file, text) }]
  })
}

function kindOf(file: string, text: string): VaultFile['kind'] {
  if (isVaulted(text))
    return /(?:^|\/)(?:group_vars|host_vars|vars|defaults)\//.test(file) ? 'variables' : 'other'
  return text.includes('!vault') ? 'values' : 'other'
}

function filesBelow(root: string, start: string): string[] {
  const place = path.join(root, start)
  const stats = statSync(place, { throwIfNoEntry: false })
  if (stats === undefined) throw new VpaiError('FILES_UNREADABLE', `There is no file ${place}`)
  if (stats.isFile()) return [path.normalize(start)]
  return readdirSync(place, { withFileTypes: true }).flatMap(entry => {
    const child = path.join(start, entry.name)
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesBelow(root, child)
    return entry.isFile() ? [child] : []
  })
}
