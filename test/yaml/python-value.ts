/** Values in the notation of test/fixtures/pyyaml-cases.json, to compare with what Python made. */
import { isMapping, PyFloat, type Value } from '../../src/base/value.ts'
import { Timestamp } from '../../src/yaml/timestamp.ts'

export interface PythonValue {
  readonly t: string
  readonly v?: unknown
  readonly iso?: string
}

export function toPython(value: Value): PythonValue {
  if (value === null) return { t: 'null' }
  if (typeof value === 'boolean') return { t: 'bool', v: value }
  if (typeof value === 'string') return { t: 'str', v: value }
  if (typeof value === 'bigint' || Number.isInteger(value)) return { t: 'int', v: String(value) }
  if (typeof value === 'number' || value instanceof PyFloat) return { t: 'float', v: Number(value) }
  if (value instanceof Timestamp) {
    return { t: value.isDateOnly ? 'date' : 'datetime', v: String(value), iso: value.toJSON() }
  }
  if (Array.isArray(value)) return { t: 'list', v: value.map(toPython) }
  if (!isMapping(value)) return { t: value.constructor.name }
  const entries: [Value, Value][] = value instanceof Map ? [...value] : Object.entries(value)
  return { t: 'map', v: entries.map(([key, item]) => [toPython(key), toPython(item)]) }
}

/** Python's repr of a float as a number, so that 1e+16 and 10000000000000000.0 agree. */
export function normalise(value: PythonValue): PythonValue {
  if (value.t === 'float') return { t: 'float', v: pythonFloat(String(value.v)) }
  if (value.t === 'list') return { t: 'list', v: (value.v as PythonValue[]).map(normalise) }
  if (value.t !== 'map') return value
  const entries = value.v as [PythonValue, PythonValue][]
  return { t: 'map', v: entries.map(([key, item]) => [normalise(key), normalise(item)]) }
}

function pythonFloat(text: string): number {
  const infinite = /^(-?)inf$/.exec(text)
  return infinite ? Number(`${infinite[1]}Infinity`) : Number(text)
}
