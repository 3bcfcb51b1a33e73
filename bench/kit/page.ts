/** The results as a page of Markdown: goals first, then every number. */
import { figures, type Goal, type Result, type Row } from './result.ts'
import type { Versions } from './versions.ts'

export interface Report {
  readonly versions: Versions
  readonly settings: string
  readonly measures: readonly ({ readonly name: string; readonly title: string } & Result)[]
}

export function page({ versions, settings, measures }: Report): string {
  const goals = measures.flatMap(measure => measure.goals)
  return [
    `# Bench of ${versions.date.slice(0, 10)}`,
    '',
    `${versions.machine}; load average ${versions.load.toFixed(2)} at the beginning.`,
    '',
    ...Object.entries(versions.programs).map(([name, version]) => `- ${name}: ${version}`),
    `- settings: ${settings}`,
    '',
    ...(goals.length === 0
      ? []
      : ['## Goals', '', ...table(['goal', 'measured', ''], goals.map(goalCells)), '']),
    ...measures.flatMap(measure => [
      `## ${measure.title}`,
      '',
      ...table(
        ['what', 'RTT', 'side', 'seconds', 'beside vpai', 'runs', 'also'],
        measure.rows.map(row => rowCells(row, measure.rows)),
      ),
      '',
      ...measure.notes.map(note => `- ${note}`),
      ...(measure.notes.length === 0 ? [] : ['']),
    ]),
  ].join('\n')
}

function goalCells({ text, measured, holds }: Goal): string[] {
  return [text, measured, holds ? 'holds' : '**missed**']
}

function rowCells(row: Row, all: readonly Row[]): string[] {
  const ours = all.find(each => each.side === 'vpai' && each.what === row.what && each.rtt === row.rtt)
  const spread = `${row.runs.length} (${precise(Math.min(...row.runs))}–${precise(Math.max(...row.runs))})`
  const also = Object.entries(row.beside ?? {}).map(
    ([name, value]) => `${name} ${Math.round(value * 100) / 100}`,
  )
  return [
    row.what,
    row.rtt === null ? '' : `${row.rtt} ms`,
    row.side,
    precise(row.seconds),
    ours === undefined ? '' : `${figures(row.seconds / ours.seconds)}×`,
    spread,
    [...(row.extrapolated === undefined ? [] : [`extrapolated ${row.extrapolated}`]), ...also].join(', '),
  ]
}

function precise(seconds: number): string {
  return seconds < 10 ? seconds.toFixed(3) : seconds.toFixed(1)
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...body.map(line)]
}
