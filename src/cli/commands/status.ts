import { isHolderGone } from '../../state/run-holder.ts'
import { exitCodeOf, type HostStatus, statusDocument, statusOf } from '../../status/report.ts'
import { statusScript } from '../../status/status-script.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { painted } from '../painted.ts'
import { askHosts } from '../releases/ask-hosts.ts'
import { outputForm } from '../reporters.ts'
import { statusText } from '../status/status-text.ts'

const VERSION = 1

/** vpai status [PATTERN]: how the hosts are, and what was deployed last. Writes nothing there. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env = 'all'] = args
  const scripts = new Map([[env, statusScript('$R')]])
  const command = `status ${env}`
  const { code, said, silent } = await askHosts({ io, options, command, scripts, isQuiet: true })
  if (code === EXIT.interrupted) return code
  const isGone: Parameters<typeof statusOf>[1] = ({ open }) => open !== null && isHolderGone(open.holder)
  const hosts = new Map<string, HostStatus>(
    [
      ...[...said].map(([host, answer]) => [host, statusOf(answer, isGone)] as const),
      ...[...silent].map(([host, { status, reason }]) => [host, { state: status, reason }] as const),
    ].sort(([left], [right]) => (left < right ? -1 : 1)),
  )
  const exitCode = exitCodeOf(hosts.values())
  const form = outputForm(io, options.output)
  const line = (data: object) => io.out.write(`${JSON.stringify({ version: VERSION, ...data })}\n`)
  if (form === 'json') {
    const told = [...hosts].map(([name, host]) => [name, statusDocument(host)])
    const document = { version: VERSION, env, exitCode, hosts: Object.fromEntries(told) }
    io.out.write(`${JSON.stringify(document, null, 2)}\n`)
  } else if (form === 'ndjson') {
    for (const [host, status] of hosts) line({ type: 'host', host, status: statusDocument(status) })
    line({ type: 'exit', exitCode })
  } else io.out.write(statusText(hosts, painted(io, options.output)))
  return exitCode
}
