/**
 * service_facts: the services of the host and their states, as ansible_facts.services.
 *
 * Args     none.
 * Changes  never. Each entry: name, state running|stopped|inactive|unknown, status enabled|disabled|not-found|…, source.
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
      if (kind === 'unit') services[name] = { name, ...unitState(words), source }
      else if (kind === 'init')
        services[name] = { name, state: words[0] ?? 'unknown', status: words[1] ?? 'unknown', source }
      else services[name] = unitFile(name, words[0] ?? 'unknown', services[name])
    }
    return { kind: 'ok', result: { ansible_facts: { services } } }
  },
  settles: true,
})

/** Words are load, active and sub state. What is wrong with a unit counts more than whether it is enabled. */
function unitState([load = '', active = '', sub = '']: readonly string[]): Dict {
  const wrong = [load, active, sub].find(word => WRONG.includes(word))
  return { state: sub === 'running' ? 'running' : 'stopped', status: wrong ?? active }
}

const WRONG: readonly unknown[] = ['not-found', 'masked', 'failed']

/** A unit that is not loaded is not active; of a template nothing can be said. */
function unitFile(name: string, status: string, loaded: Dict | undefined): Dict {
  if (loaded) return WRONG.includes(loaded.status) ? loaded : { ...loaded, status }
  const state = name.includes('@.') ? 'unknown' : 'inactive'
  return { name, state, status, source: 'systemd' }
}
