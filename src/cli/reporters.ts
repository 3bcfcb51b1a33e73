/** Which reporter draws a run: as asked, else pretty on a terminal and plain elsewhere. */
import { jsonReporter, ndjsonReporter } from '../report/json.ts'
import { Profiler } from '../report/profile.ts'
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
  const profiler = options.profile === true ? new Profiler(performance.now()) : null
  if (form === 'json') return jsonReporter(io.out, profiler)
  if (form === 'ndjson') return ndjsonReporter(io.out)
  const pretty = form === 'pretty'
  const style = pretty && !io.env.NO_COLOR && io.stdoutIsTty ? coloured() : bare()
  const verbosity = (options.verbose as number | undefined) ?? 0
  return textReporter(io.out, { style, verbosity, ...how, profiler, live: pretty && io.stdoutIsTty })
}
