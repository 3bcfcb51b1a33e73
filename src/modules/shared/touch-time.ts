import type { Key, Seen } from '../../probes/contract.ts'

/** A time as `touch -t` takes it: `now`, `preserve`, or CCYYMMDDhhmm.ss; null when it does not fit its format. */
export function touchTime(text: string | undefined, format: string): string | null {
  if (text === undefined || text === '') return 'now'
  if (text === 'now' || text === 'preserve') return text
  const fields: string[] = []
  const pattern = format.replace(
    /%([YmdHMSyj%])|[.*+?^${}()|[\]\\]/g,
    (whole, letter: string | undefined) => {
      if (letter === undefined) return `\\${whole}`
      if (letter === '%') return '%'
      fields.push(letter)
      return letter === 'Y' ? '(\\d{4})' : '(\\d{1,2})'
    },
  )
  const match = new RegExp(`^${pattern}$`).exec(text)
  if (match === null) return null
  const found = (letter: string, fallback: string): string =>
    match[fields.indexOf(letter) + 1]?.padStart(2, '0') ?? fallback
  const has = (letter: string) => fields.includes(letter)
  const year = has('Y') ? found('Y', '1970') : has('y') ? `20${found('y', '70')}` : '1900'
  const part = (letter: string, fallback: string) => (has(letter) ? found(letter, fallback) : fallback)
  return `${year}${part('m', '01')}${part('d', '01')}${part('H', '00')}${part('M', '00')}.${part('S', '00')}`
}

/** Asks the host what a time is in seconds, for it alone knows its time zone. None for `now` and `preserve`. */
export function timeKeys(stamps: readonly (string | null)[]): Key[] {
  return stamps.flatMap(stamp => (stamp === null || !/^\d/.test(stamp) ? [] : [timeKey(stamp)]))
}

/** True when a file's time (seconds) is the one asked for, or is to be kept. */
export function isTime(stamp: string, seconds: number, seen: Seen): boolean {
  if (stamp === 'now' || stamp === 'preserve') return stamp === 'preserve'
  const answer = seen.get(timeKey(stamp))
  return answer.code === 0 && Number(answer.stdout) === Math.floor(seconds)
}

function timeKey(stamp: string) {
  const [, date = '', time = '', seconds = ''] = /^(\d{8})(\d{4})\.(\d\d)$/.exec(stamp) ?? []
  const words = `${dashed(date)} ${time.slice(0, 2)}:${time.slice(2)}:${seconds}`
  return { kind: 'read', name: `time ${stamp}`, script: `date -d '${words}' +%s` } as const
}

function dashed(date: string): string {
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`
}
