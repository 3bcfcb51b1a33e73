import { readFile } from 'node:fs/promises'
import path from 'node:path'
import fg from 'fast-glob'
import { VpaiError } from '../base/error.ts'

/**
 * The text of ssh configuration files, one after the other, with every Include put in its place. Missing files are
 * empty. A relative Include counts from ~/.ssh, or /etc/ssh for files there.
 */
export async function readSshConfig(files: readonly string[], home: string): Promise<string> {
  const texts = await Promise.all(files.map(file => read(file, { home, depth: 0 })))
  // Each file starts outside of any block.
  return texts.join('\nHost *\n')
}

interface Reading {
  readonly home: string
  readonly depth: number
}

async function read(file: string, { home, depth }: Reading): Promise<string> {
  if (depth > 16) throw new VpaiError('SSH_CONFIG_SYNTAX', `The includes of ${file} lead in a circle.`)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return ''
    throw new VpaiError('SSH_CONFIG_READ', `Cannot read ${file}: ${error.message}`, { cause: error })
  })
  const lines: string[] = []
  let block = 'Host *'
  for (const line of text.split('\n')) {
    if (/^\s*(Host|Match)\b/i.test(line)) block = line
    const include = /^\s*Include\s*[\s=]\s*(.+?)\s*$/i.exec(line)
    if (include === null) {
      lines.push(line)
      continue
    }
    for (const included of await matches(include[1] ?? '', file, home)) {
      lines.push(await read(included, { home, depth: depth + 1 }))
    }
    // What follows belongs to the block that the Include stood in.
    lines.push(block)
  }
  return lines.join('\n')
}

async function matches(patterns: string, from: string, home: string): Promise<string[]> {
  const base = from.startsWith('/etc/ssh/') ? '/etc/ssh' : path.join(home, '.ssh')
  const found: string[] = []
  for (const [, quoted, bare] of patterns.matchAll(/"([^"]+)"|(\S+)/g)) {
    const pattern = path.resolve(base, (quoted ?? bare ?? '').replace(/^~(?=\/)/, home))
    found.push(...(await fg(pattern, { dot: true, onlyFiles: true })).sort())
  }
  return found
}
