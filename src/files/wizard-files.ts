/** What an earlier run of the wizard left in a project, and writing what this one found. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Secret } from '../base/secret.ts'
import type { Value } from '../base/value.ts'
import type { Keys } from '../secrets/age.ts'
import { parseSecrets } from '../secrets/document.ts'
import { SIGNING_KEY } from '../secrets/operations.ts'
import { readInventoryVariables } from '../wizard/read-values.ts'
import { PATHS, renderFiles, SYSTEMS_VARIABLE } from '../wizard/render.ts'
import type { Former, WizardResult } from '../wizard/settle.ts'
import type { System } from '../wizard/variable.ts'
import { type NewFile, writeAllOrNothing } from './atomic-write.ts'
import { exists } from './identity-file.ts'
import { firstRecipients, openSecretsFile, sealedFiles } from './secrets-file.ts'
import { shownPath } from './shown-path.ts'
import { generateSigningKey } from './signing-key.ts'

export interface FormerProject extends Former {
  /** Undefined before the first run. */
  readonly systems?: readonly System[]
}

export interface FormerQuery {
  /** Needed once there is a secrets file; without the right one this throws, lest secrets be made anew. */
  readonly keys: () => Promise<Keys>
  /** Was the project ever deployed? Then its name stays. */
  readonly deployed: boolean
  /** Absolute; where vpai.yml puts it elsewhere than inventory/secrets.age. */
  readonly secretsFile?: string
}

export async function readFormerProject(folder: string, query: FormerQuery): Promise<FormerProject> {
  const settings = readInventoryVariables((await textOf(folder, PATHS.all)) ?? '', PATHS.all)
  const project = readInventoryVariables((await textOf(folder, PATHS.project)) ?? '', PATHS.project).variables
  const { [SYSTEMS_VARIABLE]: systems, ...answers } = settings.variables
  const variables =
    'project_name' in answers || project.name === undefined
      ? answers
      : { project_name: project.name, ...answers }
  const secretsFile = query.secretsFile ?? path.join(folder, PATHS.secrets)
  const secrets = (await exists(secretsFile))
    ? (await openSecretsFile(secretsFile, await query.keys())).document.values()
    : {}
  return {
    variables,
    untouched: settings.untouched,
    secrets,
    deployed: query.deployed,
    systems: systemsOf(systems),
  }
}

export interface WriteSettings {
  /** To open the secrets file that is there, and to be able to open the new one. */
  readonly keys: Keys
  readonly former: Former
  /** As in FormerQuery. */
  readonly secretsFile?: string
}

/**
 * Writes inventory, settings and secrets, all or nothing: an error or Ctrl-C leaves every former file whole.
 * @returns the paths that changed, relative to the project
 */
export async function writeWizardResult(
  folder: string,
  result: WizardResult,
  settings: WriteSettings,
): Promise<readonly string[]> {
  const before = new Map<string, string>()
  const secretsFile = settings.secretsFile ?? path.join(folder, PATHS.secrets)
  const input = {
    result,
    formerVariables: settings.former.variables,
    secrets: shownPath(folder, secretsFile),
  }
  for (const file of renderFiles({ ...input, existing: () => undefined })) {
    const text = await textOf(folder, file.path)
    if (text !== undefined) before.set(file.path, text)
  }
  const changed: NewFile[] = renderFiles({ ...input, existing: file => before.get(file) })
    .filter(file => before.get(file.path) !== file.content)
    .map(file => ({ path: path.join(folder, file.path), content: file.content }))
  changed.push(...(await secretFiles(secretsFile, result, settings.keys)))
  await writeAllOrNothing(changed)
  return changed.map(file => path.relative(folder, file.path))
}

/** Nothing when the file is there and holds every value already: encrypting anew would only look like a change. */
async function secretFiles(file: string, result: WizardResult, keys: Keys): Promise<readonly NewFile[]> {
  const isThere = await exists(file)
  const given = Object.entries(result.secrets)
  if (isThere && given.length === 0) return []
  const opened = isThere ? await openSecretsFile(file, keys) : undefined
  const fresh = given.filter(([name, value]) => !isSame(opened?.document.get(name), value))
  if (isThere && fresh.length === 0) return []
  const document = opened?.document ?? parseSecrets(SECRETS_HEAD, file)
  if (document.get(SIGNING_KEY) === undefined) document.set(SIGNING_KEY, generateSigningKey())
  for (const [name, value] of fresh) document.set(name, value)
  const recipientsText = opened?.recipientsText ?? (await firstRecipients(file, keys))
  return sealedFiles({ file, document, keys, recipientsText })
}

function isSame(former: Value | undefined, value: Secret): boolean {
  return former instanceof Secret && former.reveal() === value.reveal()
}

const SECRETS_HEAD =
  '# Secrets of the project. `vpai wizard` adds what is missing and never changes what is there.\n'

function systemsOf(listed: unknown): readonly System[] | undefined {
  if (!Array.isArray(listed)) return undefined
  const all: readonly System[] = ['vpai', 'atlas', 'homelab']
  return all.filter(system => listed.includes(system))
}

async function textOf(folder: string, relative: string): Promise<string | undefined> {
  const file = path.join(folder, relative)
  return (await exists(file)) ? await readFile(file, 'utf8') : undefined
}
