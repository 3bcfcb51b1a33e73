/** Sections of a .repo file, a blank line behind each. What is not touched stays as it is, comments and all. */

export type RepositorySettings = Readonly<Record<string, string>>

export function withRepository(text: string, id: string, settings: RepositorySettings): string {
  const found = sectionOf(text, id)
  if (found !== null && isSame(found.body, settings)) return text
  const lines = Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} = ${value.replaceAll('\n', '\n       ')}\n`)
  const section = `[${id}]\n${lines.join('')}\n`
  if (found !== null) return `${text.slice(0, found.start)}${section}${text.slice(found.end)}`
  const before =
    text === '' || text.endsWith('\n\n') ? text : text.endsWith('\n') ? `${text}\n` : `${text}\n\n`
  return `${before}${section}`
}

export function withoutRepository(text: string, id: string): string {
  const found = sectionOf(text, id)
  return found === null ? text : `${text.slice(0, found.start)}${text.slice(found.end)}`
}

interface Section {
  readonly start: number
  readonly end: number
  readonly body: string
}

function sectionOf(text: string, id: string): Section | null {
  const headings = [...text.matchAll(/^\[([^\]\n]*)\][^\n]*(\n|$)/gm)]
  const at = headings.findIndex(one => one[1] === id)
  const heading = headings[at]
  if (heading === undefined) return null
  const end = headings[at + 1]?.index ?? text.length
  return { start: heading.index, end, body: text.slice(heading.index + heading[0].length, end) }
}

/** A line that begins with a blank goes on with the value above. */
function isSame(body: string, wanted: RepositorySettings): boolean {
  const found = new Map<string, string>()
  let last = ''
  for (const line of body.split('\n')) {
    const setting = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line)
    if (setting !== null) {
      last = setting[1] ?? ''
      found.set(last, setting[2] ?? '')
    } else if (/^\s+\S/.test(line) && last !== '') {
      found.set(last, `${found.get(last)}\n${line.trim()}`)
    } else if (/^[#;]/.test(line)) return false
  }
  const names = Object.keys(wanted)
  return names.length === found.size && names.every(name => found.get(name) === wanted[name])
}
