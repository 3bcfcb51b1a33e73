/**
 * package: packages by the host's own package manager.
 *
 * Args     name (list), state present|absent|latest, use (default: what the facts call pkg_mgr),
 *          update_cache and cache_valid_time where the manager is apt.
 * Changes  as those of apt, dnf …
 * Errors   a package manager that vpai does not know.
 */
import type { z } from 'zod'
import { apt } from './apt.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, int, list, text } from './shared/arguments.ts'
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
    const { use: _use, ...rest } = args
    const aptArgs =
      tool === 'apt' ? (apt.args().parse({ ...rest, state }) as Parameters<typeof apt.keys>[0]) : null
    const keys = aptArgs === null ? simpleKeys(wish) : apt.keys(aptArgs, ctx)
    const missing = keys.filter(key => !seen.has(key))
    if (missing.length > 0) return { kind: 'ask', keys: missing }
    return aptArgs === null ? simpleVerdict(tool, wish, seen) : apt.decide(aptArgs, seen, ctx)
  },
  settles: true,
})
