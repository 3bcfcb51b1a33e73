/**
 * The Debian systems that are measured on: made once by mmdebstrap, kept under the cache, named by their
 * recipe. Ansible's side and the hosts live in them; vpai, ssh and rsync are started on this machine itself.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { execa } from 'execa'

export interface Recipe {
  readonly name: string
  readonly suite: string
  readonly packages: readonly string[]
}

/** Python is there for Ansible; vpai does not use it. */
export const TARGET: Recipe = {
  name: 'target',
  suite: 'trixie',
  packages: ['openssh-server', 'openssh-sftp-server', 'python3', 'rsync'],
}
/** The collections are there for `synchronize`. */
export const CONTROL: Recipe = {
  name: 'control',
  suite: 'trixie',
  packages: ['ansible-core', 'ansible', 'ansible-mitogen', 'openssh-client', 'rsync'],
}

const LEFT_OUT = ['doc', 'man', 'locale', 'info'].map(
  folder => `--dpkgopt=path-exclude=/usr/share/${folder}/*`,
)

/** The folder, built when it is not there yet. */
export async function ensureRoot(
  cache: string,
  recipe: Recipe,
  log: (line: string) => void,
): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 8)
  const folder = path.join(cache, `${recipe.name}-${digest}`)
  if (existsSync(folder)) return folder
  log(`making Debian ${recipe.suite} with ${recipe.packages.join(', ')} (once)`)
  mkdirSync(cache, { recursive: true })
  const unfinished = `${folder}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  const packages = `--include=${recipe.packages.join(',')}`
  await execa('mmdebstrap', [
    '--quiet',
    '--mode=root',
    '--variant=minbase',
    '--aptopt=APT::Install-Recommends "false"',
    ...LEFT_OUT,
    packages,
    recipe.suite,
    unfinished,
  ])
  renameSync(unfinished, folder)
  return folder
}
