/** Modules that tell what `docker … inspect` knows of one thing: `exists`, and the thing under its own name. */
import type { z } from 'zod'
import { defineModule, type Module } from '../contract.ts'
import { word } from './arguments.ts'
import { dockerArguments, dockerKey, dockerRefuses, readInspected } from './docker-cli.ts'

interface Inspects {
  readonly name: string
  readonly summary: string
  readonly noun: 'container' | 'network' | 'volume'
  readonly aliases?: Readonly<Record<string, string>>
}

type Args = z.output<ReturnType<typeof schemaWith>>

const schemaWith = (aliases?: Readonly<Record<string, string>>) => dockerArguments({ name: word() }, aliases)

export function inspectModule({ name, summary, noun, aliases }: Inspects): Module<Args> {
  const keyOf = (args: Args) => dockerKey(args, [noun, 'inspect', '--', args.name])
  return defineModule<Args>({
    name,
    summary,
    args: () => schemaWith(aliases),
    keys: args => [keyOf(args)],
    settles: true,
    decide(args, seen) {
      const list = readInspected(seen.get(keyOf(args)))
      if ('problem' in list) return dockerRefuses(args.name, list.problem)
      const found = list.found[0] ?? null
      return { kind: 'ok', result: { exists: found !== null, [noun]: found } }
    },
  })
}
