import { describe, expect, it } from 'vitest'
import type { RunEvent } from '../../src/base/event.ts'
import { jsonReporter, ndjsonReporter } from '../../src/report/json.ts'
import type { Reporter, Sink } from '../../src/report/reporter.ts'

const position = { file: 'site.yml', line: 3, column: 5 }
const stats = { ok: 1, changed: 1, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0, late: 0 }
const EVENTS: RunEvent[] = [
  { type: 'run.started', runId: 'r1', command: 'deploy prod', check: false, vpaiVersion: '1' },
  { type: 'warning', message: 'careful', host: null, position: null },
  {
    type: 'task.result',
    taskId: 't1',
    name: 'text\nof two lines',
    module: 'copy',
    role: null,
    host: 'h1',
    delegatedTo: null,
    status: 'changed',
    changes: [],
    result: { changed: true, big: 12345678901234567890n, map: new Map([[1, 'x']]) },
    reason: null,
    position,
    elapsedMs: 1,
    item: null,
    handler: false,
  },
  {
    type: 'run.ended',
    stats: { h1: stats },
    customStats: { run: { built: 2 }, hosts: { h1: { of: 'h1' } } },
    elapsedMs: 5,
    roundTrips: 2,
    requests: 1,
    bytesSent: 1,
    bytesReceived: 1,
    interrupted: false,
  },
]

function written(make: (sink: Sink) => Reporter): string {
  let text = ''
  const reporter = make({
    write: part => {
      text += part
    },
  })
  for (const event of EVENTS) reporter.on({ ...event, time: 7 })
  reporter.end(2)
  return text
}

describe('--output json', () => {
  it('ends with one document: stats of each host, every result, the exit code', () => {
    const document = JSON.parse(written(jsonReporter))
    expect(document).toMatchObject({
      version: 1,
      runId: 'r1',
      command: 'deploy prod',
      check: false,
      exitCode: 2,
      interrupted: false,
      stats: { h1: stats },
      customStats: { run: { built: 2 }, hosts: { h1: { of: 'h1' } } },
    })
    expect(document.tasks).toHaveLength(1)
    expect(document.tasks[0].result).toEqual({ changed: true, big: '12345678901234567890', map: { 1: 'x' } })
    expect(document.warnings).toEqual([{ message: 'careful', host: null }])
  })
})

describe('--output ndjson', () => {
  it('is one event on one line, also when a text has line breaks', () => {
    const lines = written(ndjsonReporter).trimEnd().split('\n')
    expect(lines).toHaveLength(EVENTS.length + 1)
    expect(lines.map(line => JSON.parse(line).version)).toEqual(lines.map(() => 1))
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'exit', exitCode: 2 })
  })
})
