import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Frame, FrameParser } from '../../src/session/frame-parser.ts'

const NONCE = '0123456789abcdef0123456789abcdef'
const HELLO = `\n${NONCE} H 1 42 1000 1 setsid 0a-1b /tmp/.vpai x\n`

const answer = (id: number, code: number, outputs: readonly [Uint8Array, Uint8Array]): Buffer =>
  Buffer.concat([
    Buffer.from(`\n${NONCE} A ${id} ${code} ${outputs[0].length} ${outputs[1].length}\n`),
    ...outputs,
  ])

const parse = (bytes: Buffer, cuts: readonly number[]): Frame[] => {
  const parser = new FrameParser(NONCE)
  const at = [...new Set([0, ...cuts.map(cut => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  )
  return at.slice(1).flatMap((end, index) => parser.push(bytes.subarray(at[index], end)))
}

const bytes = fc.uint8Array({ maxLength: 300 })
/** Outputs that look like frames must not be taken for frames. */
const output = fc.oneof(
  bytes,
  fc.constant(Buffer.from(HELLO)),
  fc.constant(Buffer.from(`\n${NONCE} X 1 io\n`)),
)
const noise = fc.oneof(bytes, fc.constant(Buffer.from(`\n${NONCE}.`)), fc.constant(Buffer.from('\n\n0123')))

const piece = fc.oneof(
  fc
    .record({ id: fc.nat(1e9), code: fc.nat(255), out: output, err: output })
    .map(({ id, code, out, err }) => ({
      bytes: answer(id, code, [out, err]),
      frame: { type: 'answer', id, code, stdout: Buffer.from(out), stderr: Buffer.from(err) } as Frame,
    })),
  fc
    .nat(1e9)
    .map(id => ({ bytes: Buffer.from(`\n${NONCE} K ${id}\n`), frame: { type: 'skipped', id } as Frame })),
  noise.map(data => ({ bytes: Buffer.from(data), frame: null })),
  fc.constant({ bytes: Buffer.from(`\n${NONCE} Z future\n`), frame: null }),
)

test('any cutting of the stream gives the same frames, and noise and unknown frames are skipped', () => {
  fc.assert(
    fc.property(noise, fc.array(piece, { maxLength: 8 }), fc.array(fc.nat(5000)), (before, pieces, cuts) => {
      const stream = Buffer.concat([Buffer.from(before), Buffer.from(HELLO), ...pieces.map(one => one.bytes)])
      const frames = parse(stream, cuts)
      expect(frames.slice(1)).toEqual(pieces.flatMap(one => (one.frame === null ? [] : [one.frame])))
      expect(frames[0]).toEqual({
        type: 'hello',
        hello: {
          pid: 42,
          uid: 1000,
          hasTimeout: true,
          hasSetsid: true,
          bootId: '0a-1b',
          tmp: '/tmp/.vpai x',
        },
      })
    }),
    { numRuns: 500 },
  )
})

test('cut into single bytes, a stream gives the same frames', () => {
  const stream = Buffer.concat([
    Buffer.from(`noise\n${NONCE.slice(0, 9)}`),
    Buffer.from(HELLO),
    answer(1, 0, [Buffer.from('a\nb'), Buffer.from('')]),
  ])
  expect(parse(stream, Array.from(stream.keys()))).toEqual(parse(stream, []))
})

test('a fatal frame carries its reason', () => {
  expect(parse(Buffer.from(`\n${NONCE} X - notmp\n\n${NONCE} X 3 io\n`), [])).toEqual([
    { type: 'fatal', id: null, reason: 'notmp' },
    { type: 'fatal', id: 3, reason: 'io' },
  ])
})

test('more than a megabyte of noise in one piece is an error that shows its end', () => {
  const parser = new FrameParser(NONCE)
  const flood = () => {
    for (let index = 0; index < 300; index++) parser.push(Buffer.alloc(4096, `fortune ${index} `))
  }
  expect(flood).toThrowError(expect.objectContaining({ code: 'SESSION_NOISE' }))
  expect(parser.noise).toContain('fortune')
  expect(parser.noise.length).toBeLessThanOrEqual(4096)
})

test('noise between frames counts anew after each frame', () => {
  const parser = new FrameParser(NONCE)
  for (let index = 0; index < 4; index++) {
    parser.push(Buffer.alloc(900_000, 'x'))
    expect(parser.push(Buffer.from(`\n${NONCE} K ${index}\n`))).toHaveLength(1)
  }
})

test.each([
  ['a length that is no number', 'A 1 0 x 0'],
  ['a missing length', 'A 1 0 3'],
  ['a negative id', 'K -1'],
  ['a hello of another version', 'H 2 1 1 1 - - /tmp'],
  ['a hello without numbers', 'H 1 a b 1 - - /tmp'],
  ['a header without an end', 'A '.padEnd(20_000, '1')],
])('%s is a protocol error', (_, header) => {
  const end = header.length > 10_000 ? '' : '\n'
  expect(() => new FrameParser(NONCE).push(Buffer.from(`\n${NONCE} ${header}${end}`))).toThrowError(
    expect.objectContaining({ code: 'SESSION_PROTOCOL' }),
  )
})
