import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localFiles } from '../../src/files/local-files.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'vpai-local-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('files of the controller', () => {
  it('are refused when a folder holds a pipe, which would be read for ever', () => {
    mkdirSync(path.join(root, 'files/site'), { recursive: true })
    writeFileSync(path.join(root, 'files/site/index.html'), 'hello')
    execFileSync('mkfifo', [path.join(root, 'files/site/pipe')])
    const find = () => localFiles(root).find({ name: 'src', kind: 'tree', path: 'site' }, ['files'])
    expect(find).toThrow(expect.objectContaining({ code: 'LOCAL_FILE_KIND' }))
  })

  it.skipIf(process.getuid?.() === 0)('are an error of the project when they cannot be read', () => {
    writeFileSync(path.join(root, 'closed'), 'x', { mode: 0 })
    const find = () => localFiles(root).find({ name: 'src', kind: 'file', path: 'closed' }, ['.'])
    expect(find).toThrow(expect.objectContaining({ code: 'LOCAL_FILE_UNREADABLE' }))
  })
})
