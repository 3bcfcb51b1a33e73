import { quote } from '../base/quote.ts'

/** A whole file to stdout. Exit 94 for anything but a regular file: a FIFO would never end. */
export function readScript(path: string): string {
  return `p=${quote(path)}
[ -e "$p" ] || exit 90
[ -f "$p" ] || exit 94
cat -- "$p" || exit 96`
}
