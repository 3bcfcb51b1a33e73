/** What decide tables need: a context, a host that answers keys from a function, and a driver for steps. */
import type {
  Action,
  Context,
  LocalFile,
  Module,
  Output,
  Result,
  Verdict,
} from '../../src/modules/contract.ts'
import type { Key, Seen } from '../../src/probes/contract.ts'

export function aContext(over: Partial<Context> = {}): Context {
  return {
    check: false,
    diff: false,
    host: 'box',
    user: 'root',
    local: (name): LocalFile => ({ kind: 'missing', path: name, searched: [] }),
    evaluate: () => null,
    test: () => true,
    variable: () => undefined,
    environment: {},
    now: () => new Date('2026-01-02T03:04:05Z'),
    token: n => 'abcdefghijklmnopqrstuvwxyz'.slice(0, n),
    taints: text => text.includes('hunter2'),
    ...over,
  }
}

/** Answers a key; undefined falls through to DEFAULTS. */
export type Answers = (key: Key) => unknown

/** Parses, asks and decides as the engine does, with as many rounds of `ask` as the module wants. */
export function decideWith<Args>(
  module: Module<Args>,
  raw: object,
  answers: Answers = () => undefined,
  over: Partial<Context> = {},
): Verdict {
  const args = module.args().parse(raw)
  const ctx = aContext(over)
  const asked = [...module.keys(args, ctx)]
  const seen: Seen = {
    has: key => asked.some(item => JSON.stringify(item) === JSON.stringify(key)),
    get(key) {
      if (!seen.has(key)) throw new Error(`not asked: ${JSON.stringify(key)}`)
      return (answers(key) ?? fallback(key)) as never
    },
  }
  for (let round = 0; round < 6; round++) {
    const verdict = module.decide(args, seen, ctx)
    if (verdict.kind !== 'ask') return verdict
    asked.push(...verdict.keys)
  }
  throw new Error('asks for ever')
}

/** "what subject from>to" of every change, for one-line tables; the kind and message of any other verdict. */
export function brief(verdict: Verdict): string {
  if (verdict.kind === 'fail') return `fail: ${verdict.message}`
  if (verdict.kind === 'opaque') return `opaque: ${verdict.summary}`
  if (verdict.kind !== 'change') return verdict.kind
  return (
    verdict.changes.map(c => `${c.what} ${c.subject} ${show(c.from)}>${show(c.to)}`).join('; ') || 'silent'
  )
}

/** Carries out a change or opaque verdict against scripted outputs: what was done, and the result. */
export function drive(verdict: Verdict, outputs: (action: Action) => Partial<Output> = () => ({})) {
  if (verdict.kind !== 'change' && verdict.kind !== 'opaque')
    throw new Error(`nothing to drive: ${brief(verdict)}`)
  const actions: Action[] = []
  if (typeof verdict.apply !== 'function') return { actions: [...verdict.apply], result: {} as Result }
  const steps = verdict.apply()
  let next = steps.next()
  while (!next.done) {
    actions.push(next.value)
    next = steps.next(anOutput(outputs(next.value)))
  }
  return { actions, result: next.value }
}

/** The actions as short lines: argv joined, scripts as they are, files by path. */
export function lines(actions: readonly Action[]): string[] {
  return actions.map(action => {
    if (action.do === 'run') return action.argv?.join(' ') ?? action.script ?? ''
    return 'path' in action ? `${action.do} ${action.path}` : action.do
  })
}

export function anOutput(over: Partial<Output> = {}): Output {
  return { code: 0, stdout: '', stderr: '', timedOut: false, elapsed: 0.5, bytes: new Uint8Array(), ...over }
}

export function textContent(text: string) {
  return { state: 'present' as const, bytes: new TextEncoder().encode(text) }
}

export function aFile(over: object = {}) {
  return {
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    owner: 'root',
    group: 'root',
    size: 1,
    mtime: 0,
    atime: 0,
    ctime: 0,
    nlink: 1,
    inode: '1',
    device: '1',
    ...over,
  }
}

function fallback(key: Key): unknown {
  switch (key.kind) {
    case 'path':
      return { type: 'absent' }
    case 'content':
      return { state: 'absent' }
    case 'package':
      return { installed: false, version: null, held: false, candidate: null, broken: false }
    case 'unit':
      return {
        load: 'not-found',
        active: 'inactive',
        sub: 'dead',
        fileState: '',
        needsReload: false,
        properties: {},
        manager: 'systemd',
      }
    case 'user':
    case 'group':
      return { exists: false }
    case 'facts':
      return {}
    case 'which':
      return { path: `/usr/bin/${key.command}` }
    default:
      return { code: 0, stdout: '', stderr: '' }
  }
}

function show(value: unknown): string {
  return value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
}
