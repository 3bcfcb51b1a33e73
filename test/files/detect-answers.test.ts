import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkDeployKey, detectAnswers } from '../../src/files/detect-answers.ts'
import { settle } from '../../src/wizard/settle.ts'
import { anInput } from '../wizard/a-wizard.ts'

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN me@laptop'
let home: string

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'vpai-home-'))
  mkdirSync(path.join(home, '.ssh'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

describe('detectAnswers', () => {
  it('finds public keys under any name and nothing else', async () => {
    writeFileSync(path.join(home, '.ssh/my-own.pub'), `${KEY}\n`)
    writeFileSync(path.join(home, '.ssh/broken.pub'), 'x\n')
    writeFileSync(path.join(home, '.ssh/id_ed25519'), 'private\n')
    expect(await detectAnswers(home)).toEqual({ ssh_authorized_keys: [KEY] })
  })

  it('finds nothing without a folder for keys', async () => {
    expect(await detectAnswers(path.join(home, 'none'))).toEqual({})
  })
})

describe('checkDeployKey', () => {
  const warnings = async () =>
    (await checkDeployKey(settle(anInput()).result, home)).map(finding => [finding.code, finding.hint])

  it('tells a missing key with the command that makes it', async () => {
    expect(await warnings()).toEqual([['WIZARD_NO_KEY_FILE', 'ssh-keygen -t ed25519 -f ~/.ssh/vpai-deploy']])
  })

  it('tells a key that others may read, until it is mended', async () => {
    const file = path.join(home, '.ssh/vpai-deploy')
    writeFileSync(file, '')
    chmodSync(file, 0o644)
    expect(await warnings()).toEqual([['WIZARD_KEY_MODE', 'chmod 600 ~/.ssh/vpai-deploy']])
    chmodSync(file, 0o600)
    expect(await warnings()).toEqual([])
  })
})
