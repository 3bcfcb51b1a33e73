/** What a command that deploys says of its release. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { ReleaseOptions } from '../../engine/releasing.ts'
import type { RunOptions } from '../../engine/world.ts'
import { knownRelease } from '../../state/known-releases.ts'
import type { Project } from '../project/open.ts'

export interface ReleaseWish {
  /** A group of the inventory. */
  readonly env: string
  readonly back?: NonNullable<ReleaseOptions['back']>
}

export function releaseOptions(
  project: Project,
  { tags, skipTags, startAtTask }: RunOptions,
  { env, back }: ReleaseWish,
): ReleaseOptions {
  const { settings, secretsFile } = project
  return {
    env,
    known: knownRelease(project.stateDirectory, env),
    keep: settings.releases.keep,
    when: nowText(),
    inventory: inventoryDigest(project),
    secrets: existsSync(secretsFile) ? digestOf([readFileSync(secretsFile)]) : null,
    isPart: back === undefined && (tags.length + skipTags.length > 0 || startAtTask !== null),
    ...(back ? { back } : {}),
  }
}

/** As people read it. */
export function nowText(): string {
  return `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** Of hosts, groups and variables as they were read, with the files' names below the project. */
function inventoryDigest({ sources, root, inventories }: Project): string {
  const folders = inventories.map(one => path.resolve(root, one))
  const isOf = (file: string) =>
    folders.some(folder => file === folder || file.startsWith(`${folder}/`)) ||
    /\/(group|host)_vars\//.test(file)
  const parts = sources.entries().filter(([file]) => isOf(file))
  return digestOf(parts.flatMap(([file, content]) => [path.relative(root, file), '\0', content, '\0']))
}

function digestOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
