/** The images of the suite, built once per recipe: hosts that are changed, and the machine Ansible runs on. */
import path from 'node:path'
import { BASE_IMAGE, ensureBaseImage, fingerprint } from '../../src/sandbox/docker-image.ts'
import { ensureHostImage, ensureHostWith, ensureImage } from '../testbed/service-images.ts'

const recipe = (name: string) => path.join(import.meta.dirname, name)
const PROGRAMS_OF_CANARIES = path.join(import.meta.dirname, '../canary/host/image')

export async function ensureTarget(): Promise<string> {
  return targetOn(await ensureHostImage())
}

/** The same with a program for every module: databases, package managers, firewalls. */
export async function ensureTargetWithPrograms(): Promise<string> {
  const host = await ensureHostWith(PROGRAMS_OF_CANARIES, await ensureHostImage())
  return targetOn(await ensureHostWith(recipe('programs'), host))
}

export async function ensureControl(): Promise<string> {
  await ensureBaseImage()
  const tag = `vpai-differential-control:${fingerprint(recipe('control'))}`
  return ensureImage(tag, recipe('control'), { BASE: BASE_IMAGE })
}

function targetOn(host: string): Promise<string> {
  const tag = `vpai-differential-target:${host.split(':')[1]}-${fingerprint(recipe('target'))}`
  return ensureImage(tag, recipe('target'), { HOST: host })
}
