/** A folder as lines: kind, mode, owner, path, and the content or the target; what two hosts are compared by. */
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import path from 'node:path'

/** `named`: how files of the host itself name the folder. */
export function treeOf(root: string, named = root): readonly string[] {
  const names = readdirSync(root, { recursive: true }).map(String).sort()
  return names.map(name => lineOf(path.join(root, name), { name, named }))
}

function lineOf(file: string, { name, named }: { readonly name: string; readonly named: string }): string {
  const state = lstatSync(file)
  if (state.isSymbolicLink()) return `link ${name} -> ${readlinkSync(file)}`
  const mode = `${(state.mode & 0o7777).toString(8)} ${state.uid}:${state.gid}`
  if (state.isDirectory()) return `directory ${mode} ${name}`
  // The same content for every root: what names the folder itself would differ.
  const content = readFileSync(file, 'utf8').replaceAll(named, '/target')
  return `file ${mode} ${name} ${createHash('sha256').update(content).digest('hex').slice(0, 12)}`
}
