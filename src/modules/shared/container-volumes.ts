/** Volumes and mounts of a container. */
import type { Value } from '../../base/value.ts'
import type { ContainerArgs } from './container-arguments.ts'
import { type ContainerOption, covers } from './container-wish.ts'
import { dictAt, listAt } from './docker-cli.ts'
import { mountFlag, mountWish } from './mount-arguments.ts'

export const VOLUME_OPTIONS: readonly ContainerOption[] = [
  {
    name: 'volumes',
    wish: ({ volumes }, container, { image }) =>
      volumes === undefined
        ? null
        : {
            kind: 'set',
            want: volumes.map(normalVolume),
            have: [
              ...listAt(container, 'HostConfig.Binds').map(bind => normalVolume(String(bind))),
              ...anonymous(container, image, volumes),
            ],
          },
    flags: ({ volumes = [] }) => volumes.map(volume => `--volume=${volume}`),
  },
  {
    name: 'mounts',
    wish: ({ mounts }, container) =>
      mounts === undefined
        ? null
        : {
            kind: 'set',
            want: mounts.map(mountWish),
            have: listAt(container, 'HostConfig.Mounts'),
            same: covers,
          },
    flags: ({ mounts = [] }) => mounts.map(mount => `--mount=${mountFlag(mount)}`),
  },
]

const MODES =
  /^(rw|ro|z|Z|consistent|delegated|cached|r?private|r?shared|r?slave|nocopy)(,(rw|ro|z|Z|consistent|delegated|cached|r?private|r?shared|r?slave|nocopy))*$/

/** What is wrong with volumes and mounts; null when nothing is. */
export function volumeProblem({ volumes = [], mounts = [] }: ContainerArgs): string | null {
  const wrong = volumes.find(volume => volume.split(':').length > 3 || !hasMode(volume))
  if (wrong !== undefined) return `volumes: ${wrong} is no source:target:mode with a mode docker knows`
  const targets = [...volumes.map(targetOf), ...mounts.map(mount => mount.target)]
  const twice = targets.find((target, index) => targets.indexOf(target) !== index)
  return twice === undefined ? null : `volumes and mounts: ${twice} is mounted twice`
}

function hasMode(volume: string): boolean {
  const [, , mode] = volume.split(':')
  return mode === undefined || MODES.test(mode)
}

function targetOf(volume: string): string {
  const [first = '', second] = volume.split(':')
  return second === undefined || MODES.test(second) ? first : second
}

/** Sources that mean the home directory: `~/data:/data`, `./data:/data`. */
export function needsHome({ volumes = [] }: ContainerArgs): boolean {
  return volumes.some(isBelowHome)
}

export function withHomeIn(volumes: readonly string[], home: string): string[] {
  const plain = home.replace(/\/$/, '')
  return volumes.map(volume => (isBelowHome(volume) ? `${plain}${volume.slice(1)}` : volume))
}

function isBelowHome(volume: string): boolean {
  return /^[.~](\/[^:]*)?:/.test(volume)
}

/** source:target:mode, with the mode's words in order; `rw` says nothing. A lone path is an anonymous volume. */
function normalVolume(volume: string): string {
  const [source = '', target, mode = ''] = volume.split(':')
  if (target === undefined || MODES.test(target)) return source
  const words = mode.split(',').filter(word => word !== '' && word !== 'rw')
  return [tidy(source), tidy(target), ...(words.length === 0 ? [] : [words.sort().join(',')])].join(':')
}

function tidy(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path
}

/** Anonymous volumes without those the image brings, unless they are asked for. */
function anonymous(container: Value, image: Value, wanted: readonly string[]): string[] {
  const ofImage = dictAt(image, 'Config.Volumes')
  return Object.keys(dictAt(container, 'Config.Volumes')).filter(
    path => !(path in ofImage) || wanted.includes(path),
  )
}
