/** Builds the image of a Debian host on the spot: a base by mmdebstrap, then the recipe in templates/sandbox. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { execa } from 'execa'
import { VpaiError } from '../base/error.ts'
import { findDebianMirror, PUBLIC_MIRROR } from './apt-mirror.ts'
import { docker, dockerSays } from './docker-engine.ts'
import { findProgram } from './tier.ts'

export interface ImageRequest {
  readonly recipeDir?: string
  readonly progress?: (line: string) => void
}

/** A base without anything but apt; also what service images of tests are built on. */
export const BASE_IMAGE = 'vpai-sandbox-base:trixie'

const SUITE = 'trixie'

/** Debian's own image of the suite. */
const PUBLISHED_BASE = 'debian:trixie-slim'

/** Kept out of the base: nobody reads them in a throw-away host. */
const LEFT_OUT = ['doc', 'man', 'locale', 'info'].map(
  folder => `--dpkgopt=path-exclude=/usr/share/${folder}/*`,
)

/** The image's tag; it names the recipe's contents, so a changed recipe is built anew. */
export async function ensureTargetImage(request: ImageRequest = {}): Promise<string> {
  const recipe = request.recipeDir ?? shippedRecipe()
  const tag = `vpai-sandbox:${fingerprint(recipe)}`
  if (await dockerSays(['image', 'inspect', tag])) return tag
  await ensureBaseImage(request.progress)
  request.progress?.('Building the Debian 13 host image (once, about half a minute)')
  await docker(['build', '--network', 'host', '-q', '--build-arg', `BASE=${BASE_IMAGE}`, '-t', tag, recipe])
  return tag
}

export async function ensureBaseImage(progress?: (line: string) => void): Promise<void> {
  if (await dockerSays(['image', 'inspect', BASE_IMAGE])) return
  // mmdebstrap takes the packages from where this machine takes its own; other systems than Debian have none.
  if (findProgram('mmdebstrap') === null) return pullBaseImage(progress)
  const mirror = machineMirror()
  progress?.(`Fetching Debian 13 packages from ${mirror}`)
  const repositories = ['trixie', 'trixie-updates'].map(suite => `deb ${mirror} ${suite} main`)
  const bootstrap = execa(
    'mmdebstrap',
    [
      '--quiet',
      '--variant=minbase',
      '--aptopt=APT::Install-Recommends "false"',
      ...proxyOptions(await aptConfiguration()),
      ...LEFT_OUT,
      SUITE,
      '-',
      ...repositories,
    ],
    { reject: false, buffer: { stdout: false }, stdin: 'ignore' },
  )
  const loaded = await bootstrap.pipe('docker', ['import', '-', BASE_IMAGE], { reject: false })
  const bootstrapped = await bootstrap
  if (!bootstrapped.failed && !loaded.failed) return
  await dockerSays(['image', 'rm', BASE_IMAGE])
  const words = String(bootstrapped.stderr || loaded.stderr)
    .trim()
    .split('\n')
    .slice(-6)
    .join('\n')
  throw new VpaiError(
    'SANDBOX_IMAGE_FAILED',
    `The Debian base image could not be made from ${mirror}: ${words}`,
  )
}

/** Throws SANDBOX_MMDEBSTRAP_MISSING when it cannot be pulled either. */
export async function pullBaseImage(progress?: (line: string) => void): Promise<void> {
  progress?.(`Pulling ${PUBLISHED_BASE}`)
  try {
    await docker(['pull', '-q', PUBLISHED_BASE])
    await docker(['tag', PUBLISHED_BASE, BASE_IMAGE])
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause)
    throw new VpaiError(
      'SANDBOX_MMDEBSTRAP_MISSING',
      `The docker sandbox begins with a Debian base. There is no mmdebstrap to make one, and ${words}`,
      {
        cause,
        hint: 'On Debian and Ubuntu: apt-get install mmdebstrap. Elsewhere a registry must be reachable.',
      },
    )
  }
}

/** Reads the machine's apt sources; machines without Debian's archive in them get the public one. */
export function machineMirror(): string {
  const folder = '/etc/apt/sources.list.d'
  const parts = existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map(name => join(folder, name))
    : []
  const readable = ['/etc/apt/sources.list', ...parts].filter(
    path => /\.(list|sources)$/.test(path) && existsSync(path),
  )
  return findDebianMirror(readable.map(path => readFileSync(path, 'utf8'))) ?? PUBLIC_MIRROR
}

/** Beside dist/ in the package, and at the root of a checkout. */
export function shippedRecipe(): string {
  const places = ['../templates/sandbox', '../../templates/sandbox'].map(place =>
    join(import.meta.dirname, place),
  )
  const found = places.find(place => existsSync(join(place, 'Dockerfile')))
  if (found !== undefined) return found
  throw new VpaiError(
    'SANDBOX_RECIPE_MISSING',
    'The recipe of the docker sandbox (templates/sandbox) is not in this installation.',
  )
}

async function aptConfiguration(): Promise<string> {
  const { stdout } = await execa('apt-config', ['dump'], { reject: false })
  return stdout ?? ''
}

/** A proxy of the machine's apt is needed inside as well; mmdebstrap reads no configuration of its own. */
function proxyOptions(configuration: string): string[] {
  return configuration
    .split('\n')
    .filter(line => /^Acquire::https?::Proxy\b.*"[^"]+";$/i.test(line))
    .map(line => `--aptopt=${line.replace(/;$/, '')}`)
}

/** Names the contents of a folder: any changed file gives another. */
export function fingerprint(folder: string): string {
  const hash = createHash('sha256')
  for (const path of filesUnder(folder))
    hash
      .update(`${relative(folder, path)}\0`)
      .update(readFileSync(path))
      .update('\0')
  return hash.digest('hex').slice(0, 16)
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}
