/**
 * dnf: packages of Fedora, Red Hat and their relatives.
 *
 * Args     name (list; name-version as dnf takes it is one word), state, update_cache, enablerepo,
 *          disablerepo, exclude, disable_gpg_check, allowerasing, nobest, install_weak_deps.
 * Changes  one for each package.
 * Errors   dnf's own words.
 */
import type { z } from 'zod'
import { defineModule } from './contract.ts'
import { argumentsOf, bool, choice, list } from './shared/arguments.ts'
import { type PackageState, type PackageWish, simpleKeys, simpleVerdict } from './shared/simple-packages.ts'

const schema = () =>
  argumentsOf(
    {
      name: list(),
      state: choice(['present', 'absent', 'latest', 'installed', 'removed']).default('present'),
      update_cache: bool().default(false),
      enablerepo: list().default([]),
      disablerepo: list().default([]),
      exclude: list().default([]),
      disable_gpg_check: bool().default(false),
      allowerasing: bool().default(false),
      nobest: bool().default(false),
      install_weak_deps: bool().default(true),
    },
    { pkg: 'name' },
  )
type Args = z.output<ReturnType<typeof schema>>

export const dnf = defineModule<Args>({
  name: 'dnf',
  aliases: ['yum', 'dnf5'],
  summary: 'Install, update and remove packages of Fedora and Red Hat',
  args: schema,
  freeForm: 'name',
  keys: args => [{ kind: 'which', command: 'dnf' }, ...simpleKeys(wishOf(args))],
  decide(args, seen) {
    const tool = seen.get({ kind: 'which', command: 'dnf' }).path === null ? 'yum' : 'dnf'
    return simpleVerdict(tool, wishOf(args), seen)
  },
  settles: true,
})

const STATES: Readonly<Record<string, PackageState>> = { installed: 'present', removed: 'absent' }

function wishOf(args: Args): PackageWish {
  const all = (option: string, words: readonly string[]) => words.map(word => `--${option}=${word}`)
  return {
    names: args.name,
    state: STATES[args.state] ?? (args.state as PackageState),
    updateCache: args.update_cache,
    options: [
      ...all('enablerepo', args.enablerepo),
      ...all('disablerepo', args.disablerepo),
      ...all('exclude', args.exclude),
      ...(args.disable_gpg_check ? ['--nogpgcheck'] : []),
      ...(args.allowerasing ? ['--allowerasing'] : []),
      ...(args.nobest ? ['--nobest'] : []),
      ...(args.install_weak_deps ? [] : ['--setopt=install_weak_deps=False']),
    ],
  }
}
