/**
 * apt: packages of Debian and Ubuntu.
 *
 * Args     name (list; =version, patterns), state present|absent|latest|build-dep|fixed, update_cache,
 *          cache_valid_time, upgrade, deb, purge, autoremove, autoclean, clean, default_release,
 *          install_recommends, only_upgrade, dpkg_options, allow_*, force, lock_timeout, policy_rc_d …
 * Changes  one for each package (from the installed to the wanted version), one for the lists when
 *          nothing else is asked. Lists younger than a minute count as fresh also without cache_valid_time.
 * Errors   apt-get's own words; APT_NO_DPKG where the host is not a Debian.
 */

import type { Dict } from '../base/value.ts'
import { type Context, defineModule, type Verdict } from './contract.ts'
import { type AptArgs, aptSchema } from './shared/apt-arguments.ts'
import { CACHE_AGE, cacheIsFresh, readCacheAge, updateAction } from './shared/apt-host.ts'
import { cleaningVerdict, debVerdict, upgradeKeys, upgradeVerdict } from './shared/apt-other.ts'
import { packagesKeys, packagesVerdict } from './shared/apt-packages.ts'
import { packagesNamed } from './shared/declared.ts'
import { quietly } from './shared/quietly.ts'

export const apt = defineModule<AptArgs>({
  name: 'apt',
  summary: 'Install, update and remove packages of Debian and Ubuntu',
  args: aptSchema,
  freeForm: 'name',
  keys: args => [
    { kind: 'which', command: 'apt-get' },
    ...(wantsUpdate(args) ? [CACHE_AGE] : []),
    ...packagesKeys(args),
    ...upgradeKeys(args),
  ],
  decide(args, seen, ctx) {
    if (seen.get({ kind: 'which', command: 'apt-get' }).path === null) {
      return { kind: 'fail', message: 'this host has no apt-get: apt works on Debian and its relatives only' }
    }
    const age = wantsUpdate(args) ? readCacheAge(seen.get(CACHE_AGE)) : null
    const stale = age !== null && !cacheIsFresh(age, args.cache_valid_time)
    const verdict = decideWork(args, seen, stale)
    if (verdict.kind === 'ask' || verdict.kind === 'fail' || !stale)
      return withCache(verdict, age?.updated ?? 0)
    return updatedFirst(args, verdict, ctx)
  },
  declares: args => (args.only_upgrade ? [] : packagesNamed(args.name, args.state)),
  settles: true,
})

function decideWork(args: AptArgs, seen: Parameters<typeof packagesVerdict>[1], stale: boolean): Verdict {
  if (args.deb !== undefined) return debVerdict(args, seen)
  if (args.upgrade !== 'no') return upgradeVerdict(args, seen, stale)
  if (args.name.length > 0 || args.state === 'fixed') return packagesVerdict(args, seen, stale)
  return cleaningVerdict(args, seen)
}

function wantsUpdate(args: AptArgs): boolean {
  return args.update_cache ?? args.cache_valid_time > 0
}

function withCache(verdict: Verdict, updated: number): Verdict {
  if (verdict.kind !== 'ok' && verdict.kind !== 'change') return verdict
  return { ...verdict, result: { ...verdict.result, cache_updated: false, cache_update_time: updated } }
}

/** The lists first, then the work. With packages asked for and in place, new lists are no change, as in Ansible. */
function updatedFirst(args: AptArgs, verdict: Verdict, ctx: Context): Verdict {
  const update = updateAction(args)
  const cached = { cache_updated: true }
  if (verdict.kind === 'change' || verdict.kind === 'opaque') {
    const { apply } = verdict
    return {
      ...verdict,
      apply: function* () {
        yield update
        if (typeof apply === 'function') return { ...(yield* apply()), ...cached }
        let output: Dict = {}
        for (const action of apply) {
          const { stdout, stderr } = yield action
          if (action.do === 'run' && action.returnsOutput) output = { stdout, stderr }
        }
        return { ...output, ...cached }
      },
    }
  }
  if (args.name.length > 0) return quietly(ctx, 'apt-get update', update, cached)
  const changes = [{ what: 'apt lists', subject: '/var/lib/apt/lists', from: 'old', to: 'fresh' }]
  return { kind: 'change', changes, apply: [update], result: cached }
}
