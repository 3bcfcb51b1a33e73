import { spawn } from 'node:child_process'
import { mkdtemp, open, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { VpaiError } from '../base/error.ts'

export interface EditorSettings {
  /** $VISUAL and $EDITOR are read from here; also TMPDIR-like places. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A text laid out in clear for an editor, in memory (tmpfs) where there is such a place. */
export interface PrivateText {
  /** Runs the editor on it once and gives the text back. `ended` false: the editor failed or was stopped. */
  edit(): Promise<{ readonly text: string; readonly ended: boolean }>
  /** Overwrites and removes everything, swap files of the editor too. */
  wipe(): Promise<void>
  /** Did the text stay in memory? Else say so: it was on a disk for a while. */
  readonly inMemory: boolean
}

/** A 0600 file in a new 0700 directory. `fileName` tells the editor the language. */
export async function layOut(text: string, fileName: string, settings: EditorSettings): Promise<PrivateText> {
  const { parent, inMemory } = await privateParent(settings)
  const directory = await mkdtemp(path.join(parent, 'vpai-edit-'))
  const file = path.join(directory, fileName)
  try {
    await writeFile(file, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    await wipeDirectory(directory)
    throw error
  }
  return {
    inMemory,
    edit: async () => ({ ended: await runEditor(file, settings), text: await readFile(file, 'utf8') }),
    wipe: () => wipeDirectory(directory),
  }
}

const TMPFS = 0x01021994

async function privateParent(
  settings: EditorSettings,
): Promise<{ readonly parent: string; readonly inMemory: boolean }> {
  for (const parent of [settings.environment.XDG_RUNTIME_DIR, '/dev/shm']) {
    if (parent === undefined || parent === '') continue
    const type = await statfs(parent).then(
      answer => answer.type,
      () => 0,
    )
    if (type === TMPFS) return { parent, inMemory: true }
  }
  return { parent: tmpdir(), inMemory: false }
}

/**
 * While the editor runs, Ctrl-C is the editor's own business, and a request to end goes to the editor, so
 * that what was typed can still be put away.
 */
async function runEditor(file: string, settings: EditorSettings): Promise<boolean> {
  const command = settings.environment.VISUAL || settings.environment.EDITOR || 'vi'
  const child = spawn('/bin/sh', ['-c', `exec ${command} "$1"`, 'sh', file], { stdio: 'inherit' })
  const ignore = () => undefined
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  process.on('SIGINT', ignore)
  process.on('SIGTERM', pass)
  process.on('SIGHUP', pass)
  try {
    return await new Promise<boolean>((resolve, reject) => {
      child.once('error', cause => {
        reject(
          new VpaiError('SECRETS_NO_EDITOR', `cannot start the editor ${command}`, {
            hint: 'set EDITOR',
            cause,
          }),
        )
      })
      child.once('close', code => resolve(code === 0))
    })
  } finally {
    process.off('SIGINT', ignore)
    process.off('SIGTERM', pass)
    process.off('SIGHUP', pass)
  }
}

async function wipeDirectory(directory: string): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const file = path.join(directory, name)
    const { size } = await stat(file)
    const handle = await open(file, 'r+').catch(() => undefined)
    await handle?.write(new Uint8Array(size), 0, size, 0)
    await handle?.sync()
    await handle?.close()
  }
  await rm(directory, { recursive: true, force: true })
}
