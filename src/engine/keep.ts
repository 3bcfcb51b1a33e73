/** What stays of a task: its registered result, facts, hosts it added. */
import { type Dict, isDict, Unknown } from '../base/value.ts'
import type { Task } from '../config/model.ts'
import type { HostState } from './host-state.ts'
import type { Outcome } from './outcome.ts'
import { flag, settingOf } from './prepare.ts'
import type { TaskRun } from './run-task.ts'
import type { Place } from './variables.ts'
import type { World } from './world.ts'

export function keep({ place, task }: Pick<TaskRun, 'place' | 'task'>, outcome: Outcome): void {
  const { host } = place
  if (outcome.status === 'failed')
    host.failure = {
      task: { name: String(task.name ?? task.module), action: task.module },
      result: outcome.result,
    }
  if (task.register)
    host.set.set(
      task.register,
      outcome.status === 'late' || outcome.unrun !== undefined
        ? new Unknown(outcome.reason ?? '')
        : outcome.result,
    )
}

/** What one item, or a task without a loop, brings in: the items after it see it already. */
export function keepItem({ place, task }: TaskRun, locals: Dict, { result, status }: Outcome): void {
  const facts = result.ansible_facts
  if (isDict(facts) && status !== 'failed') {
    const owner = factsOwner(place, task, locals)
    keepFacts(owner, task.module, facts)
    cacheFacts(place.world, owner, { module: task.module, result })
  }
  keepHosts(place, result)
}

/** run_once: what one host has kept, the others of the batch know as well. */
export function shareKept(
  run: Pick<TaskRun, 'place' | 'task'>,
  outcome: Outcome,
  others: readonly HostState[],
): void {
  const { task, place } = run
  for (const host of others) {
    if (task.register) host.set.set(task.register, place.host.set.get(task.register) ?? outcome.result)
    if (outcome.status === 'failed' || place.frame.nearest.delegateFacts !== undefined) continue
    for (const { ansible_facts: facts } of resultsOf(outcome))
      if (isDict(facts)) keepFacts(host, task.module, facts)
  }
}

function resultsOf({ result }: Outcome): readonly Dict[] {
  return Array.isArray(result.results) ? (result.results as Dict[]) : [result]
}

/** Facts belong to the task's host, with delegate_facts to the one that was asked. */
function factsOwner(place: Place, task: Task, locals: Dict): HostState {
  const { delegateFacts, delegateTo } = place.frame.nearest
  const setting = settingOf(place, task, { locals, ahead: true })
  if (delegateTo === undefined || !flag(setting, delegateFacts, false)) return place.host
  return place.play.hostState(String(setting.templar.value(delegateTo)))
}

/** What add_host and group_by ask for. */
function keepHosts({ world, host }: Place, { add_host: added, add_group: group }: Dict): void {
  if (isDict(added)) {
    const groups = Array.isArray(added.groups) ? added.groups.map(String) : []
    world.inventory.addHost(String(added.host_name), groups, isDict(added.host_vars) ? added.host_vars : {})
  }
  if (typeof group === 'string') world.inventory.addHost(host.name, [group], {})
}

/** For runs to come: what was gathered, and with cacheable what was set. */
function cacheFacts(
  { factCache, options }: World,
  host: HostState,
  { module, result }: { module: string; result: Dict },
): void {
  if (factCache === undefined || module === 'include_vars') return
  if (module === 'set_fact') {
    if (result._ansible_facts_cacheable !== true || !isDict(result.ansible_facts)) return
    for (const [name, value] of Object.entries(result.ansible_facts)) host.kept.set(name, value)
  }
  if (module === 'setup' || !options.check) factCache.write(host.name, host)
}

function keepFacts(host: HostState, module: string, facts: Dict): void {
  for (const [name, value] of Object.entries(facts)) {
    if (module === 'set_fact') host.set.set(name, value)
    else if (module === 'include_vars') host.included.set(name, value)
    else host.facts = { ...host.facts, [name.replace(/^ansible_/, '')]: value }
  }
}
