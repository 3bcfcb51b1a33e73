/** `loop`, `with_<lookup>` and `loop_control` of a task or include. */
import { didYouMean } from '../base/did-you-mean.ts'
import { KNOWN_LOOKUPS } from '../template/lookups/call-lookup.ts'
import type { Cursor } from './cursor.ts'
import type { LoadContext } from './load-context.ts'
import type { Loop } from './model.ts'
import { checkVariableName, conditionsOf } from './read-keywords.ts'

export const CONTROLS = [
  'loop_var',
  'index_var',
  'label',
  'pause',
  'extended',
  'extended_allitems',
  'break_when',
]

export function readLoop(context: LoadContext, cursor: Cursor): Loop | undefined {
  const forms = cursor.entries().filter(([key]) => key === 'loop' || key.startsWith('with_'))
  const control = cursor.get('loop_control')
  const [first, second] = forms
  if (first === undefined) {
    if (control !== undefined) {
      context.report('CONFIG_LOOP_CONTROL_ALONE', 'loop_control stands here without a loop', {
        position: control.keyPosition,
      })
    }
    return undefined
  }
  const [key, item] = first
  if (second !== undefined) {
    context.report('CONFIG_TWO_LOOPS', `${key} and ${second[0]} cannot stand together`, {
      position: second[1].keyPosition,
      hint: 'Keep one of them; for every combination use loop with the product filter.',
    })
  }
  if (key === 'loop') checkLoop(context, item)
  else checkLookup(context, key, item)
  const kind = key === 'loop' ? 'loop' : { lookup: lookupOf(key) }
  return { kind, value: item.value, control: readControl(context, control) }
}

function checkLoop(context: LoadContext, item: Cursor): void {
  if (item.isList || item.isTemplate) return
  context.report('CONFIG_WRONG_TYPE', 'loop must be a list or a template that gives one', {
    position: item.position,
    hint:
      item.text === undefined
        ? 'A mapping becomes a list with the filter dict2items.'
        : `Write loop: "{{ ${item.text} }}"`,
  })
}

function checkLookup(context: LoadContext, key: string, item: Cursor): void {
  if (KNOWN_LOOKUPS.has(lookupOf(key))) return
  const hint = didYouMean(
    key,
    [...KNOWN_LOOKUPS].map(name => `with_${name}`),
  )
  context.report('CONFIG_UNKNOWN_LOOP', `There is no loop ${key}`, { position: item.keyPosition, hint })
}

function lookupOf(key: string): string {
  return key.slice('with_'.length).replace(/^(?:ansible\.builtin|community\.general)\./, '')
}

function readControl(context: LoadContext, control: Cursor | undefined): Loop['control'] {
  for (const [key, item] of control?.entries() ?? []) {
    if (CONTROLS.includes(key)) continue
    const hint = didYouMean(key, CONTROLS)
    const position = item.keyPosition
    context.report('CONFIG_UNKNOWN_KEYWORD', `${key} is no keyword of loop_control`, { position, hint })
  }
  return {
    loopVar: readName(context, control?.get('loop_var')) ?? 'item',
    indexVar: readName(context, control?.get('index_var')),
    label: control?.get('label')?.value,
    pause: control?.get('pause')?.value,
    extended: control?.get('extended')?.value,
    extendedAllitems: control?.get('extended_allitems')?.value,
    breakWhen: conditionsOf(context, control?.get('break_when')),
  }
}

function readName(context: LoadContext, item: Cursor | undefined): string | undefined {
  if (item === undefined) return undefined
  const name = item.text ?? ''
  checkVariableName(context, name, item)
  return name
}
