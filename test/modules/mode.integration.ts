import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { modeBits } from '../../src/modules/shared/mode.ts'
import { temporaryDirectory } from './shells.ts'

test('chmod agrees with every clause that is worked out here', () => {
  const dir = temporaryDirectory()
  const [file, directory] = [join(dir, 'f'), join(dir, 'd')]
  writeFileSync(file, '')
  mkdirSync(directory)
  const who = ['', 'u', 'g', 'o', 'a', 'go', 'ug']
  const clauses = who.flatMap(w =>
    ['+', '-', '='].flatMap(op => ['r', 'wx', 'X', 's', 't', 'u', 'o', ''].map(p => w + op + p)),
  )
  for (const clause of [...clauses, 'u=rwX,g=rX,o=', 'u+s,o-t', 'a=r,u+wx']) {
    for (const [path, isDirectory] of [
      [file, false],
      [directory, true],
    ] as const) {
      for (const before of [0o644, 0o4750, 0o2775, 0o1777, 0o000]) {
        chmodSync(path, before)
        execFileSync('/bin/sh', ['-c', 'umask 022; exec chmod -- "$1" "$2"', 'sh', clause, path], {
          stdio: 'pipe',
        })
        const after = statSync(path).mode & 0o7777
        const told = modeBits({ symbolic: clause }, before, isDirectory)
        expect([clause, before.toString(8), isDirectory, told?.toString(8)]).toEqual([
          clause,
          before.toString(8),
          isDirectory,
          after.toString(8),
        ])
      }
    }
  }
  rmSync(dir, { recursive: true })
})
