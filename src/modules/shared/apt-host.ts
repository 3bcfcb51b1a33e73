/** What apt's modules ask the host, and the scripts they run there. Nothing here asks back: DEBIAN_FRONTEND is noninteractive. */
import { quoteAll } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import type { RunAction } from '../contract.ts'

export const APT_ENV = {
  DEBIAN_FRONTEND: 'noninteractive',
  DEBIAN_PRIORITY: 'critical',
  APT_LISTCHANGES_FRONTEND: 'none',
  NEEDRESTART_MODE: 'l',
  LC_ALL: 'C',
} as const

/** Host clock, time of the last `apt-get update`, newest change of the sources; 0 where there is none. */
export const CACHE_AGE = {
  kind: 'read',
  name: 'age of the apt lists',
  moves: true,
  script: `s=0; for f in /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists; do
[ -e "$f" ] || continue; t=$(stat -c %Y "$f"); [ "$t" -le "$s" ] || s=$t; done
[ -n "$(find /var/lib/apt/lists -name '*Release' 2>/dev/null | head -n 1)" ] || s=0
n=0; for f in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/sources.list.d/*; do
[ -e "$f" ] || continue; t=$(stat -c %Y "$f"); [ "$t" -le "$n" ] || n=$t; done
echo "$(date +%s) $s $n"`,
} as const satisfies Key

export interface CacheAge {
  readonly now: number
  readonly updated: number
  readonly sources: number
}

export function readCacheAge({ stdout }: ReadSeen): CacheAge {
  const [now = 0, updated = 0, sources = 0] = stdout.trim().split(' ').map(Number)
  return { now, updated, sources }
}

/** Lists fetched less than a minute ago, after the last change of the sources, count as fresh: tasks in a row update once. */
const JUST_NOW_S = 60

export function cacheIsFresh({ now, updated, sources }: CacheAge, validTimeS: number): boolean {
  if (now - updated < JUST_NOW_S) return updated > sources
  return now - updated <= validTimeS
}

export interface UpdateTries {
  readonly lock_timeout: number
  /** Tries in all when it fails, with pauses of 1, 2, 4 … seconds between, none longer than the most. */
  readonly update_cache_retries: number
  readonly update_cache_retry_max_delay: number
}

/** apt-get update, tried again while another program holds the lists. The stamp makes the time of success known. */
export function updateAction(tries: UpdateTries): RunAction {
  return {
    do: 'run',
    env: APT_ENV,
    script: `end=$(( $(date +%s) + ${tries.lock_timeout} )); left=${tries.update_cache_retries}; pause=1
while :; do
  out=$(apt-get update 2>&1); rc=$?
  case $out in *'Could not get lock'*|*'Unable to lock'*) [ "$(date +%s)" -lt "$end" ] && { sleep 2; continue; };; esac
  left=$((left - 1))
  [ "$rc" != 0 ] && [ "$left" -gt 0 ] || break
  [ "$pause" -lt ${tries.update_cache_retry_max_delay} ] || pause=${tries.update_cache_retry_max_delay}
  sleep "$pause"; pause=$((pause * 2))
done
printf '%s\\n' "$out"
[ "$rc" = 0 ] || exit "$rc"
mkdir -p /var/lib/apt/periodic && touch /var/lib/apt/periodic/update-success-stamp`,
    failure: 'Failed to update the apt lists',
  }
}

/** Script that runs apt-get with policy-rc.d answering `policy` meanwhile, so that no service starts. */
export function aptScript(argv: readonly string[], policy: number | null): string {
  const line = quoteAll(argv)
  if (policy === null) return line
  return `p=/usr/sbin/policy-rc.d; k=
[ ! -e "$p" ] || { k=$p.vpai-kept; mv "$p" "$k"; }
trap 'rm -f "$p"; [ -z "$k" ] || mv "$k" "$p"' 0
printf '#!/bin/sh\\nexit ${policy}\\n' >"$p"; chmod 0755 "$p"
${line}`
}
