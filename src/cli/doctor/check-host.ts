import { VpaiError } from '../../base/error.ts'
import type { ConnectTarget } from '../../engine/world.ts'
import { safeText } from '../../report/safe-text.ts'
import { type ConnectSettings, connect } from '../wire/connect.ts'
import { fail, type Report } from './finding.ts'
import { HOST_SCRIPT, hostFindings } from './host-probe.ts'

/** Logs in and looks. Never rejects for what a host does. */
export async function checkHost(target: ConnectTarget, settings: ConnectSettings): Promise<Report> {
  const where = target.name
  try {
    const { host, user } = await connect(target, settings)
    try {
      const session = await host.session({ user: null, method: 'sudo' })
      const sent = Date.now()
      const reply = await session.request({ script: HOST_SCRIPT, timeoutS: 20 })
      const localTime = (sent + Date.now()) / 2000
      if (reply.kind !== 'done' || reply.timedOut) {
        const what = fail(
          'shell',
          'no answer within 20 s',
          'Does a disk or network mount of the host hang? (df)',
        )
        return { where, isReached: true, findings: [what] }
      }
      const stdout = safeText(reply.stdout.toString('utf8'))
      const login = { level: 'ok', what: 'login', found: `as ${user}`, advice: null } as const
      return { where, isReached: true, findings: [login, ...hostFindings({ stdout, localTime })] }
    } finally {
      await host.close()
    }
  } catch (error) {
    if (!(error instanceof VpaiError)) throw error
    return { where, isReached: false, findings: [fail('login', error.message, error.hint)] }
  }
}
