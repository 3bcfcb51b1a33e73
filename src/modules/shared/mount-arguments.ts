/** One of the `mounts` of a container or service: its arguments, its form for `--mount`, its form in `docker inspect`. */
import type { z } from 'zod'
import type { Dict, Value } from '../../base/value.ts'
import { argumentsOf, bool, choice, text, textDict, word } from './arguments.ts'
import { bytesOf, size } from './docker-values.ts'
import { only } from './honoured.ts'

/** Which types of mount an argument is for. */
const ONLY_FOR: Readonly<Record<string, readonly string[]>> = {
  labels: ['volume'],
  no_copy: ['volume'],
  non_recursive: ['bind'],
  propagation: ['bind'],
  read_only_force_recursive: ['bind'],
  read_only_non_recursive: ['bind'],
  subpath: ['volume', 'image'],
  tmpfs_size: ['tmpfs'],
  tmpfs_mode: ['tmpfs'],
  volume_driver: ['volume'],
  volume_options: ['volume'],
}

export const mountSchema = () =>
  argumentsOf({
    target: word(),
    source: text().optional(),
    type: choice(['bind', 'volume', 'tmpfs', 'npipe', 'cluster', 'image']).default('volume'),
    read_only: bool().optional(),
    consistency: choice(['default', 'consistent', 'cached', 'delegated']).optional(),
    propagation: choice(['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave']).optional(),
    no_copy: bool().optional(),
    labels: textDict().optional(),
    volume_driver: text().optional(),
    volume_options: textDict().optional(),
    tmpfs_size: size().optional(),
    tmpfs_mode: text()
      .refine(mode => /^[0-7]{1,5}$/.test(mode), 'must be octal permission bits, such as "1777"')
      .optional(),
    non_recursive: bool().optional(),
    read_only_non_recursive: bool().optional(),
    read_only_force_recursive: bool().optional(),
    subpath: text().optional(),
    create_mountpoint: only(
      bool(),
      wanted => !wanted,
      'the docker program has no word for it: make the directory in a task before',
    ).optional(),
  })
    .refine(mount => mount.source !== undefined || !['bind', 'npipe'].includes(mount.type), {
      message: 'needs source for this type',
    })
    .superRefine((mount, issues) => {
      const wrong = Object.entries(ONLY_FOR).filter(
        ([name, types]) => mount[name as keyof typeof mount] !== undefined && !types.includes(mount.type),
      )
      for (const [name, types] of wrong)
        issues.addIssue(`${name} is for mounts of type ${types.join(' or ')}, not ${mount.type}`)
    })
export type WantedMount = z.output<ReturnType<typeof mountSchema>>

/** The value of `--mount`: comma-separated as in a CSV file. */
export function mountFlag(mount: WantedMount): string {
  const given = (name: string, value: string | number | undefined) =>
    value === undefined || value === '' ? [] : [`${name}=${value}`]
  const when = (wanted: boolean | undefined, word: string) => (wanted ? [word] : [])
  const bytes = mount.tmpfs_size === undefined ? undefined : (bytesOf(mount.tmpfs_size) ?? undefined)
  return [
    `type=${mount.type}`,
    ...given('source', mount.source),
    `target=${mount.target}`,
    ...when(mount.read_only, 'readonly'),
    ...given('consistency', mount.consistency),
    ...given('bind-propagation', mount.propagation),
    ...when(mount.non_recursive, 'bind-recursive=disabled'),
    ...when(mount.read_only_non_recursive, 'bind-recursive=writable'),
    ...when(mount.read_only_force_recursive, 'bind-recursive=readonly'),
    ...when(mount.no_copy, 'volume-nocopy'),
    ...given('volume-driver', mount.volume_driver),
    ...pairs('volume-label', mount.labels),
    ...pairs('volume-opt', mount.volume_options),
    ...given(mount.type === 'image' ? 'image-subpath' : 'volume-subpath', mount.subpath),
    ...given('tmpfs-size', bytes),
    ...given('tmpfs-mode', mount.tmpfs_mode),
  ]
    .map(field => (/[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field))
    .join(',')
}

function pairs(name: string, given: Readonly<Record<string, string>> | undefined): string[] {
  return Object.entries(given ?? {}).map(([key, value]) => `${name}=${key}=${value}`)
}

/** Only what was asked for, named as docker names it: a part of what `docker inspect` shows. */
export function mountWish(mount: WantedMount): Dict {
  const { labels, volume_driver, volume_options } = mount
  return without({
    Type: mount.type,
    Target: mount.target,
    Source: mount.source,
    ReadOnly: mount.read_only,
    Consistency: mount.consistency,
    BindOptions: without({
      Propagation: mount.propagation,
      NonRecursive: mount.non_recursive,
      ReadOnlyNonRecursive: mount.read_only_non_recursive,
      ReadOnlyForceRecursive: mount.read_only_force_recursive,
    }),
    VolumeOptions: without({
      NoCopy: mount.no_copy,
      Labels: labels,
      Subpath: mount.type === 'image' ? undefined : mount.subpath,
      DriverConfig: without({ Name: volume_driver, Options: volume_options }),
    }),
    ImageOptions: without({ Subpath: mount.type === 'image' ? mount.subpath : undefined }),
    TmpfsOptions: without({
      SizeBytes: mount.tmpfs_size === undefined ? undefined : (bytesOf(mount.tmpfs_size) ?? 0),
      Mode: mount.tmpfs_mode === undefined ? undefined : Number.parseInt(mount.tmpfs_mode, 8),
    }),
  })
}

function without(fields: Readonly<Record<string, Value | undefined>>): Dict {
  const given = Object.entries(fields).filter(
    ([, value]) =>
      value !== undefined &&
      (value === null || typeof value !== 'object' || Object.keys(value).length > 0 || Array.isArray(value)),
  )
  return Object.fromEntries(given) as Dict
}
