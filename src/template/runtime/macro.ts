import type { Value } from '../../base/value.ts'
import { makeDict } from './dicts.ts'
import type { Frame } from './frame.ts'
import { Callable, tupleOf, Undefined } from './values.ts'

/** What generated code says about a macro. */
export interface MacroParts {
  /** Name, parameters, and for each parameter its default or null. */
  readonly head: readonly [string, readonly string[], readonly ((() => unknown) | null)[]]
  /** The frame the macro is defined in. */
  readonly frame: Frame
  /** Runs code with a frame of its own. */
  readonly within: (frame: Frame, run: () => unknown) => unknown
  readonly body: () => unknown
}

export function macro({ head, frame, within, body }: MacroParts): Callable {
  const [name, parameters, defaults] = head
  return new Callable(name, (args, keywords) => {
    const own = frame.push()
    const left = new Map(keywords.map)
    const caller = left.get('caller')
    left.delete('caller')
    parameters.forEach((parameter, i) => {
      const fallback = defaults[i]
      if (i < args.length) own.set(parameter, args[i])
      else if (left.has(parameter)) own.set(parameter, left.get(parameter))
      // Defaults may name earlier parameters, so they are evaluated in the macro's own frame.
      else if (fallback) own.set(parameter, within(own, fallback))
      else own.set(parameter, new Undefined(`parameter '${parameter}' was not provided`))
      left.delete(parameter)
    })
    own.set('varargs', tupleOf(args.slice(parameters.length)))
    own.set('kwargs', makeDict(left as Map<string, Value>))
    if (caller !== undefined) own.set('caller', caller)
    return within(own, body)
  })
}
