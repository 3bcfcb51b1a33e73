/** One line cut into lines of at most `width`, at blanks; longer words are broken if allowed. */
export function wrapLine(line: string, width: number, breakLongWords: boolean): string[] {
  const lines: string[] = []
  let current = ''
  const finish = (): void => {
    if (current !== '') lines.push(current)
    current = ''
  }
  for (const word of line.split(/\s+/)) {
    let rest = word
    while (breakLongWords && rest.length > width) {
      const room = current === '' ? width : width - current.length - 1
      if (current !== '' && room > 0) {
        current += ` ${rest.slice(0, room)}`
        rest = rest.slice(room)
      } else if (current === '') {
        current = rest.slice(0, width)
        rest = rest.slice(width)
      }
      finish()
    }
    if (current === '') current = rest
    else if (current.length + 1 + rest.length <= width) current += ` ${rest}`
    else {
      finish()
      current = rest
    }
  }
  finish()
  return lines.length > 0 ? lines : ['']
}
