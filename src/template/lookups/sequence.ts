import { valueError } from '../errors.ts'
import { percentFormat } from '../runtime/formatting.ts'
import { tupleOf } from '../runtime/values.ts'

const LONGEST = 100_000

/** `start=1 end=5 stride=2 format=host%02d`, `count=4`, or the short form `1-5/2:host%02d`. */
export function sequence(term: string): string[] {
  const { start, end, stride, format } = parse(term)
  if (stride === 0) valueError('sequence: the stride must not be 0')
  if (Math.abs(end - start) / Math.abs(stride) > LONGEST) valueError(`sequence: more than ${LONGEST} members`)
  const texts: string[] = []
  for (let i = start; stride > 0 ? i <= end : i >= end; i += stride)
    texts.push(percentFormat(format, tupleOf([i])))
  return texts
}

interface Sequence {
  readonly start: number
  readonly end: number
  readonly stride: number
  readonly format: string
}

const SHORT = /^(?:(\d+|0x[\da-f]+)-)?(\d+|0x[\da-f]+)(?:\/([-\d]+))?(?::(.+))?$/i

function parse(term: string): Sequence {
  const short = SHORT.exec(term.trim())
  if (short) {
    return {
      start: Number(short[1] ?? 1),
      end: Number(short[2]),
      stride: Number(short[3] ?? 1),
      format: short[4] ?? '%d',
    }
  }
  const found = new Map(
    [...term.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name ?? '', value ?? '']),
  )
  const number = (name: string, fallback: number): number => Number(found.get(name) ?? fallback)
  const start = number('start', 1)
  const count = found.get('count')
  if (count === undefined && !found.has('end')) valueError(`sequence: '${term}' has neither end nor count`)
  const stride = number('stride', 1)
  const end = count === undefined ? number('end', 0) : start + (Number(count) - 1) * stride
  // Counting down is the natural reading of an end before the start.
  const isDownward = count === undefined && end < start && !found.has('stride')
  return { start, end, stride: isDownward ? -1 : stride, format: found.get('format') ?? '%d' }
}
