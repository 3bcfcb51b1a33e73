import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { heardLine, keptCommand } from '../../src/record/kept-command.ts'
import { fenceLine, LEASE_LOST, recordFolder } from '../../src/record/layout.ts'
import { beatScript, endScript, strikeScript, takeScript } from '../../src/record/lease.ts'
import { lookScript, parseLook } from '../../src/record/look.ts'
import { intentLine, pendingId, pendingLine } from '../../src/record/notes.ts'

const SHELLS = ['dash', 'bash', 'busybox sh']
const user = userInfo().username
let root = ''
let folder = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "vpai-record o'f-"))
  folder = recordFolder('site', { isRoot: true, fixed: root })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe.each(SHELLS)('the record, written by %s', shell => {
  const sh = (script: string, input = '') => {
    const [program = '', ...args] = shell.split(' ')
    const flags = program === 'busybox' ? [...args, '-c', script] : ['-c', script]
    const { status, stdout, stderr } = spawnSync(program, flags, {
      input,
      encoding: 'utf8',
      env: { ...process.env, DONE: path.join(root, 'done') },
    })
    return { status, stdout, stderr }
  }
  const take = (number: number, holder = { run: `r${number}` }) =>
    sh(takeScript(folder, { number, run: 'r1', holder: JSON.stringify(holder), user }))
  const look = () => parseLook(sh(lookScript(folder)).stdout)
  const place = (number: number) => ({ folder, number, user })

  it('is empty at first, and looking makes nothing', () => {
    expect(look()).toEqual({ runs: [], open: null, pending: [], release: null, owned: [] })
    expect(readdirSync(root)).toEqual([])
  })

  it('holds the run that took the lease, and its end', () => {
    expect(take(1)).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(look().open).toMatchObject({ number: 1, holder: { run: 'r1' }, session: 'gone' })
    expect(look().open?.silentS).toBeLessThan(30)
    sh(endScript(folder, { number: 1, ending: 'ok', struck: [] }))
    expect(look()).toEqual({
      runs: [{ number: 1, ended: 'ok' }],
      open: null,
      pending: [],
      release: null,
      owned: [],
    })
  })

  it('gives a number to one only', () => {
    take(4)
    expect(take(4, { run: 'other' }).status).toBe(LEASE_LOST)
    expect(look().open?.holder).toEqual({ run: 'r4' })
    expect(readdirSync(path.join(root, 'site', 'runs'))).toEqual(['0000000004'])
  })

  it('loses what was left of leases that were never taken when a run ends well', () => {
    take(1)
    const runs = path.join(root, 'site', 'runs')
    mkdirSync(path.join(runs, '.99'))
    sh(endScript(folder, { number: 1, ending: 'ok', struck: [] }))
    expect(readdirSync(runs)).toEqual(['0000000001'])
  })

  it('lets the holder act, and nobody whom it was taken from', () => {
    take(1)
    const act = (number: number, run = 'r1') => sh(`${fenceLine(folder, { number, run }, 'tok')}; echo acted`)
    expect(act(1).stdout).toBe('acted\n')
    // It tried for the same number at the same time, and came second.
    expect(act(1, 'r2')).toEqual({ status: LEASE_LOST, stdout: '', stderr: 'tok\n' })
    take(2)
    expect(act(1)).toEqual({ status: LEASE_LOST, stdout: '', stderr: 'tok\n' })
    expect(sh(beatScript(folder, 1)).status).toBe(LEASE_LOST)
    expect(sh(endScript(folder, { number: 1, ending: 'ok', struck: [] })).status).toBe(LEASE_LOST)
    // Numbers that are forgotten do not come back to life.
    for (const number of [3, 4, 5, 6, 7, 8]) take(number)
    expect(act(1).status).toBe(LEASE_LOST)
    expect(readdirSync(path.join(root, 'site', 'runs'))).toHaveLength(5)
  })

  it('closes a run that was cut off, and removes the file it was writing', () => {
    take(1)
    const files = path.join(root, 'files with blanks')
    mkdirSync(files)
    writeFileSync(path.join(files, '.vpai-abc.tmp'), 'half')
    const intents = [
      { kind: 'task', name: 'Write\n  it' },
      { kind: 'put', token: 'abc', directory: files },
    ] as const
    expect(sh(intentLine(folder, 1, intents)).status).toBe(0)
    expect(look().open?.task).toBe('Write it')
    take(2)
    expect(look().runs[0]).toEqual({ number: 1, ended: 'cut' })
    expect(readdirSync(files)).toEqual([])
  })

  it('names a handler until it is struck out', () => {
    take(1)
    const id = pendingId("it's due")
    expect(sh(pendingLine(folder, { id, handler: "it's due", by: 'x', run: 'r1' })).status).toBe(0)
    expect(look().pending).toEqual([{ id, handler: "it's due", by: 'x', run: 'r1' }])
    sh(endScript(folder, { number: 1, ending: 'ok', struck: [id] }))
    expect(look().pending).toEqual([])
  })

  it.each([
    ['the run that holds the lease', 2, []],
    ['a run that never took it', null, []],
    ['nobody whom it was taken from', 1, ['due']],
  ])('lets %s strike out a handler', (_who, number, left) => {
    const id = pendingId('due')
    take(1)
    take(2)
    sh(pendingLine(folder, { id, handler: 'due', by: 'x', run: 'r2' }))
    sh(strikeScript(folder, number, [id]))
    expect(look().pending.map(({ handler }) => handler)).toEqual(left)
  })

  describe('a command', () => {
    const none = { runs: [], alsoHeard: false }
    const script = (text: string) => `umask 022\neval '${text}'`

    it('gives back what it would without a record', () => {
      take(1)
      const kept = keptCommand(script('cat; echo out; echo err >&2; exit 7'), { ...place(1), id: 'c1' }, none)
      expect(sh(kept, 'in\n')).toEqual({ status: 7, stdout: 'in\nout\n', stderr: 'err\n' })
    })

    it('sees no variable of the record', () => {
      take(1)
      const kept = keptCommand(
        script('echo "[$a$r$own]"'),
        { ...place(1), id: 'c1' },
        { runs: [1], alsoHeard: true },
      )
      expect(sh(kept).stdout).toBe('[]\n')
    })

    it.each([
      ['is not done again when nobody heard its answer', false, false, 1],
      ['is done again when its answer was heard', true, false, 2],
      ['is not done again by resume, heard or not', true, true, 1],
    ])('of a run that was cut off %s', (_what, isHeard, alsoHeard, times) => {
      const done = path.join(root, 'done')
      const text = script('echo x >>"$DONE"; echo out; echo err >&2')
      take(1)
      sh(keptCommand(text, { ...place(1), id: 'c1' }, none))
      if (isHeard) sh(heardLine(place(1), ['c1']))
      take(2)
      const again = sh(keptCommand(text, { ...place(2), id: 'c1' }, { runs: [1], alsoHeard }))
      expect(again).toEqual({ status: 0, stdout: 'out\n', stderr: 'err\n' })
      expect(readFileSync(done, 'utf8')).toBe('x\n'.repeat(times))
    })

    it('fails when its answer cannot be kept, and says so', () => {
      take(1)
      mkdirSync(path.join(root, 'site/runs/0000000001/by', user, 'c1.r'))
      const kept = sh(keptCommand(script('echo out'), { ...place(1), id: 'c1' }, none))
      expect(kept).toMatchObject({ status: 96, stdout: 'out\n' })
      expect(kept.stderr).toContain('could not be kept in the record of this run')
    })

    it('that failed is done again', () => {
      take(1)
      sh(keptCommand(script('exit 3'), { ...place(1), id: 'c1' }, none))
      take(2)
      const again = keptCommand(script('echo now'), { ...place(2), id: 'c1' }, { runs: [1], alsoHeard: true })
      expect(sh(again).stdout).toBe('now\n')
    })
  })

  it('is not kept on a disk that does not take it, and nothing is done', () => {
    const file = path.join(root, 'file')
    writeFileSync(file, '')
    const within = recordFolder('site', { isRoot: true, fixed: file })
    expect(sh(takeScript(within, { number: 1, run: 'r1', holder: '{}', user })).status).toBe(96)
    expect(sh(`${fenceLine(within, { number: 1, run: 'r1' }, 't')}; : >"${root}/acted"`).status).toBe(
      LEASE_LOST,
    )
    expect(existsSync(path.join(root, 'acted'))).toBe(false)
  })
})
