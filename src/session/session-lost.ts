import { VpaiError } from '../base/error.ts'
import type { HelloFrame } from './frame-parser.ts'

/** Names one command of a session that is gone, so that a new session can ask what became of it. */
export interface ResumeTicket {
  readonly id: number
  /** Of the session that sent the command. */
  readonly hello: HelloFrame
}

/** The channel ended while a request was outstanding: it may have run, be running or never have arrived. */
export class SessionLostError extends VpaiError {
  /** null for trusted requests: they keep no journal and are safe to send again under their own guards. */
  readonly ticket: ResumeTicket | null

  constructor(name: string, details: { readonly ticket: ResumeTicket | null; readonly isStarted: boolean }) {
    super(
      'SESSION_LOST',
      details.isStarted
        ? `The session of ${name} ended while a request was running; its outcome is unknown.`
        : `The session of ${name} has ended.`,
    )
    this.name = 'SessionLostError'
    this.ticket = details.ticket
  }
}
