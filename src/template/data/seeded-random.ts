/** Python's random.Random(seed): a Mersenne Twister, so that a seed gives what it gives in Ansible. */
import { createHash } from 'node:crypto'

const SIZE = 624
const SHIFT = 397

export class SeededRandom {
  readonly #state = new Uint32Array(SIZE)
  #index = SIZE

  constructor(seed: string | number | bigint) {
    const whole = typeof seed === 'string' ? ofText(seed) : BigInt(seed)
    this.#seedBy(wordsOf(whole < 0n ? -whole : whole))
  }

  /** 0 <= x < limit. */
  below(limit: number): number {
    const bits = limit.toString(2).length
    for (;;) {
      const value = this.#bits(bits)
      if (value < limit) return value
    }
  }

  /** At most 53. */
  #bits(count: number): number {
    if (count <= 32) return this.#next() >>> (32 - count)
    const low = this.#next()
    return (this.#next() >>> (64 - count)) * 2 ** 32 + low
  }

  #seedBy(key: readonly number[]): void {
    const state = this.#state
    state[0] = 19_650_218
    for (let i = 1; i < SIZE; i++) state[i] = mixed(state[i - 1]) + i
    let i = 1
    let j = 0
    const forward = (add: (j: number) => number, factor: number): void => {
      const before = state[i - 1] ?? 0
      state[i] = ((state[i] ?? 0) ^ Math.imul(before ^ (before >>> 30), factor)) + add(j)
      i++
      if (i < SIZE) return
      state[0] = state[SIZE - 1] ?? 0
      i = 1
    }
    for (let k = Math.max(SIZE, key.length); k > 0; k--) {
      forward(at => (key[at] ?? 0) + at, 1_664_525)
      j = (j + 1) % key.length
    }
    for (let k = SIZE - 1; k > 0; k--) forward(() => -i, 1_566_083_941)
    state[0] = 0x80000000
  }

  #next(): number {
    if (this.#index >= SIZE) this.#twist()
    let value = this.#state[this.#index++] ?? 0
    value ^= value >>> 11
    value ^= (value << 7) & 0x9d2c5680
    value ^= (value << 15) & 0xefc60000
    value ^= value >>> 18
    return value >>> 0
  }

  #twist(): void {
    const state = this.#state
    for (let k = 0; k < SIZE; k++) {
      const both = ((state[k] ?? 0) & 0x80000000) | ((state[(k + 1) % SIZE] ?? 0) & 0x7fffffff)
      state[k] = (state[(k + SHIFT) % SIZE] ?? 0) ^ (both >>> 1) ^ ((both & 1) === 0 ? 0 : 0x9908b0df)
    }
    this.#index = 0
  }
}

function mixed(value = 0): number {
  return Math.imul(value ^ (value >>> 30), 1_812_433_253)
}

/** The bytes of the text with their SHA-512 behind them, as one number. */
function ofText(text: string): bigint {
  const bytes = Buffer.from(text, 'utf8')
  const all = Buffer.concat([bytes, createHash('sha512').update(bytes).digest()])
  return BigInt(`0x${all.toString('hex')}`)
}

/** Lowest first. */
function wordsOf(value: bigint): number[] {
  const words: number[] = []
  for (let rest = value; rest > 0n; rest >>= 32n) words.push(Number(rest & 0xffffffffn))
  return words.length === 0 ? [0] : words
}
