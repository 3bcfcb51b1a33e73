/** Colours and marks, or none: NO_COLOR, no terminal and `--output plain` give bare text. */
import { styleText } from 'node:util'
import type { TaskStatus } from '../base/event.ts'

export interface Style {
  status(status: TaskStatus, text: string): string
  dim(text: string): string
  bold(text: string): string
  added(text: string): string
  removed(text: string): string
  warning(text: string): string
}

type Format = Parameters<typeof styleText>[0]

const COLOUR: Record<TaskStatus, Format> = {
  ok: 'green',
  changed: 'yellow',
  skipped: 'cyan',
  failed: 'red',
  ignored: 'magenta',
  unreachable: 'red',
  late: 'blue',
}

export function coloured(): Style {
  const paint = (format: Format) => (text: string) => styleText(format, text, { validateStream: false })
  return {
    status: (status, text) => paint(COLOUR[status])(text),
    dim: paint('dim'),
    bold: paint('bold'),
    added: paint('green'),
    removed: paint('red'),
    warning: paint('yellow'),
  }
}

export function bare(): Style {
  const same = (text: string) => text
  return { status: (_status, text) => text, dim: same, bold: same, added: same, removed: same, warning: same }
}
