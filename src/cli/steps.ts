import type { Io } from './io.ts'

export interface Step {
  readonly title: string
  /** `tell` shows what is going on right now. */
  readonly run: (tell: (line: string) => void) => Promise<void>
}

export interface StepSettings {
  readonly io: Io
  /** Nothing is shown: the output is for a program. */
  readonly isQuiet?: boolean
  /** Default 1: one after the other. */
  readonly atOnce?: number
  /** A step that rejects is marked as failed, and that is all. */
  readonly goOn?: boolean
}

/** Runs steps and shows them as they go: with spinners on a terminal, and nothing but what `tell` says elsewhere. */
export async function showSteps(steps: readonly Step[], settings: StepSettings): Promise<void> {
  const { io, isQuiet = false, atOnce = 1, goOn = false } = settings
  if (!isQuiet && canRedraw(io)) {
    const { Listr } = await import('listr2')
    const tasks = steps.map(({ title, run }) => ({
      title,
      task: (_context: unknown, task: { output: string }) =>
        run(line => {
          task.output = line
        }),
    }))
    await new Listr(tasks, {
      concurrent: atOnce,
      exitOnError: !goOn,
      rendererOptions: { showErrorMessage: false },
    }).run()
    return
  }
  const waiting = [...steps]
  const work = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const running = step.run(line => {
        if (!isQuiet) io.err.write(`${line}\n`)
      })
      await (goOn ? running.catch(() => undefined) : running)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, steps.length) }, work))
}

/** Without a width (a pty nobody looks at) spinners would be broken after every letter. */
function canRedraw(io: Io): boolean {
  const isWide = (process.stdout.columns ?? 0) >= 20
  return io.stdoutIsTty && isWide && !io.env.NO_COLOR && io.env.TERM !== 'dumb'
}
