import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import type { RunEvent } from '../../base/event.ts'
import { exitCodeOf, type Verified, verifiedOf } from '../../verify/checks.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { painted } from '../painted.ts'
import { play } from '../play.ts'
import { sitePlaybook } from '../project/site-playbook.ts'
import { outputForm } from '../reporters.ts'
import { verifyText } from '../verify/verify-text.ts'

const VERSION = 1
const ROLE = 'smoke-tests'

/** vpai verify ENV: the checks of role smoke-tests, as the site playbook has it. Changes nothing. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env = ''] = args
  const found = new Map<string, Verified>()
  const code = await play({
    io: { ...io, out: { write: () => undefined } },
    options: { ...options, output: 'plain', tags: [ROLE] },
    command: `verify ${env}`,
    check: false,
    playbookDirectory: (_root, settings) => path.dirname(settings.playbook),
    playbooks: project => [sitePlaybook(project, env)],
    extraVars: { target_env: env, smoke_tests_enabled: true, smoke_tests_strict: false },
    within: env,
    isLook: true,
    onEvent: event => keep(event, found),
  })
  if (code === EXIT.interrupted) return code
  if (found.size === 0) throw nothingAsked(env)
  const hosts = new Map([...found].sort(([left], [right]) => (left < right ? -1 : 1)))
  const exitCode = exitCodeOf(hosts.values())
  const form = outputForm(io, options.output)
  const line = (data: object) => io.out.write(`${JSON.stringify({ version: VERSION, ...data })}\n`)
  if (form === 'json') {
    const document = { version: VERSION, env, exitCode, hosts: Object.fromEntries(hosts) }
    io.out.write(`${JSON.stringify(document, null, 2)}\n`)
  } else if (form === 'ndjson') {
    for (const [host, verified] of hosts) line({ type: 'host', host, verified })
    line({ type: 'exit', exitCode })
  } else io.out.write(verifyText(hosts, painted(io, options.output)))
  return exitCode
}

/** The first trouble of a host that was not asked, or what it said. */
function keep(event: RunEvent, found: Map<string, Verified>): void {
  if (event.type !== 'task.result') return
  const { host, status, reason, result, role, module } = event
  if (status === 'unreachable') found.set(host, { state: 'unreachable', reason: reason ?? status })
  else if (status === 'failed') found.set(host, { state: 'failed', reason: reason ?? status })
  else if (role === ROLE && module === 'shell' && typeof result.stdout === 'string')
    found.set(host, verifiedOf(result.stdout))
}

function nothingAsked(env: string): VpaiError {
  return new VpaiError('VERIFY_NO_CHECKS', `nothing was asked on the hosts of ${env}`, {
    hint: `The site playbook needs the role: { role: ${ROLE}, tags: [${ROLE}] }, and a host of ${env}.`,
  })
}
