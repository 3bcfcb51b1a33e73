/** Methods of mappings. Those that change a mapping do so in place. */
import { valueError } from '../errors.ts'
import { dictDelete, dictEntries, dictGet, dictHas, dictKeys, dictSet, makeDict } from '../runtime/dicts.ts'
import { force } from '../runtime/force.ts'
import { repr } from '../runtime/printing.ts'
import { define, mergeTables } from '../runtime/signature.ts'
import { type DictLike, tupleOf } from '../runtime/values.ts'

const reading = define({
  'items()': (dict: DictLike) => dictEntries(dict).map(tupleOf),
  'keys()': dictKeys,
  'values()': (dict: DictLike) => dictEntries(dict).map(([, value]) => value),
  'get(key, default)': (dict: DictLike, key: unknown, fallback: unknown = null) =>
    dictHas(dict, key) ? force(dictGet(dict, key)) : fallback,
  'copy()': (dict: DictLike) => makeDict(dictEntries(dict)),
})

const changing = define(
  {
    'update(other: dict)': (dict: DictLike, other: DictLike = {}) => {
      for (const [key, value] of dictEntries(other)) dictSet(dict, key, value)
      return null
    },
    'pop(key, default)': (dict: DictLike, key: unknown, fallback?: unknown) => {
      if (!dictHas(dict, key)) return fallback === undefined ? valueError(`KeyError: ${repr(key)}`) : fallback
      const value = dictGet(dict, key)
      dictDelete(dict, key)
      return value
    },
    'setdefault(key, default)': (dict: DictLike, key: unknown, fallback: unknown = null) => {
      if (!dictHas(dict, key)) dictSet(dict, key, fallback)
      return dictGet(dict, key)
    },
    'clear()': (dict: DictLike) => {
      for (const key of dictKeys(dict)) dictDelete(dict, key)
      return null
    },
  },
  { changesReceiver: true },
)

export const dictMethods = mergeTables(reading, changing)
