import { Callable, TimeDelta } from './values.ts'

/** Attributes and methods of dates and their differences. All times are UTC. */
export function dateAttribute(value: Date | TimeDelta, name: string): unknown {
  if (value instanceof TimeDelta)
    return Object.hasOwn(DELTA_PARTS, name) ? DELTA_PARTS[name]?.(value) : undefined
  return Object.hasOwn(DATE_PARTS, name) ? DATE_PARTS[name]?.(value) : undefined
}

const DELTA_PARTS: Readonly<Record<string, (delta: TimeDelta) => unknown>> = {
  days: delta => delta.days,
  seconds: delta => delta.seconds,
  total_seconds: delta => new Callable('total_seconds', () => delta.totalSeconds),
}

const DATE_PARTS: Readonly<Record<string, (date: Date) => unknown>> = {
  year: date => date.getUTCFullYear(),
  month: date => date.getUTCMonth() + 1,
  day: date => date.getUTCDate(),
  hour: date => date.getUTCHours(),
  minute: date => date.getUTCMinutes(),
  second: date => date.getUTCSeconds(),
  timestamp: date => new Callable('timestamp', () => date.getTime() / 1000),
  isoformat: date => new Callable('isoformat', () => date.toISOString().slice(0, 19)),
  weekday: date => new Callable('weekday', () => (date.getUTCDay() + 6) % 7),
  strftime: date => new Callable('strftime', ([format]) => formatDate(String(format), date)),
}

const two = (value: number): string => String(value).padStart(2, '0')

const name = (date: Date, options: Intl.DateTimeFormatOptions): string =>
  date.toLocaleString('en', { ...options, timeZone: 'UTC' })

const DIRECTIVES: Readonly<Record<string, (date: Date) => string>> = {
  Y: date => String(date.getUTCFullYear()),
  y: date => two(date.getUTCFullYear() % 100),
  m: date => two(date.getUTCMonth() + 1),
  d: date => two(date.getUTCDate()),
  H: date => two(date.getUTCHours()),
  I: date => two(date.getUTCHours() % 12 || 12),
  M: date => two(date.getUTCMinutes()),
  S: date => two(date.getUTCSeconds()),
  p: date => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  f: date => String(date.getUTCMilliseconds() * 1000).padStart(6, '0'),
  s: date => String(Math.floor(date.getTime() / 1000)),
  j: date => String(dayOfYear(date)).padStart(3, '0'),
  w: date => String(date.getUTCDay()),
  u: date => String(date.getUTCDay() || 7),
  F: date => date.toISOString().slice(0, 10),
  T: date => date.toISOString().slice(11, 19),
  B: date => name(date, { month: 'long' }),
  b: date => name(date, { month: 'short' }),
  A: date => name(date, { weekday: 'long' }),
  a: date => name(date, { weekday: 'short' }),
  Z: () => 'UTC',
  z: () => '+0000',
  '%': () => '%',
}

/** strftime, in UTC. */
export function formatDate(format: string, date: Date): string {
  return format.replace(/%([a-zA-Z%])/g, (whole, letter: string) => DIRECTIVES[letter]?.(date) ?? whole)
}

function dayOfYear(date: Date): number {
  const start = Date.UTC(date.getUTCFullYear(), 0, 1)
  return Math.floor((date.getTime() - start) / 86_400_000) + 1
}
