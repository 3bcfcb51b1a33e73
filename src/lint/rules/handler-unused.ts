import { Template } from '../../base/value.ts'
import type { Rule } from '../contract.ts'

export const handlerUnused: Rule = {
  id: 'handler-unused',
  severity: 'warning',
  summary: 'a handler that nothing notifies',
  why: 'It never runs. Either a notify is missing, or the handler can go.',
  check: ({ tasks, handlers }) => {
    const told = tasks.flatMap(({ task }) => task.notify)
    // A name that is made up at run time may be any.
    if (told.some(name => name instanceof Template)) return []
    const names = new Set(told.map(String).flatMap(name => [name, name.replace(/^.* : /, '')]))
    return handlers
      .filter(({ name }) => !(name instanceof Template))
      .filter(
        ({ name, listen }) => ![name, ...listen].some(one => one !== undefined && names.has(String(one))),
      )
      .map(({ name, position }) => ({
        message: `nothing notifies the handler ${String(name ?? '')}`,
        position,
      }))
  },
}
