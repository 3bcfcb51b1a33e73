import type { z } from 'zod'
import { argumentsOf, bool, choice, int, list, path, text } from './arguments.ts'
import { withoutEffect } from './honoured.ts'

export const aptSchema = () =>
  argumentsOf(
    {
      name: list().default([]),
      state: choice(STATES)
        .default('present')
        .transform((state): AptState => MAIN_NAME[state] ?? (state as AptState)),
      update_cache: bool().optional(),
      update_cache_retries: int().default(5),
      update_cache_retry_max_delay: int().default(12),
      cache_valid_time: int().default(0),
      upgrade: choice(['no', 'yes', 'safe', 'full', 'dist']).default('no'),
      deb: path().optional(),
      purge: bool().default(false),
      autoremove: bool().default(false),
      autoclean: bool().default(false),
      clean: bool().default(false),
      default_release: text().optional(),
      install_recommends: bool().optional(),
      only_upgrade: bool().default(false),
      dpkg_options: text().default('force-confdef,force-confold'),
      force: bool().default(false),
      force_apt_get: withoutEffect(bool().default(false), 'apt-get is always used'),
      allow_unauthenticated: bool().default(false),
      allow_downgrade: bool().default(false),
      allow_change_held_packages: bool().default(false),
      auto_install_module_deps: withoutEffect(
        bool().default(true),
        "no module of Python's is needed on the host",
      ),
      fail_on_autoremove: bool().default(false),
      lock_timeout: int().default(60),
      policy_rc_d: int().optional(),
    },
    {
      pkg: 'name',
      package: 'name',
      'update-cache': 'update_cache',
      'default-release': 'default_release',
      'install-recommends': 'install_recommends',
      'allow-unauthenticated': 'allow_unauthenticated',
      'allow-downgrade': 'allow_downgrade',
      allow_downgrades: 'allow_downgrade',
      'allow-downgrades': 'allow_downgrade',
    },
  )

export type AptArgs = z.output<ReturnType<typeof aptSchema>>

const STATES = [
  'present',
  'absent',
  'latest',
  'build-dep',
  'fixed',
  'installed',
  'removed',
  'build_dep',
] as const
type AptState = 'present' | 'absent' | 'latest' | 'build-dep' | 'fixed'

const MAIN_NAME: Readonly<Record<string, AptState>> = {
  installed: 'present',
  removed: 'absent',
  build_dep: 'build-dep',
}

/** apt-get with every option that was asked for, up to and with the verb. */
export function aptGet(args: AptArgs, verb: string): string[] {
  const when = (wanted: boolean, ...words: string[]) => (wanted ? words : [])
  const dpkg = args.dpkg_options
    .split(',')
    .map(option => option.trim())
    .filter(Boolean)
  return [
    'apt-get',
    '-y',
    '-q',
    ...dpkg.flatMap(option => ['-o', `Dpkg::Options::=--${option}`]),
    '-o',
    `DPkg::Lock::Timeout=${args.lock_timeout}`,
    ...when(args.default_release !== undefined, '-t', args.default_release ?? ''),
    ...when(
      args.install_recommends !== undefined,
      '-o',
      `APT::Install-Recommends=${args.install_recommends ? 'yes' : 'no'}`,
    ),
    ...when(args.only_upgrade, '--only-upgrade'),
    ...when(args.fail_on_autoremove, '--no-remove'),
    ...when(args.autoremove, '--auto-remove'),
    ...when(args.purge, '--purge'),
    ...when(args.force || args.allow_unauthenticated, '--allow-unauthenticated'),
    ...when(args.force || args.allow_downgrade, '--allow-downgrades'),
    ...when(args.force || args.allow_change_held_packages, '--allow-change-held-packages'),
    ...when(args.force, '--allow-remove-essential'),
    verb,
  ]
}
