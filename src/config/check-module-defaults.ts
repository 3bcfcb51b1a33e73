/** module_defaults by modules and arguments that there are; groups of modules have no members here. */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Cursor } from './cursor.ts'
import type { LoadContext } from './load-context.ts'

/** `item`: the value of the keyword, one mapping or a list of them. */
export function checkModuleDefaults(context: LoadContext, item: Cursor): void {
  for (const mapping of item.itemsOrSelf())
    for (const [name, args] of mapping.entries()) checkModule(context, name, args)
}

function checkModule(context: LoadContext, name: string, args: Cursor): void {
  const position = args.keyPosition
  if (name.includes('{{')) return
  if (name.startsWith('group/')) {
    context.report('CONFIG_KEYWORD_UNSUPPORTED', `defaults for ${name} cannot be honoured`, {
      position,
      hint: 'Name the modules one by one.',
    })
    return
  }
  const info = context.options.knownModules(name)
  if (info === null) {
    const hint = didYouMean(name, context.options.suggestModules)
    context.report('CONFIG_UNKNOWN_MODULE', `There is no module ${name}`, { position, hint })
    return
  }
  for (const [key, value] of args.entries()) {
    if (info.args === null || info.args.includes(key) || key.includes('{{')) continue
    context.report('CONFIG_UNKNOWN_ARGUMENT', `${name} has no argument ${key}`, {
      position: value.keyPosition,
      hint: didYouMean(key, info.args) ?? `It takes: ${info.args.join(', ')}`,
    })
  }
}
