/** One line of `vpai doctor`. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail'
  /** What was looked at: `ssh key`, `sudo`. */
  readonly what: string
  /** What was found. */
  readonly found: string
  /** What to do; null where nothing needs to be done. */
  readonly advice: string | null
}

export interface Report {
  /** A host's name, or `this machine`. */
  readonly where: string
  /** A host that could not be logged in to. */
  readonly isReached: boolean
  readonly findings: readonly Finding[]
}

export function ok(what: string, found: string): Finding {
  return { level: 'ok', what, found, advice: null }
}

export function warn(what: string, found: string, advice: string): Finding {
  return { level: 'warn', what, found, advice }
}

export function fail(what: string, found: string, advice: string | undefined): Finding {
  return { level: 'fail', what, found, advice: advice ?? null }
}

export function reportLines(
  { where, findings }: Report,
  paint: (level: Finding['level'], text: string) => string,
): string {
  const width = Math.max(...findings.map(finding => finding.what.length))
  const lines = findings.map(({ level, what, found, advice }) => {
    const line = `  ${paint(level, level.padEnd(4))}  ${what.padEnd(width)}  ${found}`
    return advice === null ? line : `${line}\n${' '.repeat(width + 10)}${advice}`
  })
  return `${where}\n${lines.join('\n')}\n`
}
