/** A process made of plain objects, for tests of `main`: a folder of its own as home and place to stand in. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import type { Io } from '../../src/cli/io.ts'
import { main } from '../../src/cli/main.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Place {
  readonly folder: string
  readonly home: string
  /** Writes a file of the project. */
  write(name: string, text: string): string
  run(argv: readonly string[], changes?: IoChanges): Promise<Ran>
  remove(): void
}

export interface IoChanges extends Partial<Pick<Io, 'cwd' | 'stdoutIsTty' | 'signal'>> {
  /** What is piped in. */
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
}

export function aPlace(files: Readonly<Record<string, string>> = {}): Place {
  const base = mkdtempSync(path.join(tmpdir(), 'vpai-cli-'))
  const folder = path.join(base, 'shop')
  const home = path.join(base, 'home')
  mkdirSync(folder)
  mkdirSync(home)
  const write = (name: string, text: string) => {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }
  for (const [name, text] of Object.entries(files)) write(name, text)
  return {
    folder,
    home,
    write,
    run: (argv, changes = {}) =>
      runMain(argv, {
        cwd: folder,
        ...changes,
        env: { HOME: home, VPAI_HOST_STATE: path.join(base, 'record'), ...changes.env },
      }),
    remove: () => rmSync(base, { recursive: true, force: true }),
  }
}

async function runMain(argv: readonly string[], { stdin = '', ...changes }: IoChanges): Promise<Ran> {
  const captured = { out: '', err: '' }
  const sink = (name: 'out' | 'err') => ({
    write(text: string) {
      captured[name] += text
    },
  })
  const code = await main(argv, {
    out: sink('out'),
    err: sink('err'),
    stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]),
    stdinIsTty: false,
    stdoutIsTty: false,
    env: {},
    cwd: '/',
    signal: new AbortController().signal,
    leave: new AbortController().signal,
    sourceRoots: [],
    ...changes,
  })
  return { code, ...captured }
}
