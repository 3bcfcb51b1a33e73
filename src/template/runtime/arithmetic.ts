/** Python's arithmetic: ints stay ints of any size, `/` gives a float, `+` and `*` work on texts and lists. */
import { float, PyFloat } from '../../base/value.ts'
import { typeError, valueError } from '../errors.ts'
import { watchDerived } from './derived-secrets.ts'
import { demand } from './force.ts'
import { percentFormat } from './formatting.ts'
import { str } from './printing.ts'
import { isFloat, isNumber, numeric, TimeDelta, Tuple, tupleOf, typeName } from './values.ts'

interface Operation {
  readonly symbol: string
  readonly numbers: (x: number, y: number) => number
  readonly integers: (x: bigint, y: bigint) => bigint
}

const ADD: Operation = { symbol: '+', numbers: (x, y) => x + y, integers: (x, y) => x + y }
const SUBTRACT: Operation = { symbol: '-', numbers: (x, y) => x - y, integers: (x, y) => x - y }
const MULTIPLY: Operation = { symbol: '*', numbers: (x, y) => x * y, integers: (x, y) => x * y }
const POWER: Operation = { symbol: '** or pow()', numbers: (x, y) => x ** y, integers: (x, y) => x ** y }
const FLOOR: Operation = { symbol: '//', numbers: floorNumbers, integers: floorIntegers }
const MODULO: Operation = { symbol: '%', numbers: moduloNumbers, integers: moduloIntegers }

function calculate(operation: Operation, left: unknown, right: unknown): unknown {
  const x = numeric(left)
  const y = numeric(right)
  if (!isNumber(x) || !isNumber(y)) {
    const types = `'${typeName(left)}' and '${typeName(right)}'`
    return typeError(`unsupported operand type(s) for ${operation.symbol}: ${types}`)
  }
  if (isFloat(left) || isFloat(right)) return float(operation.numbers(Number(x), Number(y)))
  if (typeof x === 'number' && typeof y === 'number') {
    const result = operation.numbers(x, y)
    if (Number.isSafeInteger(result)) return result + 0
  }
  return shrink(operation.integers(BigInt(x.valueOf()), BigInt(y.valueOf())))
}

/** A bigint only where a number cannot hold it. */
function shrink(value: bigint): number | bigint {
  const small = Number(value)
  return Number.isSafeInteger(small) ? small : value
}

export function add(left: unknown, right: unknown): unknown {
  const a = demand(left)
  const b = demand(right)
  if (typeof a === 'string' && typeof b === 'string') return a + b
  if (typeof a === 'string') return typeError(`can only concatenate str (not "${typeName(b)}") to str`)
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
    return a instanceof Tuple ? tupleOf([...a, ...b]) : [...a, ...b]
  }
  return calculate(ADD, a, b)
}

export function subtract(left: unknown, right: unknown): unknown {
  const a = demand(left)
  const b = demand(right)
  if (a instanceof Date && b instanceof Date) return new TimeDelta((a.getTime() - b.getTime()) / 1000)
  return calculate(SUBTRACT, a, b)
}

export function multiply(left: unknown, right: unknown): unknown {
  const a = demand(left)
  const b = demand(right)
  if (isRepeatable(a)) return repeat(a, b)
  if (isRepeatable(b)) return repeat(b, a)
  return calculate(MULTIPLY, a, b)
}

function isRepeatable(value: unknown): value is string | unknown[] {
  return typeof value === 'string' || Array.isArray(value)
}

function repeat(value: string | unknown[], times: unknown): unknown {
  const count = numeric(times)
  if (typeof count !== 'number' || isFloat(times)) {
    return typeError(`can't multiply sequence by non-int of type '${typeName(times)}'`)
  }
  if (typeof value === 'string') return value.repeat(Math.max(0, count))
  const members: unknown[] = []
  for (let i = 0; i < count; i++) members.push(...value)
  return value instanceof Tuple ? tupleOf(members) : members
}

export function divide(left: unknown, right: unknown): unknown {
  const operation = { symbol: '/', numbers: divideNumbers, integers: (x: bigint, y: bigint) => x / y }
  const a = demand(left)
  const b = demand(right)
  const isNumeric = isNumber(numeric(a)) && isNumber(numeric(b))
  return isNumeric ? float(divideNumbers(Number(numeric(a)), Number(numeric(b)))) : calculate(operation, a, b)
}

export function floorDivide(left: unknown, right: unknown): unknown {
  return calculate(FLOOR, demand(left), demand(right))
}

/** On a text: Python's `%` formatting. */
export function modulo(left: unknown, right: unknown): unknown {
  const a = demand(left)
  const b = demand(right)
  if (typeof a !== 'string') return calculate(MODULO, a, b)
  return watchDerived([a, b], percentFormat(a, b))
}

export function power(left: unknown, right: unknown): unknown {
  const a = demand(left)
  const b = demand(right)
  const exponent = numeric(b)
  const isNegative = isNumber(exponent) && exponent.valueOf() < 0
  if (isNegative && isNumber(numeric(a))) return float(Number(numeric(a)) ** Number(exponent))
  return calculate(POWER, a, b)
}

export function negate(value: unknown): unknown {
  const operand = demand(value)
  if (operand instanceof PyFloat) return new PyFloat(-operand.v)
  const number = numeric(operand)
  if (typeof number === 'bigint') return -number
  if (typeof number === 'number') return Number.isInteger(number) ? 0 - number : -number
  return typeError(`bad operand type for unary -: '${typeName(operand)}'`)
}

export function plus(value: unknown): unknown {
  const operand = demand(value)
  if (operand instanceof PyFloat) return operand
  const number = numeric(operand)
  return isNumber(number) ? number : typeError(`bad operand type for unary +: '${typeName(operand)}'`)
}

/** `~` */
export function concatenate(left: unknown, right: unknown): string {
  return str(demand(left)) + str(demand(right))
}

function checkDivisor(divisor: number | bigint): void {
  if (Number(divisor) === 0) valueError('division by zero')
}

function divideNumbers(x: number, y: number): number {
  checkDivisor(y)
  return x / y
}

function floorNumbers(x: number, y: number): number {
  checkDivisor(y)
  return Math.floor(x / y)
}

function floorIntegers(x: bigint, y: bigint): bigint {
  checkDivisor(y)
  return (x - moduloIntegers(x, y)) / y
}

/** Python's remainder has the sign of the divisor. */
function moduloNumbers(x: number, y: number): number {
  checkDivisor(y)
  const rest = x % y
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest
}

function moduloIntegers(x: bigint, y: bigint): bigint {
  checkDivisor(y)
  const rest = x % y
  return rest !== 0n && rest < 0n !== y < 0n ? rest + y : rest
}
