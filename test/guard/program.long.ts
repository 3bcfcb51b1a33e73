/** The guard's program as a process, by each shell there is, in a folder instead of /etc and /var/lib/vpai/guard. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { BASE } from '../../src/guard/program.ts'
import { armScript, LOOK, readStatus, toldScript } from '../../src/guard/requests.ts'

const run = promisify(execFile)
const made: Folder[] = []
afterAll(() => {
  for (const folder of made) folder.remove()
})

class Folder {
  readonly root = mkdtempSync(path.join(tmpdir(), 'vpai-guard-'))
  readonly #shell: readonly string[]
  readonly #owners: ChildProcess[] = []

  constructor(shell: readonly string[]) {
    this.#shell = shell
    for (const name of ['etc', 'data']) mkdirSync(this.at(name))
    made.push(this)
  }

  at(name: string): string {
    return path.join(this.root, name)
  }

  write(name: string, text: string, mode = 0o644): void {
    writeFileSync(this.at(name), text)
    chmodSync(this.at(name), mode)
  }

  read(name: string): string | null {
    return existsSync(this.at(name)) ? readFileSync(this.at(name), 'utf8') : null
  }

  /** Exit code and output. Nothing of it reaches beyond the folder. */
  async sh(script: string): Promise<{ code: number; text: string }> {
    const moved = script
      .replaceAll(BASE, this.at('guard'))
      .replaceAll('/etc/', `${this.at('etc')}/`)
      .replaceAll('DATA', this.at('data'))
      .replaceAll('has at &&', 'false &&')
      .replaceAll('/run/systemd/system', this.at('no-systemd'))
    const [file = '', ...args] = [...this.#shell, '-c', moved]
    try {
      const { stdout, stderr } = await run(file, args)
      return { code: 0, text: stdout + stderr }
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
      return { code, text: stdout + stderr }
    }
  }

  /** What stands for our session on the host: a shell that waits, and does what it is told. */
  owner(): ChildProcess & { pid: number } {
    const child = spawn('sh', [], { stdio: ['pipe', 'ignore', 'ignore'] })
    this.#owners.push(child)
    return child as ChildProcess & { pid: number }
  }

  arm(owner: number, more: { id?: string; windowS?: number; things?: readonly string[] } = {}) {
    const { id = 'one', windowS = 60, things = [`path:${this.at('data/file')}`] } = more
    return this.sh(armScript({ id, windowS, owner, login: 'nobody', things, hasUndo: false }))
  }

  command(words: string, id = 'one') {
    return this.sh(`sh ${BASE}/${id}/guard ${words}`)
  }

  async until(what: () => boolean): Promise<void> {
    for (let waited = 0; !what(); waited += 50) {
      if (waited > 30_000) throw new Error('did not come true')
      await sleep(50)
    }
  }

  remove(): void {
    for (const owner of this.#owners) owner.kill('SIGKILL')
    rmSync(this.root, { recursive: true, force: true })
  }
}

const SHELLS = [['sh'], ['bash'], ['busybox', 'sh']].filter(([program = '']) => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`])
    return true
  } catch {
    console.warn(`${program} is not installed`)
    return false
  }
})

describe.concurrent.each(SHELLS.map(shell => [shell.join(' '), shell] as const))(
  'a guard by %s',
  (_name, shell) => {
    const folder = () => new Folder(shell)

    it('puts back contents, modes, links, folders and what was not there', async () => {
      const host = folder()
      host.write('data/file', 'before\n', 0o640)
      mkdirSync(host.at('data/folder/deep'), { recursive: true })
      host.write('data/folder/deep/a', 'a\n')
      symlinkSync('file', host.at('data/link'))
      const names = ['file', 'folder', 'link', 'nothing', 'same']
      host.write('data/same', 'same\n')
      const things = names.map(name => `path:${host.at(`data/${name}`)}`)
      expect(await host.arm(host.owner().pid, { things })).toMatchObject({ code: 0 })
      await host.sh(
        'cd DATA && echo after >file && chmod 666 file && rm -r folder/deep && echo b >folder/b && rm link && echo c >link && mkdir nothing',
      )
      expect(await host.command('fire "nobody came"')).toMatchObject({ code: 0 })
      const { text } = await host.sh(
        'cd DATA && cat file && stat -c %a file && find folder link nothing 2>/dev/null; readlink link',
      )
      expect(text).toBe('before\n640\nfolder\nfolder/deep\nfolder/deep/a\nlink\nfile\n')
      const { text: told } = await host.sh(toldScript('one'))
      const lines = told.replaceAll(`${host.root}/`, '').trimEnd().split('\n')
      expect(lines).toEqual(['nobody came', ...names.slice(0, 4).map(name => `data/${name} put back`)])
      expect(existsSync(host.at('guard/one'))).toBe(false)
    })

    it('leaves nothing behind when it is disarmed', async () => {
      const host = folder()
      host.write('data/file', 'before\n')
      await host.arm(host.owner().pid)
      host.write('data/file', 'after\n')
      expect(await host.command('disarm')).toMatchObject({ code: 0 })
      expect((await host.sh(`ls -A ${BASE} /etc/`)).text).not.toContain('one')
      expect(host.read('data/file')).toBe('after\n')
    })

    it('fires by itself when the time is up', async () => {
      const host = folder()
      host.write('data/file', 'before\n')
      await host.arm(host.owner().pid, { windowS: 1 })
      host.write('data/file', 'after\n')
      await host.until(() => host.read('data/file') === 'before\n' && existsSync(host.at('guard/one/done')))
      expect((await host.command('disarm')).code).toBe(75)
      const found = readStatus((await host.sh(LOOK)).text)
      expect(found).toMatchObject([
        { is: 'fired', report: ['nobody logged in in time', expect.stringContaining('put back')] },
      ])
    })

    it('waits for a change that is still being made', async () => {
      const host = folder()
      host.write('data/file', 'before\n')
      const owner = host.owner()
      owner.stdin?.write(`sleep 4; echo done >${host.at('end')}; sleep 4 & wait\n`)
      await host.arm(owner.pid, { windowS: 1 })
      host.write('data/file', 'after\n')
      await host.until(() => host.read('end') !== null)
      expect(host.read('data/file')).toBe('after\n')
      owner.kill('SIGKILL')
      await host.until(() => host.read('data/file') === 'before\n')
    })

    it('that is on hold waits as long as our session lives', async () => {
      const host = folder()
      host.write('data/file', 'before\n')
      const owner = host.owner()
      await host.arm(owner.pid, { windowS: 1 })
      host.write('data/file', 'after\n')
      expect(await host.command(`hold ${owner.pid}`)).toMatchObject({ code: 0 })
      await sleep(3500)
      expect(host.read('data/file')).toBe('after\n')
      owner.kill('SIGKILL')
      await host.until(() => host.read('data/file') === 'before\n')
    })

    it('keeps the state of the beginning when it is armed again', async () => {
      const host = folder()
      host.write('data/file', 'before\n')
      const { pid } = host.owner()
      await host.arm(pid)
      host.write('data/file', 'between\n')
      await host.arm(pid)
      await host.command('fire again')
      expect(host.read('data/file')).toBe('before\n')
    })

    it('is the only one of its host', async () => {
      const host = folder()
      await host.arm(host.owner().pid)
      const other = await host.arm(host.owner().pid, { id: 'two' })
      expect(other).toMatchObject({ code: 73, text: expect.stringMatching(/^armed one \d+ \d+$/m) })
      await host.command('disarm')
      expect(await host.arm(host.owner().pid, { id: 'two' })).toMatchObject({ code: 0 })
    })

    it('of a session that is gone is found', async () => {
      const host = folder()
      const owner = host.owner()
      await host.arm(owner.pid)
      expect(readStatus((await host.sh(LOOK)).text)).toMatchObject([{ is: 'owned', owner: owner.pid }])
      owner.kill('SIGKILL')
      await host.until(() => owner.signalCode !== null)
      expect(readStatus((await host.sh(LOOK)).text)).toEqual([{ is: 'left', id: 'one' }])
    })

    it('fires at boot when it was armed, and goes on with what was cut off', async () => {
      const host = folder()
      host.write('data/file', 'before\n')
      await host.arm(host.owner().pid)
      host.write('data/file', 'after\n')
      // As if the host had gone down after the word was taken.
      symlinkSync('undo', host.at('guard/one/claim'))
      expect((await host.command('fire now')).code).toBe(75)
      expect(await host.command('boot')).toMatchObject({ code: 0 })
      expect(host.read('data/file')).toBe('before\n')
      expect(host.read('guard/one/report')).toContain('rebooted')
    })

    it('that was on hold gives the run one more window after a boot', async () => {
      const host = folder()
      host.write('data/file', 'before\n')
      const owner = host.owner()
      await host.arm(owner.pid, { windowS: 2 })
      await host.command(`hold ${owner.pid}`)
      host.write('data/file', 'after\n')
      owner.kill('SIGKILL')
      await host.command('boot')
      expect(host.read('data/file')).toBe('after\n')
      await host.until(() => host.read('data/file') === 'before\n')
    })

    it('that cannot keep something is not armed, and nothing is left of it', async () => {
      const host = folder()
      const things = [`path:${host.at('data/file')}`, 'path:/proc/self/mem']
      const { code } = await host.arm(host.owner().pid, { things })
      expect(code).toBe(76)
      expect((await host.sh(`ls -A ${BASE}`)).text).toBe('')
    })
  },
)
