/** A listener of a run's events. `end` is told the exit code once everything is over. */
import type { TimedEvent } from '../base/event.ts'

export interface Reporter {
  on(event: TimedEvent): void
  end(exitCode: number): void
}

/** Where a reporter writes; tests hand in one that keeps the text. */
export interface Sink {
  write(text: string): void
}
