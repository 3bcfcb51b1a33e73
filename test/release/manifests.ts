/** Manifests for tests, said with as few words as they need. */
import type { Header, Manifest, ReleasedFile, ReleasedImage } from '../../src/release/manifest.ts'
import type { HostReleases } from '../../src/release/read-script.ts'

export function aFile(
  path: string,
  over: Partial<Extract<ReleasedFile, { type: 'file' }>> = {},
): ReleasedFile {
  return {
    type: 'file',
    path,
    mode: '644',
    owner: 'root',
    group: 'root',
    size: 2,
    sha256: 'a'.repeat(64),
    isKept: true,
    notifies: [],
    isNew: false,
    ...over,
  }
}

export function anImage(service: string, id: string, over: Partial<ReleasedImage> = {}): ReleasedImage {
  const container = `stack-${service}-1`
  return {
    project: 'stack',
    service,
    container,
    state: 'healthy',
    reference: `${service}:1`,
    id,
    digests: [],
    ...over,
  }
}

export function aHeader(number: number): Header {
  return {
    format: 1,
    number,
    run: `r${number}`,
    lease: number,
    project: 'shop',
    env: 'prod',
    when: `2026-11-0${number} 10:00 UTC`,
    by: 'ann on desk',
    vpai: '1.0.0',
    inventory: null,
    secrets: null,
    rollbackOf: null,
    snapshot: null,
    isPart: false,
  }
}

export function aManifest(number: number, over: Partial<Manifest> = {}): Manifest {
  const none = { files: [], compose: [], containers: [], units: [], userUnits: [], packages: [], images: [] }
  return { ...aHeader(number), ...none, state: null, ...over }
}

export function aHost(releases: readonly Manifest[], over: Partial<HostReleases> = {}): HostReleases {
  return { releases, failed: [], lastRun: releases.at(-1)?.lease ?? 0, snapshots: [], ...over }
}
