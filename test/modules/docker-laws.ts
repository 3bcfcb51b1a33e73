/** Docker modules against a real engine: the image they use, and the laws each of them keeps. End-to-end tests only. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Module } from '../../src/modules/contract.ts'
import { anyModule } from '../../src/modules/shared/any-module.ts'
import { findProgram } from '../../src/sandbox/tier.ts'
import { type Converged, converge, decideOn } from './harness.ts'
import type { Shell } from './shells.ts'

/** busybox and nothing else; sleeps until it is ended. */
export const IMAGE = 'vpai-test/busybox:1'

/** Why there is no engine to be had here; null when there is. */
export function whyNoEngine(): string | null {
  if (process.env.DOCKER_HOST === undefined && process.getuid?.() !== 0) return 'an own dockerd needs root'
  const missing = ['docker', 'dockerd', 'ip', 'busybox'].filter(program => findProgram(program) === null)
  return missing.length === 0 ? null : `${missing.join(', ')} missing: see test/packages/e2e.txt`
}

export function docker(...words: readonly string[]): string {
  return execFileSync('docker', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
}

export const RECIPE = `FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
ENV PATH=/bin
LABEL from=image
EXPOSE 80
VOLUME /data
STOPSIGNAL SIGKILL
CMD ["sleep", "100000"]
`

/** A folder with busybox and a Dockerfile. */
export function recipeFolder(recipe = RECIPE): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'vpai-docker-'))
  copyFileSync(findProgram('busybox') ?? '', join(path, 'busybox'))
  writeFileSync(join(path, 'Dockerfile'), recipe)
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

export function buildImage(): void {
  const folder = recipeFolder()
  docker('build', '-q', '-t', IMAGE, folder.path)
  folder.remove()
}

/** Looks, decides, acts and looks again, with the engine of $DOCKER_HOST. */
export function converged<Args>(module: Module<Args>, args: object): Converged {
  return converge(anyModule(module), args, { shell: engineShell() })
}

/** What was told beforehand is what was done; afterwards nothing is left to do; once more changes nothing. */
export function keepsLaws<Args>(module: Module<Args>, args: object): Converged {
  const asked = decideOn(anyModule(module), args, { shell: engineShell(), context: { check: true } })
  const first = converged(module, args)
  expect(first.failed, JSON.stringify(first.result.msg ?? first.verdict)).toBe(false)
  expect(first.verdict).toMatchObject({ kind: 'change' })
  expect(asked).toMatchObject({ kind: 'change', changes: first.changes })
  expect(first.after, JSON.stringify(first.after)).toMatchObject({ kind: 'ok' })
  expect(converged(module, args).changed).toBe(false)
  return first
}

/** /bin/sh where docker speaks to the engine of this process. */
function engineShell(): Shell {
  const set = ['DOCKER_HOST', 'DOCKER_CONFIG'].flatMap(name =>
    process.env[name] === undefined ? [] : [`${name}=${process.env[name]}`],
  )
  return {
    name: 'sh',
    command: ['/usr/bin/env', ...set, '/bin/sh'],
    path: process.env.PATH ?? '/usr/bin:/bin',
  }
}
