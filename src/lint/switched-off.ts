/** `# vpai-lint: off` or `# noqa`, with or without ids, at the end of the line or alone on the one above. */
import type { Finding, LintedProject } from './contract.ts'

export function isSwitchedOff({ lineOf }: LintedProject, { rule, position }: Finding): boolean {
  if (position === undefined) return false
  const here = lineOf(position)
  const above = lineOf({ ...position, line: position.line - 1 })
  return silences(here, rule) || (/^\s*[#{]/.test(above) && silences(above, rule))
}

function silences(line: string, rule: string): boolean {
  const found = /#\s*(?:vpai-lint:\s*off|noqa)\b:?([^#]*)$/.exec(line)
  if (found === null) return false
  const ids = (found[1] ?? '').split(/[\s,#}]+/).filter(id => id !== '')
  return ids.length === 0 || ids.includes(rule)
}
