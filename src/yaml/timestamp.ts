/**
 * A YAML date or date-time as Python prints it.
 *
 * `time` undefined: a date (prints 2026-11-21). Without an offset the wall clock is kept as if it were UTC,
 * as Python's naive datetime has no zone. Microseconds are kept for printing; the Date below has milliseconds.
 */
export interface TimestampParts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly time?: TimeOfDay
}

export interface TimeOfDay {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly microsecond: number
  /** Minutes east of UTC. */
  readonly offset?: number
}

export class Timestamp extends Date {
  readonly parts: TimestampParts

  constructor(parts: TimestampParts) {
    super(instant(parts))
    this.parts = parts
  }

  get isDateOnly(): boolean {
    return this.parts.time === undefined
  }

  /** As Python's str(): 2026-11-21 or 2026-11-21 06:30:00.250000+02:00. */
  override toString(): string {
    return print(this.parts, ' ')
  }

  /** As Python's isoformat(), which is what to_json writes. */
  override toJSON(): string {
    return print(this.parts, 'T')
  }
}

/** Undefined when the text is no date, or one that no calendar has (2026-02-30). */
export function parseTimestamp(text: string): Timestamp | undefined {
  const groups = TIMESTAMP.exec(text)?.groups
  if (groups === undefined) return undefined
  const parts: TimestampParts = {
    year: Number(groups.year),
    month: Number(groups.month),
    day: Number(groups.day),
    time: groups.hour === undefined ? undefined : timeOfDay(groups),
  }
  return isOnCalendar(parts) ? new Timestamp(parts) : undefined
}

const TIMESTAMP =
  /^(?<year>\d{4})-(?<month>\d\d?)-(?<day>\d\d?)(?:(?:[Tt]|[ \t]+)(?<hour>\d\d?):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d*))?(?:[ \t]*(?<zone>Z|(?<sign>[-+])(?<zoneHour>\d\d?)(?::(?<zoneMinute>\d\d))?))?)?$/

function timeOfDay(groups: Record<string, string | undefined>): TimeOfDay {
  const minutes = Number(groups.zoneHour ?? 0) * 60 + Number(groups.zoneMinute ?? 0)
  return {
    hour: Number(groups.hour),
    minute: Number(groups.minute),
    second: Number(groups.second),
    microsecond: Number((groups.fraction ?? '').slice(0, 6).padEnd(6, '0')),
    offset: groups.zone === undefined ? undefined : groups.sign === '-' ? -minutes : minutes,
  }
}

function isOnCalendar({ year, month, day, time }: TimestampParts): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return false
  if (time === undefined) return true
  return time.hour < 24 && time.minute < 60 && time.second < 60 && Math.abs(time.offset ?? 0) < 24 * 60
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
}

function instant({ year, month, day, time }: TimestampParts): number {
  // Date.UTC reads the years 0 to 99 as 1900 to 1999, so the year is set apart.
  const date = new Date(Date.UTC(2000, month - 1, day))
  date.setUTCFullYear(year, month - 1, day)
  if (time === undefined) return date.getTime()
  const seconds = (time.hour * 60 + time.minute - (time.offset ?? 0)) * 60 + time.second
  return date.getTime() + seconds * 1000 + Math.floor(time.microsecond / 1000)
}

function print({ year, month, day, time }: TimestampParts, separator: string): string {
  const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`
  if (time === undefined) return date
  const fraction = time.microsecond === 0 ? '' : `.${pad(time.microsecond, 6)}`
  return `${date}${separator}${pad(time.hour)}:${pad(time.minute)}:${pad(time.second)}${fraction}${zone(time.offset)}`
}

function zone(offset: number | undefined): string {
  if (offset === undefined) return ''
  const minutes = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0')
}
