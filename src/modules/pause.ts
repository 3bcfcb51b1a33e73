import type { z } from 'zod'
import { defineModule } from './contract.ts'
import { argumentsOf, bool, float, text } from './shared/arguments.ts'
import { stamp } from './shared/results.ts'

const schema = () =>
  argumentsOf({
    minutes: float().optional(),
    seconds: float().optional(),
    prompt: text().optional(),
    echo: bool().default(true),
  }).refine(
    args => args.minutes === undefined || args.seconds === undefined,
    'give one of minutes and seconds',
  )

export type PauseArgs = z.output<ReturnType<typeof schema>>

/** Waits for a time, or for Enter. What is typed comes back as user_input. */
export const pause = defineModule<PauseArgs>({
  name: 'pause',
  summary: 'Waits, or asks',
  args: schema,
  settles: 'it waits every time',
  controller: true,
  forAll: true,
  keys: () => [],
  decide(args, _seen, ctx) {
    const seconds = args.seconds ?? (args.minutes === undefined ? undefined : args.minutes * 60)
    const prompt =
      args.prompt ?? (seconds === undefined ? 'Press enter to continue, Ctrl+C to interrupt' : undefined)
    return {
      kind: 'opaque',
      summary: seconds === undefined ? 'waits for Enter' : `waits for ${seconds} seconds`,
      changes: false,
      *apply() {
        const start = stamp(ctx.now())
        const output = yield { do: 'pause', seconds, prompt, echo: args.echo }
        const result = { changed: false, rc: 0, start, stop: stamp(ctx.now()), echo: args.echo }
        const stdout = `Paused for ${Math.round(output.elapsed * 100) / 100} seconds`
        return { ...result, delta: Math.round(output.elapsed), stdout, stderr: '', user_input: output.stdout }
      },
    }
  },
})
