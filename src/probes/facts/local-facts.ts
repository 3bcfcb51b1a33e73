/** /etc/ansible/facts.d/*.fact: JSON, or else INI; what is neither is told as an error text, as with Ansible. */
import type { Dict, Value } from '../../base/value.ts'

export function localFacts(lines: readonly string[]): Dict {
  const facts: Record<string, Value> = {}
  let name = ''
  const texts = new Map<string, string[]>()
  for (const line of lines) {
    if (line.startsWith('fact ')) {
      name = line.slice(5)
      texts.set(name, [])
    } else texts.get(name)?.push(line.slice(1))
  }
  for (const [fact, text] of texts) facts[fact] = parse(fact, text)
  return facts
}

function parse(name: string, lines: readonly string[]): Value {
  try {
    return JSON.parse(lines.join('\n')) as Value
  } catch {
    return parseIni(lines) ?? `error loading facts as JSON or ini - please check content: ${name}.fact`
  }
}

/** Option names are lower-cased, as Python's ConfigParser does. */
function parseIni(lines: readonly string[]): Value | null {
  const sections: Record<string, Record<string, Value>> = {}
  let current: Record<string, Value> | null = null
  for (const line of lines) {
    if (/^\s*([#;]|$)/.test(line)) continue
    const section = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1]
    if (section !== undefined) {
      current = {}
      sections[section] = current
      continue
    }
    const [, option, value = ''] = /^\s*([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? []
    if (option === undefined || current === null) return null
    current[option.toLowerCase()] = value
  }
  return Object.keys(sections).length === 0 ? null : sections
}
