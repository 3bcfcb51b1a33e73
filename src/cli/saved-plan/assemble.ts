/** All that a plan is made of, from an open project and what was watched on its hosts. */
import { VpaiError } from '../../base/error.ts'
import type { Secret } from '../../base/secret.ts'
import type { Dict } from '../../base/value.ts'
import { PLAN_VERSION, type PlanBody } from '../../saved-plan/format.ts'
import type { PlanKey } from '../../saved-plan/plan-key.ts'
import type { PlanRecord } from '../../saved-plan/plan-record.ts'
import { stableText } from '../../saved-plan/stable-text.ts'
import { shippedDirectory } from '../project/find-root.ts'
import type { Project } from '../project/open.ts'
import { VERSION } from '../version.ts'

export interface Assembling {
  readonly project: Project
  readonly selection: PlanBody['selection']
  readonly key: PlanKey
  readonly salt: string
  readonly madeAt: string
  readonly record: PlanRecord
}

export function assemble({ project, selection, key, salt, madeAt, record }: Assembling): PlanBody {
  const place = placeOf(project.root)
  const named = (values: Dict) =>
    Object.entries(values).map(([name, value]) => ({
      name,
      digest: key.digest('value', name, stableText(value)),
    }))
  return {
    version: PLAN_VERSION,
    vpaiVersion: VERSION,
    madeAt,
    key: key.id,
    salt,
    selection,
    sources: project.sources.entries().map(([file, content]) => ({
      id: key.digest('source', place(file)),
      name: project.registry.mask(place(file)),
      digest: key.digest('content', content),
    })),
    secrets: named(project.secrets.values),
    extraVars: named(project.extraVars),
    hosts: record.hosts(),
  }
}

/** Files named alike on every machine: relative to the project, or to what ships with vpai. */
export function placeOf(root: string): (text: string) => string {
  const shipped = shippedDirectory()
  return text => text.replaceAll(`${root}/`, '').replaceAll(`${shipped}/`, '(vpai)/')
}

/** Throws PLAN_NO_KEY. */
export function signingKeyOf(signingKey: Secret | null): Secret {
  if (signingKey !== null) return signingKey
  throw new VpaiError('PLAN_NO_KEY', 'a saved plan is signed, and this project has no signing key', {
    hint: 'It lies in the secrets file: `vpai wizard` or `vpai secrets init` makes one.',
  })
}
