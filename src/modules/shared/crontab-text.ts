/** The text of a crontab: jobs are named by a comment line above them, variables stand for themselves. */
export interface JobWish {
  readonly name?: string
  readonly job?: string
  readonly minute: string
  readonly hour: string
  readonly day: string
  readonly month: string
  readonly weekday: string
  readonly special_time?: string
  readonly state: 'present' | 'absent'
  readonly disabled: boolean
  readonly user?: string
  readonly cron_file?: string
  readonly insertafter?: string
  readonly insertbefore?: string
}

export interface Edit {
  readonly lines: readonly string[]
  readonly from: string | null
  readonly to: string | null
}

const MARK = '#Ansible: '

export function editJob(wish: JobWish, lines: readonly string[]): Edit {
  const mark = `${MARK}${wish.name}`
  const at = lines.findIndex(line => line.trim() === mark)
  const old = at < 0 ? null : (lines[at + 1] ?? '')
  if (wish.state === 'absent') {
    return at < 0 ? { lines, from: null, to: null } : { lines: lines.toSpliced(at, 2), from: old, to: null }
  }
  const line = jobLine(wish)
  if (old === line) return { lines, from: old, to: line }
  // A job written without its name is the same job: it gets its name.
  const bare =
    at < 0
      ? lines.findIndex((other, index) => other === line && !(lines[index - 1] ?? '').startsWith(MARK))
      : -1
  if (bare >= 0) return { lines: lines.toSpliced(bare, 0, mark), from: null, to: mark }
  return { lines: at < 0 ? [...lines, mark, line] : lines.toSpliced(at + 1, 1, line), from: old, to: line }
}

/** A sentence when the place asked for does not exist. */
export function editVariable(wish: JobWish, lines: readonly string[]): Edit | string {
  const at = lines.findIndex(line => variableName(line) === wish.name)
  const old = at < 0 ? null : lines[at]!
  if (wish.state === 'absent') return { lines: at < 0 ? lines : lines.toSpliced(at, 1), from: old, to: null }
  const line = `${wish.name}="${wish.job ?? ''}"`
  if (at >= 0) return { lines: lines.toSpliced(at, 1, line), from: old, to: line }
  const anchor = wish.insertafter ?? wish.insertbefore
  if (anchor === undefined) return { lines: [line, ...lines], from: null, to: line }
  const place = lines.findIndex(other => variableName(other) === anchor)
  if (place < 0) return `there is no variable ${anchor} to insert ${wish.name} beside`
  return {
    lines: lines.toSpliced(wish.insertafter === undefined ? place : place + 1, 0, line),
    from: null,
    to: line,
  }
}

/** What a crontab holds: jobs by their names, variables by theirs. */
export function namesIn(lines: readonly string[]): { jobs: string[]; envs: string[] } {
  return {
    jobs: lines.filter(line => line.startsWith(MARK)).map(line => line.slice(MARK.length)),
    envs: lines.map(variableName).filter(name => name !== null),
  }
}

function jobLine(wish: JobWish): string {
  const { minute, hour, day, month, weekday } = wish
  const time =
    wish.special_time === undefined ? `${minute} ${hour} ${day} ${month} ${weekday}` : `@${wish.special_time}`
  const user = wish.cron_file === undefined ? '' : `${wish.user ?? 'root'} `
  return `${wish.disabled ? '#' : ''}${time} ${user}${(wish.job ?? '').replace(/[\r\n]+$/, '')}`
}

function variableName(line: string): string | null {
  return /^\s*([A-Za-z_]\w*)\s*=/.exec(line)?.[1] ?? null
}
