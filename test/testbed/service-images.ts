/** The images the hosts can pull, each real software of Debian 13 (or a stand-in that says so) under a pinned name. */
import { join } from 'node:path'
import { docker, dockerSays } from '../../src/sandbox/docker-engine.ts'
import {
  BASE_IMAGE,
  ensureBaseImage,
  ensureTargetImage,
  fingerprint,
} from '../../src/sandbox/docker-image.ts'

export interface ServiceImage {
  /** Folder under test/images. */
  readonly folder: string
  /** As a compose file names it; Docker Hub's `library/` is left out. */
  readonly reference: string
}

export const SERVICE_IMAGES: readonly ServiceImage[] = [
  { folder: 'postgres', reference: 'postgres:18.1-bookworm' },
  { folder: 'redis', reference: 'redis:8.0-bookworm' },
  { folder: 'caddy', reference: 'caddy:2.10.2-alpine' },
  { folder: 'qdrant-stand-in', reference: 'qdrant/qdrant:v1.16.3' },
  { folder: 'n8n-stand-in', reference: 'n8nio/n8n:2.7.3' },
  { folder: 'unhealthy', reference: 'vpai-test/unhealthy:1.0' },
]

const IMAGES = join(import.meta.dirname, '../images')

/** Resolves to the local tag. */
export async function ensureServiceImage({ folder, reference }: ServiceImage): Promise<string> {
  await ensureBaseImage()
  const recipe = join(IMAGES, folder)
  const tag = `vpai-testbed-${folder}:${fingerprint(recipe)}`
  return ensureImage(tag, recipe, { BASE: BASE_IMAGE, PINNED: reference })
}

/** The sandbox host with the test bed's accounts and registry on top. */
export async function ensureHostImage(): Promise<string> {
  const target = await ensureTargetImage()
  const recipe = join(import.meta.dirname, 'host')
  const tag = `vpai-testbed-host:${target.split(':')[1]}-${fingerprint(recipe)}`
  return ensureImage(tag, recipe, { TARGET: target })
}

/** A host image of the recipe's own on top of another, whose name the recipe knows as HOST. */
export async function ensureHostWith(recipe: string, host: string): Promise<string> {
  const tag = `${host}-${fingerprint(recipe)}`
  return ensureImage(tag, recipe, { HOST: host })
}

/** Builds `tag` from a recipe unless it is there. */
export async function ensureImage(
  tag: string,
  recipe: string,
  buildArguments: Readonly<Record<string, string>>,
): Promise<string> {
  if (await dockerSays(['image', 'inspect', tag])) return tag
  const flags = Object.entries(buildArguments).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`])
  await docker(['build', '--network', 'host', '-q', ...flags, '-t', tag, recipe])
  return tag
}
