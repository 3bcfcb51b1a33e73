/** What stays of a task: its registered result, facts, hosts it added. */
import { type Dict, isDict, Template, Unknown, type Value } from '../base/value.ts'
import type { Task } from '../config/model.ts'
import type { HostState } from './host-state.ts'
import type { Outcome } from './outcome.ts'
import { flag, settingOf } from './prepare.ts'
import type { TaskRun } from './run-task.ts'
import { CENSORED, isSilent, taskName } from './task-report.ts'
import type { Place } from './variables.ts'
import type { World } from './world.ts'

export function keep({ place, task }: Pick<TaskRun, 'place' | 'task'>, outcome: Outcome): void {
  const { host } = place
  if (outcome.status === 'failed')
    host.failure = { task: failedTask({ place, task }), result: outcome.result }
  if (task.register)
    host.set.set(
      task.register,
      outcome.status === 'late' || outcome.unrun !== undefined
        ? new Unknown(outcome.reason ?? '')
        : outcome.result,
    )
}

/** What one item, or a task without a loop, brings in: the items after it see it already. */
export function keepItem(run: TaskRun, locals: Dict, outcome: Outcome): Outcome {
  const { place, task } = run
  const { result, status } = outcome
  if (isDict(result.ansible_stats) && (status === 'ok' || status === 'changed'))
    keepStats(run, result.ansible_stats, place.host)
  if (isDict(result.ansible_facts) && status !== 'failed') {
    const owner = factsOwner(place, task, locals)
    keepFacts(owner, task.module, result)
    cacheFacts(place.world, owner, { module: task.module, result })
  }
  if (status === 'failed' || task.changedWhen || !keepHosts(place, result)) return outcome
  return { ...outcome, status: 'changed', result: { ...result, changed: true } }
}

/** ansible_failed_task: what is written, with templates worked out where they can be. */
function failedTask({ place, task }: Pick<TaskRun, 'place' | 'task'>): Dict {
  const { templar } = settingOf(place, task, { locals: {}, ahead: true })
  const shown = (value: Value): Value => {
    try {
      return templar.value(value)
    } catch {
      return value instanceof Template ? value.source : '(not known)'
    }
  }
  const raw = task.freeText === undefined ? {} : { _raw_params: shown(task.freeText) }
  const args = Object.entries(task.args).map(([name, value]) => [name, shown(value)])
  return {
    name: taskName({ place, task }),
    action: task.module,
    args: { ...raw, ...Object.fromEntries(args) },
    register: task.register ?? null,
    tags: place.frame.tags,
    when: place.frame.when.map(condition => (condition instanceof Template ? condition.source : condition)),
    delegate_to: shown(place.frame.nearest.delegateTo ?? null),
    vars: Object.fromEntries(Object.entries(task.vars ?? {}).map(([name, value]) => [name, shown(value)])),
  }
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
    for (const { ansible_stats: told } of resultsOf(outcome))
      if (isDict(told) && told.per_host === true) keepStats(run, told, host)
    if (outcome.status === 'failed' || place.frame.nearest.delegateFacts !== undefined) continue
    for (const result of resultsOf(outcome))
      if (isDict(result.ansible_facts)) keepFacts(host, task.module, result)
  }
}

function resultsOf({ result }: Outcome): readonly Dict[] {
  return Array.isArray(result.results) ? (result.results as Dict[]) : [result]
}

/** Of one host, or of the run. */
function keepStats(run: Pick<TaskRun, 'place' | 'task'>, told: Dict, host: HostState): void {
  const { data, per_host: perHost, aggregate } = told
  if (!isDict(data)) return
  const shown = isSilent(run) ? Object.fromEntries(Object.keys(data).map(name => [name, CENSORED])) : data
  run.place.play.told.tell(perHost === true ? host.name : null, shown, aggregate === true)
}

/** Facts belong to the task's host, with delegate_facts to the one that was asked. */
function factsOwner(place: Place, task: Task, locals: Dict): HostState {
  const { delegateFacts, delegateTo } = place.frame.nearest
  const setting = settingOf(place, task, { locals, ahead: true })
  if (delegateTo === undefined || !flag(setting, delegateFacts, false)) return place.host
  return place.play.hostState(String(setting.templar.value(delegateTo)))
}

/** What add_host and group_by ask for; is anything of it new? */
function keepHosts({ world: { inventory }, host }: Place, result: Dict): boolean {
  const { add_host: added, add_group: group, parent_groups: parents } = result
  const texts = (value: Value | undefined) => (Array.isArray(value) ? value.map(String) : [])
  if (isDict(added)) {
    const vars = isDict(added.host_vars) ? added.host_vars : {}
    return inventory.addHost({ name: String(added.host_name), groups: texts(added.groups), vars })
  }
  if (typeof group !== 'string') return false
  return inventory.addHost({ name: host.name, groups: [group], parents: texts(parents) })
}

/** For runs to come: what was gathered, and with cacheable what was set. */
function cacheFacts(
  { factCache, options }: World,
  host: HostState,
  { module, result }: { module: string; result: Dict },
): void {
  if (factCache === undefined || module === 'include_vars') return
  if (module === 'set_fact') {
    if (result._ansible_facts_cacheable !== true) return
  }
  if (module === 'setup' || !options.check) factCache.write(host.name, host)
}

/** `cacheable` facts of set_fact are facts besides, which clear_facts takes away. */
function keepFacts(host: HostState, module: string, result: Dict): void {
  for (const [name, value] of Object.entries(result.ansible_facts as Dict)) {
    if (module === 'set_fact') host.set.set(name, value)
    else if (module === 'include_vars') host.included.set(name, value)
    if (module === 'include_vars' || (module === 'set_fact' && result._ansible_facts_cacheable !== true))
      continue
    const plain = name.replace(/^ansible_/, '')
    // The one that Ansible keeps under its whole name within ansible_facts.
    const whole: Dict = name === 'ansible_local' ? { ansible_local: value } : {}
    host.facts = { ...host.facts, [plain]: value, ...whole }
    if (plain === name) host.kept.set(name, value)
  }
}
