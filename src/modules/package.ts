/**
 * package: packages by the host's own package manager.
 *
 * Args     name (list), state present|absent|latest, use (default: what the facts call pkg_mgr),
 *          and the arguments of apt or dnf where that is the manager.
 * Changes  as those of apt, dnf …
 * Errors   a package manager that vpai does not know.
 */

import type { z } from 'zod'
import { apt } from './apt.ts'
import type { Module } from './contract.ts'
import { defineModule, type Verdict } from './contract.ts'
import { dnf } from './dnf.ts'
import { anyModule } from './shared/any-module.ts'
import { argumentsOf, bool, choice, int, list, text } from './shared/arguments.ts'
import { packagesNamed } from './shared/declared.ts'
import { type PackageState, simpleKeys, simpleVerdict } from './shared/simple-packages.ts'

const schema = () =>
  argumentsOf(
    {
      name: list(),
      state: choice(['present', 'absent', 'latest', 'installed', 'removed']).default('present'),
      use: text().default('auto'),
      update_cache: bool().optional(),
      cache_valid_time: int().optional(),
    },
    { pkg: 'name' },
  )
type Args = z.output<ReturnType<typeof schema>>

const STATES: Readonly<Record<string, PackageState>> = { installed: 'present', removed: 'absent' }

/** Managers that have a module of their own. */
const MODULES: Readonly<Record<string, Module>> = {
  apt: anyModule(apt),
  dnf: anyModule(dnf),
  dnf5: anyModule(dnf),
  yum: anyModule(dnf),
}

export const packageModule = defineModule<Args>({
  name: 'package',
  summary: 'Packages by whatever package manager the host has',
  args: schema,
  freeForm: 'name',
  keys: args => (args.use === 'auto' ? [{ kind: 'facts' }] : []),
  decide(args, seen, ctx): Verdict {
    const tool =
      args.use === 'auto'
        ? String(seen.get({ kind: 'facts' }).pkg_mgr ?? 'unknown')
        : args.use.replace(/^.*\./, '')
    const state = STATES[args.state] ?? (args.state as PackageState)
    const wish = { names: args.name, state, updateCache: args.update_cache ?? false }
    const module = MODULES[tool]
    const { use: _use, cache_valid_time, ...rest } = args
    const own = module?.args().parse({ ...rest, state, ...(tool === 'apt' ? { cache_valid_time } : {}) })
    const keys = module === undefined ? simpleKeys(wish) : module.keys(own, ctx)
    const missing = keys.filter(key => !seen.has(key))
    if (missing.length > 0) return { kind: 'ask', keys: missing }
    return module === undefined ? simpleVerdict(tool, wish, seen) : module.decide(own, seen, ctx)
  },
  declares: args => packagesNamed(args.name, args.state),
  settles: true,
})
