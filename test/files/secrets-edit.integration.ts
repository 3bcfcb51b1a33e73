import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../src/base/secret.ts'
import { editSecrets } from '../../src/files/secrets-edit.ts'
import {
  getSecret,
  initSecrets,
  openSecretsFile,
  setSecret,
  viewSecrets,
} from '../../src/files/secrets-file.ts'
import { generateIdentity, type Keys } from '../../src/secrets/age.ts'
import { bundleDriver } from './bundle-driver.ts'

let folder: string
let file: string
let keys: Keys

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vpai-edit-test-'))
  file = path.join(folder, 'secrets.age')
  keys = { identities: [await generateIdentity()] }
  await initSecrets(file, keys)
  await setSecret(file, keys, { path: 'kept', value: new Secret('hunter2hunter2') })
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  expect(leftovers()).toEqual([])
})

/** Folders of an edit still lying around in memory. */
function leftovers(): string[] {
  return ['/dev/shm', tmpdir()]
    .filter(existsSync)
    .flatMap(place => readdirSync(place).filter(name => /^vpai-edit-.{6}$/.test(name)))
}

/** An editor that is a line of shell working on "$1". */
function editor(script: string): Record<string, string> {
  const program = path.join(folder, 'editor.sh')
  writeFileSync(
    program,
    `#!/bin/sh\necho "$1" >> ${folder}/seen\nstat -c '%a' "$1" "$(dirname "$1")" >> ${folder}/modes\n${script}\n`,
    { mode: 0o755 },
  )
  return { EDITOR: program, PATH: process.env.PATH ?? '' }
}

const edit = (script: string, again = async () => false) =>
  editSecrets(file, keys, { environment: editor(script), again })

describe('editSecrets', () => {
  it('saves what the editor wrote and keeps the signing key, from a private file', async () => {
    expect(await edit(`echo 'new: value-value' >> "$1"; ! grep -q vpai_signing_key "$1"`)).toBe('saved')
    expect(await viewSecrets(file, keys)).toBe('kept: "hunter2hunter2"\nnew: value-value\n')
    expect((await openSecretsFile(file, keys)).document.get('vpai_signing_key')).toBeInstanceOf(Secret)
    expect(readFileSync(path.join(folder, 'modes'), 'utf8')).toBe('600\n700\n')
    expect(existsSync(readFileSync(path.join(folder, 'seen'), 'utf8').trim())).toBe(false)
  })

  it('writes nothing when nothing changed', async () => {
    const before = readFileSync(file)
    expect(await edit('true')).toBe('unchanged')
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('opens the editor again on what was typed when it is not valid YAML', async () => {
    const script = `if grep -q '"open' "$1"; then sed -i 's/"open/"open"/' "$1"; else echo 'a: "open' >> "$1"; fi`
    const told: string[] = []
    const again = async (problem: { code: string }) => {
      told.push(problem.code)
      return true
    }
    expect(await editSecrets(file, keys, { environment: editor(script), again })).toBe('saved')
    expect(told).toEqual(['SECRETS_YAML'])
    expect(await getSecret(file, keys, 'a')).toBeInstanceOf(Secret)
  })

  it.each([
    ['invalid YAML nobody wants to mend', `echo 'a: "typed' >> "$1"`],
    ['an editor that fails', `echo 'a: typed-text' >> "$1"; exit 1`],
  ])('keeps the text encrypted after %s, and goes on from it (SECRETS_EDIT_KEPT)', async (_, script) => {
    const before = readFileSync(file)
    await expect(edit(script)).rejects.toEqual(expect.objectContaining({ code: 'SECRETS_EDIT_KEPT' }))
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(readFileSync(`${file}.draft`, 'utf8')).toMatch(/^-----BEGIN AGE/)
    expect(await edit(`grep -q typed "$1" && echo 'b: done-done' > "$1"`)).toBe('saved')
    expect(await viewSecrets(file, keys)).toBe('b: done-done\n')
    expect(existsSync(`${file}.draft`)).toBe(false)
  })

  it('puts the text away encrypted when asked to end in the middle', async () => {
    const environment = editor(`echo 'a: typed-text' >> "$1"; touch ${folder}/ready; exec sleep 60`)
    const driver = bundleDriver(
      path.join(import.meta.dirname, 'edit-driver.ts'),
      path.join(folder, 'driver.mjs'),
    )
    const key = keys.identities?.[0]?.reveal() ?? ''
    const child = spawn(process.execPath, [driver, file, key], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk))
    const ended = new Promise(resolve => child.once('close', resolve))
    await expect.poll(() => existsSync(path.join(folder, 'ready')) || said, { timeout: 20_000 }).toBe(true)
    child.kill('SIGTERM')
    await ended
    expect(said).toBe('SECRETS_EDIT_KEPT')
    expect(existsSync(`${file}.draft`)).toBe(true)
  })
})
