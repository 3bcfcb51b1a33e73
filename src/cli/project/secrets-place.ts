/** Where a project keeps its secrets and the keys to open them, without needing an inventory. */
import path from 'node:path'
import { Secret } from '../../base/secret.ts'
import { readProjectFile } from '../../config/project-file.ts'
import { loadKeys } from '../../files/identity-file.ts'
import { projectFiles } from '../../files/project-files.ts'
import { shownPath } from '../../files/shown-path.ts'
import type { Keys } from '../../secrets/age.ts'
import { askSecret } from '../ask.ts'
import type { Invocation } from '../command.ts'
import type { Io } from '../io.ts'
import { findRoot } from './find-root.ts'
import { throwErrors } from './open.ts'
import { identityQuery } from './open-secrets.ts'

export interface SecretsPlace {
  readonly root: string
  /** Absolute. */
  readonly file: string
  /** As people read it. */
  readonly shown: string
  /** Opens the identity, asking for its passphrase at a terminal. Throws the codes of loadKeys. */
  readonly keys: () => Promise<Keys>
}

/** Throws the problems of vpai.yml. */
export function secretsPlace({ io, options }: Pick<Invocation, 'io' | 'options'>): SecretsPlace {
  const root = findRoot(io.cwd)
  io.sourceRoots.unshift(root)
  const { settings, problems } = readProjectFile(projectFiles(root))
  throwErrors(problems)
  const file = path.resolve(root, settings.secrets)
  return { root, file, shown: shownPath(io.cwd, file), keys: () => keysOf(io, options.identity) }
}

export function keysOf(io: Io, identity: unknown): Promise<Keys> {
  const ask = async (file: string) => new Secret(await askSecret(`Passphrase of ${file}`))
  return loadKeys(identityQuery(io, identity), io.stdinIsTty ? ask : undefined)
}
