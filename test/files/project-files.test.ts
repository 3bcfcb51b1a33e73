import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectFiles } from '../../src/files/project-files.ts'

const files = projectFiles(path.resolve(import.meta.dirname, '../fixtures/projects/roles'))

describe('projectFiles', () => {
  it('reads files relative to its root', () => {
    expect(files.read('playbooks/files/note.txt')).toBe('note\n')
  })

  it.each(['none.txt', 'playbooks', 'playbooks/files/note.txt/below', 'x'.repeat(5000), 'nul\0byte'])(
    'finds no file at %.20s',
    name => {
      expect(files.read(name)).toBeNull()
      expect(files.isFile(name)).toBe(false)
    },
  )

  it('lists directories by name', () => {
    expect(files.list('roles')).toEqual(['app', 'base', 'monitor', 'web'])
    expect(files.list('none')).toBeNull()
    expect(files.list('playbooks/web.yml')).toBeNull()
  })

  it('tells files and directories apart', () => {
    expect([files.isFile('roles'), files.isDirectory('roles')]).toEqual([false, true])
    expect([files.isFile('playbooks/web.yml'), files.isDirectory('playbooks/web.yml')]).toEqual([true, false])
  })
})
