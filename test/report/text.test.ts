import { describe, expect, it } from 'vitest'
import type { RunEvent, TaskReport } from '../../src/base/event.ts'
import { safeText } from '../../src/report/safe-text.ts'
import { bare } from '../../src/report/style.ts'
import { type TextOptions, textReporter } from '../../src/report/text.ts'

const position = { file: 'site.yml', line: 3, column: 5 }

function aReport(over: Partial<TaskReport> = {}): RunEvent {
  return {
    type: 'task.result',
    taskId: 't1',
    name: 'text',
    module: 'copy',
    role: null,
    host: 'h1',
    delegatedTo: null,
    status: 'changed',
    changes: [{ what: 'mode', subject: '/etc/motd', from: '0600', to: '0644' }],
    result: { changed: true },
    reason: null,
    position,
    elapsedMs: 1,
    item: null,
    handler: false,
    ...over,
  }
}

const started: RunEvent = {
  type: 'task.started',
  taskId: 't1',
  name: 'text',
  module: 'copy',
  role: 'web',
  handler: false,
  position,
}
const zero = { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0, late: 0 }
const NOTHING_TOLD = { run: {}, hosts: {} }

function drawn(events: readonly RunEvent[], over: Partial<TextOptions> = {}): string {
  let text = ''
  const reporter = textReporter(
    {
      write: part => {
        text += part
      },
    },
    { style: bare(), verbosity: 0, diff: false, showOutput: false, live: false, ...over },
  )
  for (const event of events) reporter.on({ ...event, time: 0 })
  reporter.end(0)
  return text
}

describe('plain output', () => {
  it('names the task once, then each host with what changed', () => {
    expect(drawn([started, aReport(), aReport({ host: 'h2', status: 'ok', changes: [] })])).toBe(
      'web : text\n  changed     h1  /etc/motd: mode 0600 → 0644\n  ok          h2\n',
    )
  })

  it('says in check mode that it would change', () => {
    const run: RunEvent = { type: 'run.started', runId: 'r', command: 'plan', check: true, vpaiVersion: '0' }
    const text = drawn([run, started, aReport(), aReport({ host: 'h2', status: 'ok', changes: [] })])
    expect(text).toContain('  would change h1  /etc')
    expect(text).toContain('  ok           h2\n')
  })

  it('shows why a task failed, where it stands, and the end of its output', () => {
    const lines = Array.from({ length: 40 }, (_value, index) => `line ${index}`).join('\n')
    const text = drawn([
      started,
      aReport({ status: 'failed', changes: [], reason: 'no room', result: { stderr: lines } }),
    ])
    expect(text).toContain(
      '  FAILED      h1\n      no room\n      at site.yml:3:5\n      stderr:\n        … 10 lines before\n        line 10',
    )
    expect(text).not.toContain('line 9\n')
  })

  it('shows output that is also a piece of a word of the reason, and not the reason twice', () => {
    const failed = { status: 'failed', changes: [], reason: 'non-zero return code' } as const
    expect(drawn([started, aReport({ ...failed, result: { stderr: 'er' } })])).toContain(
      'stderr:\n        er',
    )
    const twice = { ...failed, result: { stderr: 'non-zero return code\n' } }
    expect(drawn([started, aReport(twice)])).not.toContain('stderr:')
  })

  it('says with which code a command ended', () => {
    const failed = aReport({
      status: 'failed',
      changes: [],
      reason: 'non-zero return code',
      result: { rc: 3 },
    })
    expect(drawn([started, failed])).toContain('      non-zero return code 3\n')
  })

  it.each([
    ['no host took part', false, 'RECAP\nno host took part: nothing was done\n'],
    ['it was interrupted', true, 'RECAP\ninterrupted before the end; --limit @retry names its hosts\n'],
  ])('says so when %s', (_what, interrupted, said) => {
    const event = {
      type: 'run.ended',
      stats: {},
      customStats: NOTHING_TOLD,
      elapsedMs: 0,
      interrupted,
    } as const
    const text = drawn([{ ...event, roundTrips: 0, requests: 0, bytesSent: 0, bytesReceived: 0 }])
    expect(text).toContain(said)
  })

  it('takes more lines than a call takes arguments', () => {
    const stdout = Array.from({ length: 300_000 }, () => 'x').join('\n')
    const ran = aReport({ module: 'shell', status: 'ok', changes: [], result: { stdout } })
    expect(drawn([started, ran], { showOutput: true }).split('\n').length).toBeGreaterThan(300_000)
  })

  it('shows the diff under the task it belongs to, when asked', () => {
    const change = {
      what: 'content',
      subject: '/etc/motd',
      from: 'a',
      to: 'b',
      diff: '--- /etc/motd\n+++ /etc/motd\n@@ -1 +1 @@\n-a\n+b\n',
    }
    expect(drawn([started, aReport({ changes: [change] })], { diff: true })).toContain('      -a\n      +b\n')
    expect(drawn([started, aReport({ changes: [change] })])).not.toContain('+b')
  })

  it('ends with a line of counts a host, and what it took', () => {
    const text = drawn([
      {
        type: 'run.ended',
        stats: { h1: { ...zero, ok: 3, changed: 1 } },
        customStats: NOTHING_TOLD,
        elapsedMs: 1234,
        roundTrips: 2,
        requests: 2,
        bytesSent: 2048,
        bytesReceived: 512,
        interrupted: false,
      },
    ])
    expect(text).toBe(
      '\nRECAP\nh1    ok=3    changed=1    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0\n1.23 s, 2 requests in 2 round trips, 2.0 KiB sent, 0.5 KiB received\n',
    )
  })
})

describe('figures of set_stats', () => {
  it('stand at the end, a line for the run and for each host', () => {
    const customStats = { run: { built: 2, who: 'a\nb' }, hosts: { h1: { list: [1, { x: 2 }] } } }
    const about = {
      elapsedMs: 0,
      requests: 0,
      roundTrips: 0,
      bytesSent: 0,
      bytesReceived: 0,
      interrupted: false,
    }
    const text = drawn([{ type: 'run.ended', stats: { h1: zero }, customStats, ...about }])
    expect(text).toContain('\nCUSTOM STATS\nrun   built=2  who=a⏎b\nh1    list=[1,{"x":2}]\n')
  })
})

describe('output on a terminal', () => {
  it('keeps quiet about what changed nothing', () => {
    expect(
      drawn([started, aReport({ status: 'ok', changes: [] })], { live: true }).replace(/\r\u001b\[2K/g, ''),
    ).toBe('  web : text …')
  })

  it('shows what a command prints where that is the point, though it changed nothing', () => {
    const ran = aReport({ module: 'shell', status: 'ok', changes: [], result: { stdout: 'up 3 days' } })
    expect(drawn([started, ran], { live: true, showOutput: true })).toContain(
      '  ok          h1\n      up 3 days\n',
    )
  })
})

describe('safeText', () => {
  it.each([
    ['colour of a host', '\u001b[31mred\u001b[0m', 'red'],
    ['a carriage return that would overwrite our line', 'ok\rFAKE', 'ok␍FAKE'],
    ['a window title', '\u001b]0;title\u0007text', 'text'],
    ['a bell', 'a\u0007b', 'a\ufffdb'],
    ['a direction mark', 'a\u202eb', 'a\ufffdb'],
    ['Windows line ends', 'a\r\nb', 'a\nb'],
  ])('disarms %s', (_what, text, safe) => {
    expect(safeText(text)).toBe(safe)
  })
})
