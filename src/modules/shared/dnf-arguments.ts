import type { z } from 'zod'
import { argumentsOf, bool, choice, int, list, path, text, word } from './arguments.ts'
import { withoutEffect } from './honoured.ts'

export const dnfSchema = () =>
  argumentsOf(
    {
      name: list().default([]),
      state: choice(['present', 'absent', 'latest', 'installed', 'removed'])
        .optional()
        .transform((state): DnfState | undefined => (state === undefined ? undefined : STATES[state])),
      list: word().optional(),
      update_cache: bool().default(false),
      enablerepo: list().default([]),
      disablerepo: list().default([]),
      enable_plugin: list().default([]),
      disable_plugin: list().default([]),
      exclude: list().default([]),
      disable_excludes: text().optional(),
      conf_file: path().optional(),
      disable_gpg_check: bool().default(false),
      installroot: path().default('/'),
      releasever: text().optional(),
      security: bool().default(false),
      bugfix: bool().default(false),
      autoremove: bool().default(false),
      allow_downgrade: bool().default(false),
      allowerasing: bool().default(false),
      best: bool().optional(),
      nobest: bool().optional(),
      cacheonly: bool().default(false),
      download_only: bool().default(false),
      download_dir: path().optional(),
      install_weak_deps: bool().default(true),
      skip_broken: bool().default(false),
      sslverify: bool().default(true),
      validate_certs: bool().default(true),
      update_only: bool().default(false),
      lock_timeout: int().default(30),
      use_backend: choice(['auto', 'dnf', 'dnf4', 'dnf5', 'yum', 'yum3', 'yum4']).default('auto'),
      install_repoquery: withoutEffect(bool().default(true), 'Ansible itself makes nothing of it'),
      auto_install_module_deps: withoutEffect(
        bool().default(true),
        "no module of Python's is needed on the host",
      ),
    },
    { pkg: 'name', 'expire-cache': 'update_cache', use: 'use_backend' },
  )
    .refine(args => args.best === undefined || args.nobest === undefined, 'give one of best and nobest')
    .refine(
      args => !args.autoremove || args.state === undefined || args.state === 'absent',
      'autoremove goes with state: absent only',
    )
    .refine(
      args => args.list === undefined || (args.name.length === 0 && args.state === undefined),
      'list goes without name and state',
    )
    .refine(args => !args.update_only || args.state === 'latest', 'update_only goes with state: latest')

export type DnfArgs = z.output<ReturnType<typeof dnfSchema>>
export type DnfState = 'present' | 'absent' | 'latest'

const STATES = {
  present: 'present',
  installed: 'present',
  latest: 'latest',
  absent: 'absent',
  removed: 'absent',
} as const

/** Options of every call. Settings are given as such where dnf 4 and dnf 5 have different names for the option. */
export function dnfOptions(args: DnfArgs): string[] {
  const all = (option: string, words: readonly string[]) => words.map(one => `--${option}=${one}`)
  const setting = (wanted: boolean, ...words: string[]) => (wanted ? words.map(one => `--setopt=${one}`) : [])
  const best = args.best ?? (args.nobest === undefined ? undefined : !args.nobest)
  const isRoot = args.installroot !== '/'
  return [
    ...(args.conf_file === undefined ? [] : ['-c', args.conf_file]),
    ...(isRoot ? [`--installroot=${args.installroot}`] : []),
    ...(args.releasever === undefined ? [] : [`--releasever=${args.releasever}`]),
    ...all('disablerepo', args.disablerepo),
    ...all('enablerepo', args.enablerepo),
    ...all('exclude', args.exclude),
    ...all('disableplugin', args.disable_plugin),
    ...all('enableplugin', args.enable_plugin),
    ...setting(args.disable_excludes !== undefined, `disable_excludes=${args.disable_excludes}`),
    ...setting(args.disable_gpg_check, 'gpgcheck=0', 'localpkg_gpgcheck=0', '*.gpgcheck=0'),
    ...setting(!args.sslverify || !args.validate_certs, 'sslverify=0', '*.sslverify=0'),
    ...setting(!args.install_weak_deps, 'install_weak_deps=0'),
    ...setting(best !== undefined, `best=${best === true ? 1 : 0}`),
    ...setting(args.lock_timeout <= 0, 'exit_on_lock=1'),
    ...(args.allowerasing ? ['--allowerasing'] : []),
    ...(args.skip_broken ? ['--skip-broken'] : []),
    ...(args.cacheonly ? ['-C'] : []),
    ...(args.security ? ['--security'] : []),
    ...(args.bugfix ? ['--bugfix'] : []),
    ...(args.download_only ? ['--downloadonly'] : []),
    ...setting(args.download_dir !== undefined, `destdir=${args.download_dir}`),
  ]
}
