/** The program built as a release is, into a folder of its own, for tests that need a real process. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const BUILD = path.resolve(import.meta.dirname, '../../scripts/build.mjs')

/** The path of the script; its folder is the caller's to remove. */
export function builtProgram(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'vpai-program-'))
  execFileSync(process.execPath, [BUILD, folder])
  return path.join(folder, 'vpai.mjs')
}
