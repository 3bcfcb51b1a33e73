/**
 * service_facts: the services of the host and their states, as ansible_facts.services.
 *
 * Args     none.
 * Changes  never. Each entry: name, state running|stopped|failed|inactive|unknown, status enabled|disabled|…, source.
 */
import type { z } from 'zod'
import type { Dict } from '../base/value.ts'
import type { Key } from '../probes/contract.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf } from './shared/arguments.ts'

const schema = () => argumentsOf({})
type Args = z.output<ReturnType<typeof schema>>

const SERVICES = {
  kind: 'read',
  name: 'services',
  script: `if command -v systemctl >/dev/null 2>&1 && [ -d /run/systemd/system ]; then
echo systemd; systemctl list-units --all --no-legend --plain --no-pager --type service 2>/dev/null | while read -r u l a s r; do printf 'unit %s %s %s %s\\n' "$u" "$l" "$a" "$s"; done
systemctl list-unit-files --no-legend --plain --no-pager --type service 2>/dev/null | while read -r u s r; do printf 'file %s %s\\n' "$u" "$s"; done
elif command -v rc-status >/dev/null 2>&1; then
echo openrc; for f in /etc/init.d/*; do n=\${f##*/}; if rc-service "$n" status >/dev/null 2>&1; then s=running; else s=stopped; fi
e=disabled; for r in /etc/runlevels/*/"$n"; do [ ! -e "$r" ] || e=enabled; done; printf 'init %s %s %s\\n' "$n" "$s" "$e"; done
elif [ -d /etc/init.d ]; then
echo sysv; for f in /etc/init.d/*; do [ -x "$f" ] || continue; n=\${f##*/}; if "$f" status </dev/null >/dev/null 2>&1; then s=running; else s=stopped; fi
e=disabled; for r in /etc/rc[2345].d/S[0-9][0-9]"$n"; do [ ! -e "$r" ] || e=enabled; done; printf 'init %s %s %s\\n' "$n" "$s" "$e"; done
else echo none; fi`,
} as const satisfies Key

export const serviceFacts = defineModule<Args>({
  name: 'service_facts',
  summary: 'The services of the host and their states',
  args: schema,
  keys: () => [SERVICES],
  decide(_args, seen): Verdict {
    const [source = 'none', ...lines] = seen.get(SERVICES).stdout.trim().split('\n')
    const services: Record<string, Dict> = {}
    for (const line of lines) {
      const [kind, name = '', ...words] = line.split(' ')
      if (kind === 'unit') services[name] = { name, state: unitState(words), status: 'unknown', source }
      else if (kind === 'init')
        services[name] = { name, state: words[0] ?? 'unknown', status: words[1] ?? 'unknown', source }
      else
        services[name] = {
          name,
          state: services[name]?.state ?? 'inactive',
          status: words[0] ?? 'unknown',
          source,
        }
    }
    return { kind: 'ok', result: { ansible_facts: { services } } }
  },
  settles: true,
})

/** Words are load, active and sub state. */
function unitState([load, active, sub]: readonly string[]): string {
  if (load === 'not-found') return 'not-found'
  if (active === 'failed' || sub === 'failed') return 'failed'
  return sub === 'running' ? 'running' : sub === 'dead' ? 'inactive' : 'stopped'
}
