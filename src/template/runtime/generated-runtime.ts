/** The object generated code calls: everything a compiled template can do is listed here. */
import { float, type Value } from '../../base/value.ts'
import { typeError } from '../errors.ts'
import { attribute, item, iterate, setAttribute, slice, unpack } from './access.ts'
import {
  add,
  concatenate,
  divide,
  floorDivide,
  modulo,
  multiply,
  negate,
  plus,
  power,
  subtract,
} from './arithmetic.ts'
import { call, callWithCaller, filter, test } from './calls.ts'
import { and, compare, compareChain, or, truth } from './compare.ts'
import type { RenderContext } from './context.ts'
import { dictEntries, makeDict } from './dicts.ts'
import { demand, force } from './force.ts'
import type { Frame } from './frame.ts'
import { Loop, type Recurse } from './loop.ts'
import { macro } from './macro.ts'
import { EMPTY, print, printable } from './printing.ts'
import { handleError } from './render.ts'
import { block, importedName, importTemplate, include } from './templates.ts'
import { isDictLike, Keywords, type Tuple, tupleOf, typeName, Undefined } from './values.ts'

export const generatedRuntime = {
  EMPTY,
  print,
  printable,
  name,
  float,
  tuple: (members: readonly unknown[]): Tuple => tupleOf(members.map(force)),
  list: (members: readonly unknown[]): unknown[] => members.map(force),
  dict: makeDict,
  keywords: (pairs: readonly (readonly [string, unknown])[]): Keywords => new Keywords(pairs),
  pairs,
  noElse,
  add,
  subtract,
  multiply,
  divide,
  floorDivide,
  modulo,
  power,
  concatenate,
  negate,
  plus,
  and,
  or,
  truth,
  compare,
  compareChain,
  attribute,
  item,
  slice,
  iterate,
  unpack,
  setAttribute,
  call,
  callWithCaller,
  filter,
  test,
  loop: (items: readonly unknown[], recurse: Recurse | null, depth: number): Loop =>
    new Loop(items, recurse, depth),
  macro,
  include,
  importTemplate,
  importedName,
  block,
  handleError,
}

export type GeneratedRuntime = typeof generatedRuntime

function name(context: RenderContext, frame: Frame, key: string): unknown {
  const names = frame.find(key)
  return names ? names.get(key) : context.lookup(key)
}

function noElse(): Undefined {
  const message = 'the inline if-expression evaluated to false and no else section was defined'
  return new Undefined(message, { isSilent: true })
}

/** `**mapping` among arguments. */
function pairs(value: unknown): [string, Value][] {
  const mapping = demand(value)
  if (!isDictLike(mapping)) return typeError(`argument after ** must be a mapping, not ${typeName(mapping)}`)
  return dictEntries(mapping).map(([key, member]) => [String(key), member as Value])
}
