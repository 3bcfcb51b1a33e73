/** A saved plan as the text of its file, and back. */
import { VpaiError } from '../base/error.ts'
import { isDict } from '../base/value.ts'
import { PLAN_VERSION, type PlanBody, planDocument } from './format.ts'
import type { PlanKey } from './plan-key.ts'

export function planText(body: PlanBody, key: PlanKey): string {
  return textOf({ ...body, signature: key.sign(textOf(body)) })
}

/** Read, and not yet believed: nothing of it may be used before `verifyPlan` but what its key is made with. */
export interface ReadPlan {
  readonly file: string
  readonly body: PlanBody
  readonly signature: string
  /** What must have been signed. */
  readonly signed: string
}

/** Throws PLAN_FORMAT for what is no plan, and PLAN_FORMAT_VERSION. */
export function readPlan(bytes: Uint8Array, file: string): ReadPlan {
  const text = Buffer.from(bytes).toString('utf8')
  const raw = parsed(text)
  if (!isDict(raw) || !('signature' in raw)) throw noPlan(file)
  if (raw.version !== PLAN_VERSION) {
    throw new VpaiError(
      'PLAN_FORMAT_VERSION',
      `${file} is written in version ${JSON.stringify(raw.version)} of the format; this vpai reads version ${PLAN_VERSION}`,
      { hint: PLAN_ANEW },
    )
  }
  const { success, data } = planDocument.safeParse(raw)
  // As vpai writes it, to the last blank: what a reader passes over is no place to hide anything in.
  if (!success || !Buffer.from(textOf(raw), 'utf8').equals(bytes)) throw noPlan(file)
  const { signature: _, ...signed } = raw
  const { signature, ...body } = data
  return { file, body, signature, signed: textOf(signed) }
}

export const PLAN_ANEW = 'Make a new plan: vpai plan ENV -o FILE.'

/** Throws PLAN_OTHER_KEY and PLAN_CHANGED. */
export function verifyPlan({ file, body, signature, signed }: ReadPlan, key: PlanKey): void {
  if (body.key !== key.id) {
    throw new VpaiError('PLAN_OTHER_KEY', `${file} was signed with another key than this project's`, {
      hint: 'It is of another project, or the secrets file was made anew since.',
    })
  }
  if (key.verifies(signed, signature)) return
  throw new VpaiError('PLAN_CHANGED', `${file} was changed after vpai wrote it`, { hint: PLAN_ANEW })
}

function noPlan(file: string): VpaiError {
  return new VpaiError('PLAN_FORMAT', `${file} is no plan as vpai writes it, or was changed since`, {
    hint: PLAN_ANEW,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function textOf(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`
}
