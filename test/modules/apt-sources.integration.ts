/** Sources and keys of apt, on copies of /etc/apt and a keyring of their own. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aptKey } from '../../src/modules/apt_key.ts'
import { deb822Repository } from '../../src/modules/deb822_repository.ts'
import { converge, decideOn } from './harness.ts'
import { type Namespace, namespace } from './namespace.ts'
import { runScript, type Shell, temporaryDirectory } from './shells.ts'

let space: Namespace | null = null
let top = ''
let armored = ''
const hasGpg = existsSync('/usr/bin/gpg') && existsSync('/usr/bin/apt-key')

beforeAll(async () => {
  top = temporaryDirectory()
  space = await namespace(['--mount'])
  if (space !== null) runScript(space.shell, 'mount -t tmpfs tmpfs /etc/apt && mkdir /etc/apt/sources.list.d')
  if (!hasGpg) return
  const gpg = ['gpg', '--homedir', top, '--batch', '--quiet']
  sh(`${gpg.join(' ')} --passphrase '' --quick-gen-key vpai-test ed25519 sign never 2>&1`)
  armored = sh(`${gpg.join(' ')} --armor --export vpai-test`)
  sh(
    `${gpg.join(' ')} --armor --export vpai-test >${top}/key.asc; ${gpg.join(' ')} --export vpai-test >${top}/key.gpg`,
  )
}, 30_000)
afterAll(() => {
  space?.stop()
  if (hasGpg) sh(`gpgconf --homedir ${top} --kill all || :`)
  rmSync(top, { recursive: true, force: true })
})

const sh = (script: string): string => execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })

const SOURCE = {
  name: 'Our Packages',
  types: ['deb', 'deb-src'],
  uris: 'https://packages.example.org/debian',
  suites: 'stable',
  components: ['main', 'contrib'],
  architectures: 'amd64',
}

/** What apt would fetch: it has read the sources then. */
const asked = (shell: Shell): string => runScript(shell, 'apt-get update --print-uris 2>&1').stdout.toString()

describe('deb822_repository', () => {
  test.each([
    ['an address of an armored key', 'key.asc', '/etc/apt/keyrings/our-packages.asc'],
    ['an address of a bare key', 'key.gpg', '/etc/apt/keyrings/our-packages.gpg'],
  ])('writes the source with %s, and takes both away', (_what, file, key) => {
    if (space === null || !hasGpg) return console.log('skipped: needs mount namespaces, gpg')
    const { shell } = space
    const args = { ...SOURCE, signed_by: `file://${join(top, file)}` }
    const first = converge(deb822Repository, args, { shell })
    expect(first).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(first.result).toMatchObject({ key_filename: key })
    const written = runScript(shell, 'cat /etc/apt/sources.list.d/our-packages.sources').stdout.toString()
    expect(written).toBe(`Architectures: amd64
Components: main contrib
X-Repolib-Name: Our Packages
Signed-By: ${key}
Suites: stable
Types: deb deb-src
URIs: https://packages.example.org/debian
`)
    expect(runScript(shell, `cmp ${key} ${join(top, file)}`).code).toBe(0)
    expect(asked(shell)).toContain('https://packages.example.org/debian/dists/stable/InRelease')
    const gone = converge(deb822Repository, { name: SOURCE.name, state: 'absent' }, { shell })
    expect(gone).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(runScript(shell, 'find /etc/apt -type f').stdout.toString()).toBe('')
  })

  test('writes a key into the source', () => {
    if (space === null || !hasGpg) return console.log('skipped: needs mount namespaces, gpg')
    const { shell } = space
    const first = converge(deb822Repository, { ...SOURCE, name: 'inline', signed_by: armored }, { shell })
    expect(first).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(asked(shell)).toContain('https://packages.example.org/debian/dists/stable/InRelease')
  })

  test('says that a key cannot be fetched', () => {
    const verdict = decideOn(deb822Repository, { ...SOURCE, signed_by: `file://${top}/none` })
    expect(verdict).toMatchObject({ kind: 'fail', message: expect.stringContaining('could not be fetched') })
  })
})

describe('apt_key', () => {
  test.each([
    ['a file', () => ({ file: join(top, 'key.asc') })],
    ['an address', () => ({ url: `file://${join(top, 'key.gpg')}` })],
    ['a text', () => ({ data: armored })],
  ])('trusts the key of %s, and does no longer', (_what, source) => {
    if (!hasGpg) return console.log('skipped: needs gpg and apt-key')
    const keyring = join(top, 'ring.gpg')
    const first = converge(aptKey, { ...source(), keyring })
    expect(first).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(readFileSync(keyring).length).toBeGreaterThan(100)
    const id = String(first.result.id).slice(-8)
    expect(decideOn(aptKey, { ...source(), id, keyring })).toMatchObject({ kind: 'ok' })
    const gone = converge(aptKey, { id: `0x${id}`, keyring, state: 'absent' })
    expect(gone).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
  })
})
