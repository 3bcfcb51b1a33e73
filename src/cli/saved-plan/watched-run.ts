/** A run that is watched for a plan: to save it, or to keep to it. */
import { randomBytes } from 'node:crypto'
import { VpaiError } from '../../base/error.ts'
import type { RunEvent } from '../../base/event.ts'
import type { Playbook } from '../../config/model.ts'
import { type RunSummary, run } from '../../engine/run.ts'
import { writeAtomically } from '../../files/atomic-write.ts'
import { comparePlans } from '../../saved-plan/compare-plans.ts'
import { PLAN_ANEW, planText } from '../../saved-plan/document.ts'
import type { PlanBody } from '../../saved-plan/format.ts'
import { PlanBound } from '../../saved-plan/plan-bound.ts'
import { type PlanKey, planKey } from '../../saved-plan/plan-key.ts'
import { PlanRecord } from '../../saved-plan/plan-record.ts'
import { plannedKeys } from '../../saved-plan/planned-keys.ts'
import { settlePlan } from '../../saved-plan/settle-plan.ts'
import { engineWorld, type WorldParts } from '../wire/engine-world.ts'
import { Answers } from './ask-once.ts'
import { assemble, placeOf, signingKeyOf } from './assemble.ts'
import type { SavedPlan } from './saved-plan.ts'
import { selectionOf } from './selection.ts'

export interface Watched {
  readonly options: Readonly<Record<string, unknown>>
  readonly environment: string
  readonly playbooks: readonly Playbook[]
  readonly about: { readonly runId: string; readonly command: string }
}

export async function watchedRun(parts: WorldParts, saved: SavedPlan, given: Watched): Promise<RunSummary> {
  const watched = { ...given, answers: new Answers() }
  return saved.kind === 'save' ? savedRun(parts, saved, watched) : boundRun(parts, saved, watched)
}

interface Watching extends Watched {
  readonly answers: Answers
}

type Saving = Extract<SavedPlan, { kind: 'save' }>
type Keeping = Extract<SavedPlan, { kind: 'keep' }>

async function savedRun(parts: WorldParts, { file }: Saving, watched: Watching): Promise<RunSummary> {
  const { project, io } = parts
  const signer = signingKeyOf(project.secrets.signingKey)
  const salt = randomBytes(16).toString('hex')
  const key = planKey(signer, salt)
  const playbook = parts.playbooks[0]?.file ?? ''
  const place = placeOf(project.root)
  const selection = selectionOf({ project, ...watched, playbook: place(playbook) })
  const about = { project, selection, key, salt, madeAt: new Date().toISOString() }
  const { record, summary } = await recorded(parts, { key, watched, emit: parts.emit })
  const body = assemble({ ...about, record })
  const again = isWhole(record, summary) ? await secondLook(parts, { body, key, watched }) : null
  const hosts = again ? settlePlan(body.hosts, again.record.hosts()) : body.hosts
  const plan = { ...body, hosts }
  const bad = again
    ? [...failuresOf(again), ...comparePlans(plan, assemble({ ...about, record: again.record }))]
    : failuresOf({ record, summary })
  if (bad.length > 0) {
    const why = isWhole(record, summary) ? ', since it differs each time it is made' : ''
    io.err.write(`No plan was saved${why}:${listed(bad)}\n`)
    return { ...summary, interrupted: summary.interrupted || again?.summary.interrupted === true }
  }
  await write(file, planText(plan, key))
  io.err.write(`The plan is saved: ${file}\n`)
  return summary
}

function isWhole(record: PlanRecord, summary: RunSummary): boolean {
  return failuresOf({ record, summary }).length === 0
}

function failuresOf({ record, summary }: Recorded): readonly string[] {
  return summary.interrupted ? ['it was interrupted'] : record.failures(summary.stats)
}

async function write(file: string, content: string): Promise<void> {
  try {
    await writeAtomically({ path: file, content, mode: 0o600 })
  } catch (cause) {
    throw new VpaiError('PLAN_UNWRITABLE', `${file} cannot be written: ${(cause as Error).message}`, {
      cause,
    })
  }
}

interface Recorded {
  readonly record: PlanRecord
  readonly summary: RunSummary
}

interface Recording {
  readonly key: PlanKey
  readonly watched: Watching
  readonly emit: (event: RunEvent) => void
  /** To compare with. */
  readonly was?: PlanBody
}

/** Nothing of the run is told but to `emit`. */
async function recorded(parts: WorldParts, { key, watched, emit, was }: Recording): Promise<Recorded> {
  const { registry, root, sources } = parts.project
  const record = new PlanRecord({ key, secrets: registry, place: placeOf(root), was: was?.hosts })
  const both = (event: RunEvent) => {
    record.on(event)
    emit(event)
  }
  const world = engineWorld({ ...parts, emit: both, witness: record, log: sources })
  const { factCache: kept } = world
  // Facts that were kept now would not be asked for when the plan is compared.
  const factCache = kept && { ...kept, write: () => undefined }
  const keyStore = was && plannedKeys(was, key)
  const prompt = watched.answers.keeping(world.prompt)
  const calm = { ...world, prompt, ...(factCache ? { factCache } : {}), ...(keyStore ? { keyStore } : {}) }
  return { record, summary: await run(calm, watched.playbooks, watched.about) }
}

/** The same plan once more, without a word. Diffs want contents to be looked at, so they are made as `plan` makes them. */
function secondLook(
  parts: WorldParts,
  { body, key, watched }: { body: PlanBody; key: PlanKey; watched: Watching },
): Promise<Recorded> {
  const options = { ...parts.options, check: true, diff: true }
  return recorded({ ...parts, options }, { key, watched, emit: () => undefined, was: body })
}

async function boundRun(parts: WorldParts, saved: Keeping, watched: Watching): Promise<RunSummary> {
  const { plan, key } = saved
  const { record, summary } = await secondLook(parts, { body: plan, key, watched })
  if (summary.interrupted) return summary
  refuseFailures(record.failures(summary.stats))
  const { selection, salt, madeAt } = plan
  refuseMoved(plan, assemble({ project: parts.project, selection, key, salt, madeAt, record }))
  const witness = new PlanBound(plan, { key, place: placeOf(parts.project.root) })
  const world = engineWorld({ ...parts, witness })
  const prompt = watched.answers.giving(world.prompt)
  return run({ ...world, prompt }, watched.playbooks, watched.about)
}

function refuseFailures(failures: readonly string[]): void {
  if (failures.length === 0) return
  throw new VpaiError(
    'PLAN_NOT_COMPARED',
    `the plan cannot be compared with what is there:${listed(failures)}`,
    {
      hint: NOTHING_TOUCHED,
    },
  )
}

function refuseMoved(was: PlanBody, now: PlanBody): void {
  const moved = comparePlans(was, now)
  if (moved.length === 0) return
  throw new VpaiError('PLAN_MOVED', `the plan does not hold any more:${listed(moved)}`, {
    hint: `${NOTHING_TOUCHED} ${PLAN_ANEW}`,
  })
}

const NOTHING_TOUCHED = 'Nothing was touched.'
const MOST_LINES = 100

function listed(lines: readonly string[]): string {
  const more = lines.length > MOST_LINES ? [`… and ${lines.length - MOST_LINES} more`] : []
  return [...lines.slice(0, MOST_LINES), ...more].map(line => `\n  ${line}`).join('')
}
