/** Methods of lists. Those that change a list do so in place and give None, as Python's do. */
import { valueError } from '../errors.ts'
import { equal, order, truth } from '../runtime/compare.ts'
import { repr } from '../runtime/printing.ts'
import { define, mergeTables } from '../runtime/signature.ts'

const changing = define(
  {
    'append(item)': (list: unknown[], item: unknown) => {
      list.push(item)
      return null
    },
    'extend(items: list)': (list: unknown[], items: readonly unknown[] = []) => {
      list.push(...items)
      return null
    },
    'insert(index: int, item)': (list: unknown[], index: number, item: unknown) => {
      list.splice(index, 0, item)
      return null
    },
    'pop(index: int)': (list: unknown[], index = -1) => {
      const position = index < 0 ? index + list.length : index
      return position in list ? list.splice(position, 1)[0] : valueError('pop index out of range')
    },
    'remove(item)': (list: unknown[], item: unknown) => {
      const position = list.findIndex(member => equal(member, item))
      if (position < 0) valueError('list.remove(x): x not in list')
      list.splice(position, 1)
      return null
    },
    'reverse()': (list: unknown[]) => {
      list.reverse()
      return null
    },
    'sort(key, reverse)': (list: unknown[], _key: unknown, reverse: unknown = false) => {
      const direction = truth(reverse) ? -1 : 1
      list.sort((a, b) => order(a, b) * direction)
      return null
    },
    'clear()': (list: unknown[]) => {
      list.length = 0
      return null
    },
  },
  { changesReceiver: true },
)

const reading = define({
  'index(item)': (list: readonly unknown[], item: unknown) => {
    const position = list.findIndex(member => equal(member, item))
    return position < 0 ? valueError(`${repr(item)} is not in list`) : position
  },
  'count(item)': (list: readonly unknown[], item: unknown) =>
    list.filter(member => equal(member, item)).length,
  'copy()': (list: readonly unknown[]) => [...list],
})

export const listMethods = mergeTables(reading, changing)
