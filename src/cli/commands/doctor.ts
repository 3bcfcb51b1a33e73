import { VpaiError } from '../../base/error.ts'
import { matchHosts } from '../../inventory/pattern.ts'
import { bare, coloured } from '../../report/style.ts'
import type { Invocation } from '../command.ts'
import { checkHost } from '../doctor/check-host.ts'
import { checkMachine, checkProject } from '../doctor/check-machine.ts'
import { type Finding, type Report, reportLines } from '../doctor/finding.ts'
import { EXIT } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { openProject, type Project, requireInventory, throwErrors } from '../project/open.ts'
import { limitOf } from '../run-settings.ts'
import { type Step, showSteps } from '../steps.ts'
import { connectSettings } from '../wire/connect-settings.ts'
import { hostTarget } from '../wire/host-target.ts'

/** vpai doctor [PATTERN]: what is missing here and, with a pattern, on those hosts. Exit 2: something failed, 4: a host was not reached. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const opened = await openProject({ io, options, needsSecrets: false, runsThings: true }).catch(asProblem)
  const machine: Report = {
    where: 'this machine',
    isReached: true,
    findings: [...(await checkMachine(io, options)), ...(await checkProject(opened, { io, options }))],
  }
  const isJson = options.output === 'json'
  const print = (report: Report) => {
    if (!isJson) io.out.write(`${reportLines(report, painter(io))}\n`)
  }
  print(machine)
  const hosts = args[0] === undefined ? [] : await checkHosts(opened, { pattern: args[0], io, options })
  for (const host of hosts) print(host)
  const reports = [machine, ...hosts]
  if (isJson) io.out.write(`${JSON.stringify({ reports }, null, 2)}\n`)
  if (reports.some(report => !report.isReached)) return EXIT.unreachable
  const hasFailed = reports.some(report => report.findings.some(finding => finding.level === 'fail'))
  return hasFailed ? EXIT.failed : EXIT.fine
}

function asProblem(error: unknown): VpaiError {
  if (error instanceof VpaiError) return error
  throw error
}

interface HostQuestion {
  readonly pattern: string
  readonly io: Io
  readonly options: Readonly<Record<string, unknown>>
}

async function checkHosts(opened: Project | VpaiError, question: HostQuestion): Promise<readonly Report[]> {
  const { io, options, pattern } = question
  if (opened instanceof VpaiError) throw opened
  requireInventory(opened)
  throwErrors(opened.problems)
  const { hosts, problems } = matchHosts(opened.inventory, pattern, limitOf(opened, options, undefined))
  throwErrors(problems.map(problem => ({ ...problem, severity: 'error' as const })))
  const settings = await connectSettings(io, opened, options)
  const reports: Report[] = []
  const steps: Step[] = hosts.map((name, index) => ({
    title: name,
    run: async () => {
      const report = await checkHost(hostTarget(opened, name), settings)
      reports[index] = report
      if (!report.isReached) throw new VpaiError('DOCTOR_UNREACHED', `${name} was not reached`)
    },
  }))
  await showSteps(steps, {
    io,
    isQuiet: options.output === 'json',
    atOnce: opened.settings.forks,
    goOn: true,
  })
  return reports
}

function painter(io: Io): (level: Finding['level'], text: string) => string {
  const style = io.stdoutIsTty && !io.env.NO_COLOR ? coloured() : bare()
  const paint = { ok: style.added, warn: style.warning, fail: style.removed }
  return (level, text) => paint[level](text)
}
