/** Loops as data: the items of a task and the variables each item sees. */
import { VpaiError } from '../base/error.ts'
import { type Dict, isMapping, type Value } from '../base/value.ts'
import type { Loop } from '../config/model.ts'
import type { Templar } from '../template/index.ts'
import { type Setting, settingOf } from './prepare.ts'

/** null: the task has no loop. */
export function itemsOf(setting: Setting): readonly Value[] | null {
  const { task, templar } = setting
  const { loop } = task
  if (!loop) return null
  if (loop.kind !== 'loop') return withItems(setting, loop.kind.lookup, templar.value(loop.value))
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

/** with_<lookup>: the items are what the lookup of that name makes of the value; a list is a list of terms. */
function withItems(setting: Setting, lookup: string, value: Value): readonly Value[] {
  const locals = { ...setting.locals, with_terms: Array.isArray(value) ? value : [value] }
  const { templar } = settingOf(setting.place, setting.task, { locals, ahead: setting.ahead })
  const found = templar.expression(`query(${JSON.stringify(lookup)}, *with_terms)`)
  return Array.isArray(found) ? found : [found]
}

export function localsOf(loop: Loop, items: readonly Value[], index: number, templar: Templar): Dict {
  const { loopVar, indexVar, extended, extendedAllitems } = loop.control
  const item = items[index] as Value
  const wantsExtended = extended !== undefined && isTrue(templar.value(extended))
  const wantsAll = extendedAllitems === undefined || isTrue(templar.value(extendedAllitems))
  return {
    [loopVar]: item,
    ansible_loop_var: loopVar,
    ...(indexVar ? { [indexVar]: index, ansible_index_var: indexVar } : {}),
    ...(wantsExtended ? { ansible_loop: extendedOf(items, index, wantsAll) } : {}),
  }
}

function isTrue(value: Value): boolean {
  return /^(?:yes|true|on|1)$/i.test(String(value))
}

function extendedOf(items: readonly Value[], index: number, wantsAll: boolean): Dict {
  const { length } = items
  return {
    ...(wantsAll ? { allitems: items } : {}),
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
  return templar.text(shown)
}
