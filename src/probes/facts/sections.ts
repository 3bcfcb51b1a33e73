/** Sections of the facts script: the lines behind their bars. */
export type Sections = (name: string) => readonly string[]

export function factSections(text: string): Sections {
  const sections = new Map<string, string[]>()
  let current: string[] = []
  for (const line of text.split('\n')) {
    if (line.startsWith('|')) current.push(line.slice(1))
    else if (line.startsWith('==')) {
      current = []
      sections.set(line.slice(2), current)
    }
  }
  return name => sections.get(name) ?? []
}

/** NAME=value lines of os-release and its kin, without quotes. */
export function assignments(lines: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const line of lines) {
    const [, name, value = ''] = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (name !== undefined) values[name] = value.replace(/^(["'])([\s\S]*)\1$/, '$2').replace(/\\(.)/g, '$1')
  }
  return values
}

/** Pairs of a name and a text with a tab between. */
export function tabbed(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.map(line => {
      const tab = line.indexOf('\t')
      return [line.slice(0, tab), line.slice(tab + 1).trim()] as const
    }),
  )
}
