import { driftScript } from '../../drift/drift-script.ts'
import { exitCodeOf, type HostReport, hostDocument, reportOf } from '../../drift/report.ts'
import type { Invocation } from '../command.ts'
import { contentDiffs } from '../drift/content-diffs.ts'
import { driftLines } from '../drift/drift-text.ts'
import { EXIT } from '../exit-codes.ts'
import { painted } from '../painted.ts'
import { askHosts } from '../releases/ask-hosts.ts'
import { outputForm } from '../reporters.ts'

const VERSION = 1

/** vpai drift [PATTERN]: what is not on the hosts as their newest release has it. Writes nothing there. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env = 'all'] = args
  const scripts = new Map([[env, driftScript('$R')]])
  const command = `drift ${env}`
  const { code, said, silent } = await askHosts({ io, options, command, scripts, isQuiet: true })
  if (code === EXIT.interrupted) return code
  const reports = new Map<string, HostReport>([
    ...[...said].map(([host, answer]) => [host, reportOf(answer)] as const),
    ...[...silent].map(([host, { status, reason }]) => [host, { state: status, reason }] as const),
  ])
  const diffs = options.diff === true ? await contentDiffs({ options, io }, reports) : new Map()
  const exitCode = exitCodeOf(reports.values())
  const told = new Map([...reports].sort(([left], [right]) => (left < right ? -1 : 1)))
  tell({ io, options }, { env, exitCode, reports: told, diffs })
  return exitCode
}

interface Told {
  readonly env: string
  readonly exitCode: number
  readonly reports: ReadonlyMap<string, HostReport>
  readonly diffs: ReadonlyMap<string, ReadonlyMap<string, string>>
}

function tell({ io, options }: Omit<Invocation, 'args'>, { env, exitCode, reports, diffs }: Told): void {
  const form = outputForm(io, options.output)
  const diffsOf = (host: string) => diffs.get(host) ?? new Map<string, string>()
  const documents = [...reports].map(([host, report]) => [host, hostDocument(report, diffsOf(host))] as const)
  if (form === 'json') {
    const document = { version: VERSION, env, exitCode, hosts: Object.fromEntries(documents) }
    io.out.write(`${JSON.stringify(document, null, 2)}\n`)
  } else if (form === 'ndjson') {
    const line = (data: object) => io.out.write(`${JSON.stringify({ version: VERSION, ...data })}\n`)
    for (const [host, { findings, ...about }] of documents) {
      for (const finding of findings) line({ type: 'finding', host, ...finding })
      line({ type: 'host', host, ...about })
    }
    line({ type: 'exit', exitCode })
  } else {
    const style = painted(io, options.output)
    for (const [host, report] of reports)
      io.out.write(`${driftLines(host, report, { style, diffs: diffsOf(host) })}\n`)
  }
}
