/** A plan from its file, verified before anything that it says is used. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import { readProjectFile } from '../../config/project-file.ts'
import { projectFiles } from '../../files/project-files.ts'
import { PLAN_ANEW, readPlan, verifyPlan } from '../../saved-plan/document.ts'
import { planKey } from '../../saved-plan/plan-key.ts'
import { createSecretRegistry } from '../../secrets/registry.ts'
import type { Io } from '../io.ts'
import { findRoot } from '../project/find-root.ts'
import { throwErrors } from '../project/open.ts'
import { openProjectSecrets } from '../project/open-secrets.ts'
import { VERSION } from '../version.ts'
import { ageOf } from './age.ts'
import { signingKeyOf } from './assemble.ts'
import type { SavedPlan } from './saved-plan.ts'
import { plannedOptions } from './selection.ts'

export interface OpenPlan {
  readonly saved: Extract<SavedPlan, { kind: 'keep' }>
  /** Those of the deploy, with the plan's selection. */
  readonly options: Readonly<Record<string, unknown>>
}

/** Throws PLAN_UNREADABLE, PLAN_NO_KEY, PLAN_OTHER_VERSION, PLAN_TOO_OLD, PLAN_FLAGS and the codes of readPlan, verifyPlan and planKey. */
export async function openPlan(
  io: Io,
  typed: {
    readonly file: string
    readonly environment: string | undefined
    readonly options: Readonly<Record<string, unknown>>
  },
): Promise<OpenPlan> {
  const read = readPlan(bytesOf(path.resolve(io.cwd, typed.file), typed.file), typed.file)
  const root = findRoot(io.cwd)
  const { settings, problems } = readProjectFile(projectFiles(root))
  throwErrors(problems)
  const registry = createSecretRegistry()
  const opening = { io, identity: typed.options.identity, required: true, registry }
  const secrets = await openProjectSecrets(path.resolve(root, settings.secrets), opening)
  const key = planKey(signingKeyOf(secrets.signingKey), read.body.salt)
  verifyPlan(read, key)
  const { vpaiVersion, madeAt, selection } = read.body
  if (vpaiVersion !== VERSION) {
    throw new VpaiError(
      'PLAN_OTHER_VERSION',
      `${typed.file} was made by vpai ${vpaiVersion}; this is ${VERSION}`,
      {
        hint: `What a task does is decided by the version. ${PLAN_ANEW}`,
      },
    )
  }
  const age = ageOf(madeAt, { now: Date.now(), most: typed.options.maxAge })
  const options = plannedOptions(selection, { ...typed, cwd: io.cwd, root })
  io.err.write(`Keeping to ${typed.file}, a plan for ${selection.environment}, ${age} old.\n`)
  const saved = {
    kind: 'keep',
    file: typed.file,
    plan: read.body,
    key,
    opened: { registry, secrets },
  } as const
  return { saved, options }
}

function bytesOf(file: string, shown: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new VpaiError('PLAN_UNREADABLE', `--plan: ${shown} cannot be read: ${(cause as Error).message}`, {
      cause,
    })
  }
}
