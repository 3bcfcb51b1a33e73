import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import { linkSchemas } from '../../state/link-schemas.ts'
import { ensurePrivate } from '../../state/run-directory.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { shippedDirectory } from '../project/find-root.ts'

/** vpai init [FOLDER]: a project of one's own with one small role, known to editors. What is there already is never touched. */
export async function run({ args, io }: Invocation): Promise<number> {
  const folder = path.resolve(io.cwd, args[0] ?? '.')
  const source = path.join(shippedDirectory(), 'templates', 'init')
  const names = filesBelow(source)
  const kept: string[] = []
  for (const name of names) {
    const target = path.join(folder, targetName(name))
    if (existsSync(target)) {
      kept.push(name)
      continue
    }
    const text = readFileSync(path.join(source, name), 'utf8')
    write(target, text.replaceAll('@project@', projectName(folder)))
    io.out.write(`made   ${shown(io.cwd, target)}\n`)
  }
  if (linkForEditors(folder)) io.out.write(`made   ${shown(io.cwd, path.join(folder, '.vpai/schemas'))}\n`)
  for (const name of kept) io.out.write(`there  ${shown(io.cwd, path.join(folder, targetName(name)))}\n`)
  io.err.write(nextSteps(path.relative(io.cwd, folder)))
  return EXIT.fine
}

function linkForEditors(folder: string): boolean {
  const state = path.join(folder, '.vpai')
  ensurePrivate(state)
  return linkSchemas(state, path.join(shippedDirectory(), 'schemas'))
}

/** npm leaves .gitignore out of packages, so what has a dot in front travels without it. */
function targetName(name: string): string {
  return name.replace(/^(?=gitignore$|vscode\/)/, '.')
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()
}

/** The folder's name in the letters a project's name may have. */
function projectName(folder: string): string {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
  return name === '' ? 'project' : name
}

function write(target: string, text: string): void {
  try {
    mkdirSync(path.dirname(target), { recursive: true })
    // Never over a file that came into being meanwhile.
    writeFileSync(target, text, { flag: 'wx' })
  } catch (cause) {
    throw new VpaiError('INIT_WRITE', `cannot write ${target}: ${(cause as Error).message}`, {
      hint: 'Does the folder belong to you, and does no file stand where a folder should be?',
      cause,
    })
  }
}

function shown(cwd: string, target: string): string {
  const relative = path.relative(cwd, target)
  return relative.startsWith('..') ? target : relative
}

function nextSteps(folder: string): string {
  const enter = folder === '' ? '' : `  cd ${folder}\n`
  return `
Next:
${enter}  put your hosts into inventory/hosts.yml, or try it without one: vpai sandbox up
  vpai trust HOST     look at a host's key and remember it
  vpai plan prod      see what would change
  vpai deploy prod    change it
`
}
