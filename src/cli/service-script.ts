/** sh that finds a service by its name, as a container or a systemd unit, and does one thing with it. */
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
    'echo "$s is neither a container nor a unit here"',
  ].join('\n')
}
