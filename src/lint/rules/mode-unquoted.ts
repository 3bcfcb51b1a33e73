import type { Position } from '../../base/error.ts'
import type { Remark, Rule } from '../contract.ts'

export const modeUnquoted: Rule = {
  id: 'mode-unquoted',
  severity: 'warning',
  summary: 'a file mode without quotes',
  why: 'YAML reads 0644 as an octal number and 644 as a decimal one, which is the mode 1204. In quotes it is what it looks like.',
  check: ({ tasks, lineOf }) =>
    tasks.flatMap(({ task }) =>
      ['mode', 'directory_mode'].flatMap((name): Remark[] => {
        const position = task.argPositions[name]
        if (position === undefined || typeof task.args[name] !== 'number') return []
        const [written] = /^\d+/.exec(lineOf(position).slice(position.column - 1)) ?? []
        return written === undefined ? [] : [remark(name, written, position)]
      }),
    ),
}

function remark(name: string, written: string, position: Position): Remark {
  const { file, line, column } = position
  if (!written.startsWith('0')) {
    const mode = Number(written).toString(8).padStart(4, '0')
    return {
      message: `${name} ${written} is a decimal number: the mode ${mode}`,
      hint: `Write "0${written}" if that is the mode.`,
      position,
    }
  }
  return {
    message: `${name} ${written} without quotes depends on how YAML reads numbers`,
    hint: `Write "${written}".`,
    position,
    fix: { file, line, column, before: written, after: `"${written}"` },
  }
}
