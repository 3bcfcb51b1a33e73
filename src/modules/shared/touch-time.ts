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
