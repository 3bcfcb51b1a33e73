/** Where the base of the docker sandbox comes from; `docker` is a stand-in that writes down what it is asked. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BASE_IMAGE, pullBaseImage } from '../../src/sandbox/docker-image.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'vpai-docker-stand-in-'))
  vi.stubEnv('PATH', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

function standIn(pulls: boolean): void {
  const file = path.join(folder, 'docker')
  const pull = pulls ? 'exit 0' : 'echo "no route to registry" >&2; exit 1'
  const script = `#!/bin/sh\necho "$*" >>"${folder}/asked"\ncase $1 in pull) ${pull};; esac\n`
  writeFileSync(file, script)
  chmodSync(file, 0o755)
}

it('without mmdebstrap, as on macOS, Debian is pulled', async () => {
  standIn(true)
  await pullBaseImage()
  expect(readFileSync(path.join(folder, 'asked'), 'utf8').split('\n')).toEqual([
    'pull -q debian:trixie-slim',
    `tag debian:trixie-slim ${BASE_IMAGE}`,
    '',
  ])
})

it('without mmdebstrap and without a registry it says what to install', async () => {
  standIn(false)
  await expect(pullBaseImage()).rejects.toMatchObject({
    code: 'SANDBOX_MMDEBSTRAP_MISSING',
    message: expect.stringContaining('no route to registry'),
  })
})
