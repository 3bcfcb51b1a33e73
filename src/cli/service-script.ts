/** sh that finds a service by its name, as a container or a systemd unit, and does one thing with it. */
import { VpaiError } from '../base/error.ts'
import type { RunEvent } from '../base/event.ts'
import { quote } from '../base/quote.ts'

export function serviceScript(
  service: string,
  project: string | undefined,
  act: { container: string; unit: string },
): string {
  return [
    `s=${quote(service)} p=${quote(project ?? '')}`,
    'if command -v docker >/dev/null 2>&1; then for c in "${p}_$s" "${p}-$s" "$s"; do',
    `if docker inspect --type container -- "$c" >/dev/null 2>&1; then ${act.container}; exit; fi`,
    'done; fi',
    'u=$s.service',
    `if command -v systemctl >/dev/null 2>&1 && systemctl cat -- "$u" >/dev/null 2>&1; then ${act.unit}; exit; fi`,
    `echo "$s ${NOT_HERE}"`,
  ].join('\n')
}

/** What the script prints, after the name, on a host that has no such service. */
export const NOT_HERE = 'is neither a container nor a unit here'

export interface ServiceSearch {
  readonly onEvent: (event: RunEvent) => void
  /** The exit code, once a host has the service; throws SERVICE_UNKNOWN when all were asked and none has it. */
  verdict(exitCode: number): number
}

export function searchForService(service: string): ServiceSearch {
  let missing = 0
  let found = 0
  return {
    onEvent: event => {
      if (event.type !== 'task.result') return
      const { stdout } = event.result as { readonly stdout?: unknown }
      if (stdout === `${service} ${NOT_HERE}`) missing += 1
      else found += 1
    },
    verdict: exitCode => {
      if (missing === 0 || found > 0) return exitCode
      throw new VpaiError('SERVICE_UNKNOWN', `no host has a container or a unit called ${service}`, {
        hint: `vpai exec all -- 'docker ps -a; systemctl list-units --type=service' shows what there is`,
      })
    },
  }
}
