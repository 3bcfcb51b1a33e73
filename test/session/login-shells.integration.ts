import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { LOGIN, localHost } from './local-host.ts'
import { LOGIN_SHELLS, missing } from './shells.ts'

console.log(
  `login shells missing here: ${missing(['dash', 'bash', 'zsh', 'fish', 'tcsh', 'mksh'], LOGIN_SHELLS)}`,
)

/** A home whose start-up files talk. */
const home = mkdtempSync(path.join(tmpdir(), 'vpai-home-'))
mkdirSync(path.join(home, '.config/fish'), { recursive: true })
for (const file of ['.zshenv', '.tcshrc', '.bashrc', '.config/fish/config.fish']) {
  writeFileSync(path.join(home, file), 'echo noise from a start-up file\n')
}
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe.each(LOGIN_SHELLS)('a login shell %s', shell => {
  test('passes the loader on unharmed, and its noise is skipped', async () => {
    const env = { ...process.env, HOME: home, BASH_ENV: path.join(home, '.bashrc') }
    const host = localHost({ local: { shell: [shell], env } })
    const session = await host.session(LOGIN)
    const reply = await session.request({ script: `printf '%s' "it's $1!"; cat`, stdin: '\0\n\\' })
    expect(reply).toEqual(expect.objectContaining({ code: 0, stdout: Buffer.from("it's !\0\n\\") }))
    await host.close()
  })
})

test.each([
  ['ends at once', ['/bin/false'], 'SESSION_NO_SHELL'],
  [
    'says something and ends',
    ['sh', '-c', 'echo This account is not available; exit 1', 'x'],
    'SESSION_NO_SHELL',
  ],
  ['says nothing and stays', ['sh', '-c', 'sleep 3', 'x'], 'SESSION_TIMEOUT'],
])('a login shell that %s is a clear error', async (_, shell, code) => {
  const host = localHost({ local: { shell }, host: { helloTimeoutMs: 700 } })
  await expect(host.session(LOGIN)).rejects.toMatchObject({ code })
  await host.close()
})
