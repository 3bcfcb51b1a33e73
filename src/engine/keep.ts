/** What stays of a task: its registered result, facts, hosts it added. */
import { type Dict, isDict } from '../base/value.ts'
import { lateValue } from './attempt.ts'
import type { HostState } from './host-state.ts'
import type { Outcome } from './outcome.ts'
import type { TaskRun } from './run-task.ts'
import type { Place } from './variables.ts'

export function keep({ place, task }: Pick<TaskRun, 'place' | 'task'>, outcome: Outcome): void {
  const { host } = place
  if (outcome.status === 'failed')
    host.failure = {
      task: { name: String(task.name ?? task.module), action: task.module },
      result: outcome.result,
    }
  const facts = outcome.result.ansible_facts
  if (task.register)
    host.set.set(
      task.register,
      outcome.status === 'late' || outcome.unrun ? lateValue(outcome.reason ?? '') : outcome.result,
    )
  if (facts && typeof facts === 'object') keepFacts(host, task.module, facts as Dict)
  for (const result of resultsOf(outcome)) keepHosts(place, result)
}

function resultsOf({ result }: Outcome): readonly Dict[] {
  return Array.isArray(result.results) ? (result.results as Dict[]) : [result]
}

/** What add_host and group_by ask for. */
function keepHosts({ world, host }: Place, { add_host: added, add_group: group }: Dict): void {
  if (isDict(added)) {
    const groups = Array.isArray(added.groups) ? added.groups.map(String) : []
    world.inventory.addHost(String(added.host_name), groups, isDict(added.host_vars) ? added.host_vars : {})
  }
  if (typeof group === 'string') world.inventory.addHost(host.name, [group], {})
}

function keepFacts(host: HostState, module: string, facts: Dict): void {
  for (const [name, value] of Object.entries(facts)) {
    if (module === 'set_fact') host.set.set(name, value)
    else if (module === 'include_vars') host.included.set(name, value)
    else host.facts = { ...host.facts, [name.replace(/^ansible_/, '')]: value }
  }
}
