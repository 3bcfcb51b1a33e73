/** Files written whole or not at all: readers see the old text or the new one, also after a crash. */
import { randomBytes } from 'node:crypto'
import {
  constants,
  copyFile,
  type FileHandle,
  link,
  mkdir,
  open,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises'
import path from 'node:path'

export interface NewFile {
  readonly path: string
  readonly content: Uint8Array | string
  /** Permission bits. Default: those of the file it replaces, else 0644. */
  readonly mode?: number
}

/** One file through a temporary one beside it: exclusive create, fsync, rename, fsync of the directory. */
export async function writeAtomically(file: NewFile): Promise<void> {
  await writeAllOrNothing([file])
}

/**
 * Several files together: all are written beside their targets first, then all renamed. When a rename
 * fails, those already done are put back. Missing directories are made. Rejects with the error of the
 * file system; no temporary file stays behind.
 */
export async function writeAllOrNothing(files: readonly NewFile[]): Promise<void> {
  const staged: Staged[] = []
  const release = holdSignals()
  try {
    for (const file of files) staged.push(await stage(file))
    await replaceAll(staged)
  } finally {
    for (const { temporary, kept } of staged) {
      await rm(temporary, { force: true })
      await rm(kept, { force: true })
    }
    release()
  }
}

/** Ctrl-C waits until the files are written; giving the signals free sends on what came meanwhile. */
function holdSignals(): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const came = new Set<NodeJS.Signals>()
  const note = (signal: NodeJS.Signals) => {
    came.add(signal)
  }
  // Where the program handles a signal itself, it is told as ever.
  const held = signals.filter(signal => process.listenerCount(signal) === 0)
  for (const signal of held) process.on(signal, note)
  return () => {
    for (const signal of held) process.off(signal, note)
    for (const signal of came) process.kill(process.pid, signal)
  }
}

interface Staged {
  readonly target: string
  readonly temporary: string
  /** A second name of the file that is replaced, to put it back. */
  readonly kept: string
}

async function stage(file: NewFile): Promise<Staged> {
  await mkdir(path.dirname(file.path), { recursive: true })
  // A link stays a link: what it points to is replaced.
  const target = await realpath(file.path).catch(() => file.path)
  const stem = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(6).toString('hex')}`)
  const mode = file.mode ?? (await modeOf(target)) ?? 0o644
  await writeNew(`${stem}.new`, file.content, mode)
  return { target, temporary: `${stem}.new`, kept: `${stem}.old` }
}

async function writeNew(temporary: string, content: Uint8Array | string, mode: number): Promise<void> {
  const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
  try {
    await fill(handle, content, mode)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function fill(handle: FileHandle, content: Uint8Array | string, mode: number): Promise<void> {
  try {
    await handle.writeFile(content)
    await handle.chmod(mode)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function replaceAll(staged: readonly Staged[]): Promise<void> {
  const done: { readonly file: Staged; readonly existed: boolean }[] = []
  try {
    for (const file of staged) {
      const existed = await keep(file)
      await rename(file.temporary, file.target)
      done.push({ file, existed })
    }
  } catch (error) {
    for (const { file, existed } of done.reverse()) {
      if (existed) await rename(file.kept, file.target)
      else await rm(file.target, { force: true })
    }
    throw error
  }
  for (const directory of new Set(staged.map(file => path.dirname(file.target))))
    await syncDirectory(directory)
}

/** False when there is nothing to keep. Copies where the file system has no hard links. */
async function keep(file: Staged): Promise<boolean> {
  try {
    await link(file.target, file.kept)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    await copyFile(file.target, file.kept, constants.COPYFILE_EXCL)
  }
  return true
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function modeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mode & 0o7777
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
