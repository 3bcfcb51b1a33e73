/** Loops as data: the items of a task and the variables each item sees. */
import { VpaiError } from '../base/error.ts'
import { type Dict, isMapping, type Value } from '../base/value.ts'
import type { Loop, Task } from '../config/model.ts'
import type { Templar } from '../template/index.ts'

export interface LoopItem {
  readonly locals: Dict
  readonly value: Value
}

/** null: the task has no loop. */
export function itemsOf(
  loop: Loop | undefined,
  templar: Templar,
  task: Pick<Task, 'position'>,
): readonly Value[] | null {
  if (!loop) return null
  if (loop.kind === 'loop') {
    const items = templar.value(loop.value)
    if (Array.isArray(items)) return items
    throw new VpaiError(
      'LOOP_NOT_A_LIST',
      `loop needs a list, and got ${isMapping(items) ? 'a mapping' : JSON.stringify(items)}`,
      {
        hint: isMapping(items) ? 'Write `loop: "{{ … | dict2items }}"`.' : undefined,
        position: task.position,
      },
    )
  }
  return withItems(loop.kind.lookup, loop.value, templar)
}

function withItems(lookup: string, value: Value, templar: Templar): readonly Value[] {
  const terms = templar.value(value)
  // with_dict and with_sequence style lookups take one term; a list is always a list of terms.
  const found = templar.lookup(lookup, Array.isArray(terms) ? terms : [terms])
  return Array.isArray(found) ? found : [found]
}

export function localsOf(loop: Loop, items: readonly Value[], index: number, templar: Templar): Dict {
  const { loopVar, indexVar, extended } = loop.control
  const item = items[index] as Value
  const wantsExtended = extended !== undefined && templar.value(extended) === true
  return {
    [loopVar]: item,
    ansible_loop_var: loopVar,
    ...(indexVar ? { [indexVar]: index, ansible_index_var: indexVar } : {}),
    ...(wantsExtended ? { ansible_loop: extendedOf(items, index) } : {}),
  }
}

function extendedOf(items: readonly Value[], index: number): Dict {
  const { length } = items
  return {
    allitems: items,
    index: index + 1,
    index0: index,
    revindex: length - index,
    revindex0: length - index - 1,
    first: index === 0,
    last: index === length - 1,
    length,
    ...(index > 0 ? { previtem: items[index - 1] as Value } : {}),
    ...(index < length - 1 ? { nextitem: items[index + 1] as Value } : {}),
  }
}

export function labelOf(loop: Loop, templar: Templar, item: Value): string {
  const label = loop.control.label
  const shown = label === undefined ? item : templar.value(label)
  return typeof shown === 'string' ? shown : templar.text(shown)
}
