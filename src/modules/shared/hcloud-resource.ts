/** One thing of the cloud by its id or name, and the frame of modules that keep one. */
import { type Dict, isDict, type Value } from '../../base/value.ts'
import type { Key, Seen } from '../../probes/contract.ts'
import type { Action, Change, Output, Result, Steps, Verdict } from '../contract.ts'
import { type CloudLogin, type CloudRequest, dictsOf, doCloud, lookCloud, readCloud } from './hcloud-api.ts'
import { sameDict } from './hcloud-values.ts'
import { fail, failedResult } from './results.ts'

export interface Wanted extends CloudLogin {
  readonly id?: number | undefined
  readonly name?: string | undefined
}

export interface Kind {
  /** As in `/ssh_keys` and `{ssh_keys: []}`. */
  readonly many: string
  /** As in `{ssh_key: {}}`. */
  readonly one: string
}

export function findKey(wanted: Wanted, { many }: Kind): Key {
  if (wanted.id !== undefined) return lookCloud(wanted, `/${many}/${wanted.id}`)
  return lookCloud(wanted, `/${many}?name=${encodeURIComponent(wanted.name ?? '')}`)
}

/** null: there is none. */
export type Found = { readonly problem: string } | { readonly problem: null; readonly thing: Dict | null }

export function found(wanted: Wanted, kind: Kind, seen: Seen): Found {
  return foundBy(findKey(wanted, kind), kind, seen)
}

export function foundBy(key: Key, { many, one }: Kind, seen: Seen): Found {
  const answer =
    key.kind === 'read' ? readCloud(seen.get(key)) : { problem: 'no request', missing: false, body: {} }
  if (answer.missing) return { problem: null, thing: null }
  if (answer.problem !== null) return { problem: answer.problem }
  const single = answer.body[one]
  return { problem: null, thing: isDict(single) ? single : (dictsOf(answer.body[many])[0] ?? null) }
}

export interface CloudEdit {
  readonly change: Change
  readonly requests: readonly CloudRequest[]
}

export interface CloudPlan {
  readonly login: CloudLogin
  readonly edits: readonly CloudEdit[]
  readonly key: Key
  /** What the result says of the thing when all is done; asked anew with `path` where it is there afterwards. */
  readonly told: (thing: Dict) => Result
  readonly now: Dict | null
  readonly path: (made: Dict) => string | null
  readonly kind: Kind
  readonly warnings?: readonly string[]
}

export function cloudVerdict(plan: CloudPlan): Verdict {
  const { edits, now, told, warnings = [] } = plan
  const before = now === null ? {} : told(now)
  if (edits.length === 0) return { kind: 'ok', result: before, warnings }
  return {
    kind: 'change',
    changes: edits.map(edit => edit.change),
    apply: steps(plan),
    result: before,
    touches: [plan.key],
    warnings,
  }
}

export function noAnswer(problem: string): Verdict {
  return fail(`Hetzner Cloud: ${problem}`)
}

function steps({ login, edits, told, path, kind }: CloudPlan): Steps {
  return function* (): Generator<Action, Result, Output> {
    let made: Dict = {}
    const more: Record<string, Value> = {}
    for (const request of edits.flatMap(edit => edit.requests)) {
      const id = isDict(made[kind.one]) ? String((made[kind.one] as Dict).id) : ''
      const answer = yield* doCloud(login, { ...request, path: request.path.replace('{id}', id) })
      if (answer.problem !== null) return failedResult(`Hetzner Cloud: ${answer.problem}`)
      if (isDict(answer.body[kind.one])) made = answer.body
      if (typeof answer.body.root_password === 'string') more.root_password = answer.body.root_password
    }
    const where = path(made)
    if (where === null) return more
    const after = yield* doCloud(login, { method: 'GET', path: where })
    const thing = after.body[kind.one]
    return { ...more, ...(isDict(thing) ? told(thing) : {}) }
  }
}

/** What a thing is called, and its labels, where labels are given. */
export function namingEdits(
  path: string,
  { name, labels }: { readonly name: string; readonly labels: Readonly<Record<string, string>> | undefined },
  now: Dict,
): readonly CloudEdit[] {
  const put = (body: Dict) => [{ method: 'PUT', path, body } as const]
  const edits: CloudEdit[] = []
  if (name !== now.name) {
    const change = { what: 'name', subject: String(now.name), from: now.name ?? null, to: name }
    edits.push({ change, requests: put({ name }) })
  }
  if (labels !== undefined && !sameDict(labels, now.labels)) {
    const change = { what: 'labels', subject: name, from: now.labels ?? null, to: labels }
    edits.push({ change, requests: put({ labels }) })
  }
  return edits
}
