/** Which reporter draws a run: as asked, else pretty on a terminal and plain elsewhere. */
import { jsonReporter, ndjsonReporter } from '../report/json.ts'
import type { Reporter } from '../report/reporter.ts'
import { bare, coloured } from '../report/style.ts'
import { textReporter } from '../report/text.ts'
import type { Io } from './io.ts'

export type OutputForm = 'pretty' | 'plain' | 'json' | 'ndjson'

export function outputForm(io: Io, given: unknown): OutputForm {
  if (given !== undefined) return given as OutputForm
  return io.stdoutIsTty ? 'pretty' : 'plain'
}

export function reporterFor(
  io: Io,
  { options, ...how }: { options: Readonly<Record<string, unknown>>; diff: boolean; showOutput: boolean },
): Reporter {
  const form = outputForm(io, options.output)
  if (form === 'json') return jsonReporter(io.out)
  if (form === 'ndjson') return ndjsonReporter(io.out)
  const pretty = form === 'pretty'
  const style = pretty && !io.env.NO_COLOR && io.stdoutIsTty ? coloured() : bare()
  const verbosity = (options.verbose as number | undefined) ?? 0
  return textReporter(io.out, { style, verbosity, ...how, live: pretty && io.stdoutIsTty })
}
