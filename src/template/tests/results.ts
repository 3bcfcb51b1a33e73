/** Tests of a task's registered result. */
import { typeError } from '../errors.ts'
import { attribute, iterate } from '../runtime/access.ts'
import { truth } from '../runtime/compare.ts'
import { dictGet, dictHas } from '../runtime/dicts.ts'
import { define } from '../runtime/signature.ts'
import { isDictLike, typeName, Undefined } from '../runtime/values.ts'

export const resultTests = define({
  'failed|failure()': (result: unknown) => flag(result, 'failed'),
  'success|succeeded|successful()': (result: unknown) => !flag(result, 'failed'),
  'changed|change()': (result: unknown) => flag(result, 'changed') || someItem(result, 'changed'),
  'skipped|skip()': (result: unknown) => flag(result, 'skipped'),
  'unreachable()': (result: unknown) => flag(result, 'unreachable'),
  'reachable()': (result: unknown) => !flag(result, 'unreachable'),
  'finished()': (result: unknown) => flag(result, 'finished'),
  'started()': (result: unknown) => flag(result, 'started'),
  'timedout()': (result: unknown) => flag(result, 'timedout'),
})

function flag(result: unknown, name: string): boolean {
  if (!isDictLike(result)) {
    return typeError(
      `the '${name}' test expects the result of a task (a dictionary), not ${typeName(result)}`,
    )
  }
  return dictHas(result, name) && truth(dictGet(result, name))
}

/** A loop's result has changed when one of its rounds has. */
function someItem(result: unknown, name: string): boolean {
  if (!isDictLike(result) || dictHas(result, name) || !dictHas(result, 'results')) return false
  return iterate(dictGet(result, 'results')).some(round => {
    const value = attribute(round, name)
    return !(value instanceof Undefined) && truth(value)
  })
}
