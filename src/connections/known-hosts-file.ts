import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { VpaiError } from '../base/error.ts'
import { type KnownHost, parseKnownHosts } from './known-hosts.ts'

/** All lines of all files, in order. A file that does not exist is empty; one that cannot be read is an error. */
export async function readKnownHosts(files: readonly string[]): Promise<KnownHost[]> {
  const texts = await Promise.all(files.map(async file => parseKnownHosts(await readText(file), file)))
  return texts.flat()
}

/**
 * Adds a line, unless it is there: under a lock, written whole or not at all, mode 0600. Several runs may do it at
 * once. Something that is no plain file (/dev/null) is meant to forget, and left alone. Throws SSH_KNOWN_HOSTS_LOCKED after 5 s and SSH_KNOWN_HOSTS_WRITE.
 */
export async function appendKnownHost(file: string, line: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    const target = await realpath(file).catch(() => file)
    if (await isSpecial(target)) return
    await withLock(`${target}.lock`, async () => {
      const before = await readText(target)
      if (before.split('\n').includes(line)) return
      const separator = before === '' || before.endsWith('\n') ? '' : '\n'
      await replace(target, `${before}${separator}${line}\n`)
    })
  } catch (error) {
    if (error instanceof VpaiError) throw error
    throw new VpaiError(
      'SSH_KNOWN_HOSTS_WRITE',
      `Cannot add the host key to ${file}: ${(error as Error).message}`,
      {
        cause: error,
      },
    )
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw new VpaiError('SSH_KNOWN_HOSTS_READ', `Cannot read ${file}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function isSpecial(file: string): Promise<boolean> {
  return stat(file).then(
    found => !found.isFile(),
    () => false,
  )
}

async function replace(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

const LOCK_PATIENCE_MS = 5000
/** Nobody holds the lock longer than an append takes: an older one was left by a crash. */
const LOCK_STALE_MS = 30_000

async function withLock(lock: string, action: () => Promise<void>): Promise<void> {
  const giveUpAt = Date.now() + LOCK_PATIENCE_MS
  for (;;) {
    try {
      await (await open(lock, 'wx', 0o600)).close()
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const age = await stat(lock).then(
        found => Date.now() - found.mtimeMs,
        () => 0,
      )
      if (age > LOCK_STALE_MS) await rm(lock, { force: true })
      else if (Date.now() > giveUpAt) {
        throw new VpaiError('SSH_KNOWN_HOSTS_LOCKED', `Another program holds ${lock}.`, {
          hint: 'If none runs, delete the file.',
        })
      } else await sleep(20)
    }
  }
  try {
    await action()
  } finally {
    await rm(lock, { force: true })
  }
}
