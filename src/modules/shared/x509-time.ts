/**
 * Points in time as certificates and Ansible's arguments write them: `YYYYMMDDHHMMSSZ`, or from now on: `+3650d`,
 * `-1h30m`, `+1w2d`. UTC.
 */
export type TimeWish =
  | { readonly kind: 'absolute'; readonly stamp: string }
  /** Seconds from now. */
  | { readonly kind: 'relative'; readonly seconds: number }

const UNITS: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 }

/** null for what is no time. */
export function parseTime(text: string): TimeWish | null {
  const trimmed = text.trim()
  if (/^\d{12}(\d{2})?Z$/.test(trimmed))
    return { kind: 'absolute', stamp: trimmed.length === 15 ? trimmed : `${trimmed.slice(0, -1)}00Z` }
  const date = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?Z?)?$/.exec(trimmed)
  if (date !== null) {
    const [, year, month, day, hour = '00', minute = '00', second = '00'] = date
    return { kind: 'absolute', stamp: `${year}${month}${day}${hour}${minute}${second}Z` }
  }
  const relative = /^([+-])((?:\d+[wdhms]?)+)$/i.exec(trimmed)
  if (relative === null) return null
  const parts = [...(relative[2] ?? '').matchAll(/(\d+)([wdhms]?)/gi)]
  const sum = parts.reduce(
    (total, [, count, unit]) => total + Number(count) * UNITS[(unit || 's').toLowerCase()]!,
    0,
  )
  return { kind: 'relative', seconds: relative[1] === '-' ? -sum : sum }
}

export function stampAt(wish: TimeWish, now: Date): string {
  return wish.kind === 'absolute' ? wish.stamp : stampOf(new Date(now.getTime() + wish.seconds * 1000))
}

export function stampOf(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace(/[-T:]/g, '')}Z`
}

/** sh that gives the point in time by the clock of the host, which is the one that certificates are checked by. */
export function stampWord(wish: TimeWish): string {
  if (wish.kind === 'absolute') return wish.stamp
  return `"$(date -u -d @$(($(date +%s) + ${wish.seconds})) +%Y%m%d%H%M%SZ)"`
}
