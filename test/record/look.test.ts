import { describe, expect, it } from 'vitest'
import { leaseState, type OpenRun, parseLook, type RecordSeen, unfinished } from '../../src/record/look.ts'

const OPEN: OpenRun = {
  number: 3,
  holder: { run: 'a' },
  session: 'idle',
  silentS: 5,
  uptimeS: 900,
  task: null,
}

describe('what the record says', () => {
  it('is read line by line; what cannot be read is not there', () => {
    const seen = parseLook(
      [
        'run 0000000002 ok',
        'run 0000000003 -',
        'holder {"run":"a","command":"deploy prod"}',
        'open idle 880.5 900.75',
        'task Write it',
        'pending 0a1b {"handler":"Restart: all","by":"Write it","run":"a"}',
        'pending 0a1b.77 {"handler":"half","by":"","run":""}',
        'pending ffff {"handler"',
        'release {"format":1,"number":4,"lease":3}',
        'end',
      ].join('\n'),
    )
    expect(seen).toEqual({
      runs: [
        { number: 2, ended: 'ok' },
        { number: 3, ended: null },
      ],
      open: {
        number: 3,
        holder: { run: 'a', command: 'deploy prod' },
        session: 'idle',
        silentS: 20.25,
        uptimeS: 900.75,
        task: 'Write it',
      },
      pending: [{ id: '0a1b', handler: 'Restart: all', by: 'Write it', run: 'a' }],
      release: { number: 4, lease: 3 },
      owned: [],
    } satisfies RecordSeen)
  })

  it('is nothing on a host that keeps none', () => {
    expect(parseLook('end\n')).toEqual({ runs: [], open: null, pending: [], release: null, owned: [] })
  })
})

describe('the state of a lease', () => {
  it.each([
    ['whose session waits for more', {}, false, 'held'],
    ['whose process is known to be gone', {}, true, 'free'],
    ['that was silent for a minute', { silentS: 61 }, false, 'free'],
    ['that was silent for a minute, but works on something', { silentS: 61, session: 'busy' }, false, 'held'],
    ['whose process is gone, but which left something running', { session: 'busy' }, true, 'ending'],
    ['of before the host was started, a while ago', { silentS: null, session: 'gone' }, false, 'free'],
    [
      'of before the host was started, just now',
      { silentS: null, session: 'gone', uptimeS: 20 },
      false,
      'held',
    ],
    ['whose session is gone, and which may come back', { session: 'gone' }, false, 'held'],
  ] as const)('%s', (_which, over, isGone, state) => {
    expect(leaseState({ ...OPEN, ...over }, isGone)).toBe(state)
  })
})

describe('runs whose commands count', () => {
  const runs = (...ended: RecordSeen['runs'][number]['ended'][]): RecordSeen => ({
    runs: ended.map((one, index) => ({ number: index + 1, ended: one })),
    open: null,
    pending: [],
    release: null,
    owned: [],
  })

  it.each([
    ['none after one that ended', runs('cut', 'ok'), false, []],
    ['the one that was cut off, newest first', runs('ok', 'cut', null), false, [3, 2]],
    ['none after one that failed', runs('cut', 'failed'), false, []],
    ['after a failure too, for resume', runs('ok', 'cut', 'failed'), true, [3, 2]],
    ['interrupted ones, for resume', runs('interrupted'), true, [1]],
  ] as const)('%s', (_which, seen, alsoFailed, expected) => {
    expect(unfinished(seen, { alsoFailed })).toEqual(expected)
  })
})
