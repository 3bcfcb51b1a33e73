import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { appendKnownHost, readKnownHosts } from '../../src/connections/known-hosts-file.ts'
import { sshTarget } from '../../src/connections/ssh-config.ts'
import { readSshConfig } from '../../src/connections/ssh-config-file.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'vpai-home-'))
  mkdirSync(path.join(home, '.ssh/conf.d'), { recursive: true })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))
const write = (name: string, text: string): string => {
  writeFileSync(path.join(home, '.ssh', name), text)
  return path.join(home, '.ssh', name)
}

describe('ssh configuration files', () => {
  const port = async (name: string, files: readonly string[]) => {
    const text = await readSshConfig(files, home)
    return sshTarget({ name }, { text, home, localUser: 'me', env: {}, exists: () => false }).port
  }

  test('includes stand where they are written, in order of their names', async () => {
    write('conf.d/b', 'Host web1\n  Port 2\n')
    write('conf.d/a', 'Host web1\n  Port 1\nHost web2\n  Port 3\n')
    const main = write('config', 'Include conf.d/*\nPort 9\nHost web3\n  Include missing\n  Port 4\n')
    expect([await port('web1', [main]), await port('web2', [main]), await port('web4', [main])]).toEqual([
      1, 3, 9,
    ])
  })

  test('the block around an include goes on after it', async () => {
    write('conf.d/a', 'Host other\n  Port 1\n')
    const main = write('config', 'Host web1\n  Include conf.d/a\n  Port 7\nHost *\n  Port 8\n')
    expect([await port('web1', [main]), await port('other', [main])]).toEqual([7, 1])
  })

  test('the first file goes before the second; one that is missing is empty', async () => {
    const user = write('config', 'Host web1\n  Port 1\n')
    const system = write('system', 'Port 2\n')
    const files = [path.join(home, 'nothing'), user, system]
    expect([await port('web1', files), await port('web2', files)]).toEqual([1, 2])
  })

  test('commands of a configuration are never run', async () => {
    const mark = path.join(home, 'ran')
    const main = write('config', `Match exec "touch ${mark}"\n  Port 2222\n`)
    expect(await port('web1', [main])).toBe(22)
    expect(existsSync(mark)).toBe(false)
  })

  test('includes in a circle are an error', async () => {
    const main = write('config', 'Include config\n')
    await expect(readSshConfig([main], home)).rejects.toMatchObject({ code: 'SSH_CONFIG_SYNTAX' })
  })
})

describe('adding to known_hosts', () => {
  test('many at once all arrive, whole, and each once', async () => {
    const file = path.join(home, '.ssh/known_hosts')
    const lines = Array.from({ length: 20 }, (_, index) => `host${index % 15} ssh-ed25519 AAAA`)
    await Promise.all(lines.map(line => appendKnownHost(file, line)))
    expect(readFileSync(file, 'utf8').split('\n').sort()).toEqual([...new Set([...lines, ''])].sort())
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(path.join(home, '.ssh')).sort()).toEqual(['conf.d', 'known_hosts'])
  })

  test('a last line without its end is kept apart', async () => {
    const file = write('known_hosts', 'old ssh-rsa AAAA')
    await appendKnownHost(file, 'new ssh-rsa BBBB')
    expect(readFileSync(file, 'utf8')).toBe('old ssh-rsa AAAA\nnew ssh-rsa BBBB\n')
  })

  test('a link stays a link', async () => {
    const real = write('real', '')
    const link = path.join(home, '.ssh/known_hosts')
    symlinkSync(real, link)
    await appendKnownHost(link, 'a b c')
    expect(readFileSync(real, 'utf8')).toBe('a b c\n')
  })

  test('/dev/null is left as it is', async () => {
    await appendKnownHost('/dev/null', 'a b c')
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
    expect(existsSync('/dev/null.lock')).toBe(false)
  })

  test('a file that cannot be read is an error, a missing one is empty', async () => {
    expect(await readKnownHosts([path.join(home, 'nothing')])).toEqual([])
    await expect(readKnownHosts([home])).rejects.toMatchObject({ code: 'SSH_KNOWN_HOSTS_READ' })
    chmodSync(home, 0o755)
  })
})
