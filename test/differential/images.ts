/** The two images of the suite, built once per recipe: the host that is changed, and the machine Ansible runs on. */
import path from 'node:path'
import { BASE_IMAGE, ensureBaseImage, fingerprint } from '../../src/sandbox/docker-image.ts'
import { ensureHostImage, ensureImage } from '../testbed/service-images.ts'

const recipe = (name: string) => path.join(import.meta.dirname, name)

export async function ensureTarget(): Promise<string> {
  const host = await ensureHostImage()
  const tag = `vpai-differential-target:${host.split(':')[1]}-${fingerprint(recipe('target'))}`
  return ensureImage(tag, recipe('target'), { HOST: host })
}

export async function ensureControl(): Promise<string> {
  await ensureBaseImage()
  const tag = `vpai-differential-control:${fingerprint(recipe('control'))}`
  return ensureImage(tag, recipe('control'), { BASE: BASE_IMAGE })
}
