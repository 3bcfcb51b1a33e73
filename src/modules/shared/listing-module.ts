/** Modules that tell what `docker … ls` or `ps` lists, one mapping an entry. */
import type { z } from 'zod'
import { defineModule, type Module } from '../contract.ts'
import { path, text, word } from './arguments.ts'
import { dockerArguments, dockerKey, dockerRefuses, jsonLines, problemOf } from './docker-cli.ts'

interface Lists {
  readonly name: string
  readonly summary: string
  /** Whether it lists what belongs to one `name`. */
  readonly isOfOne: boolean
  readonly words: readonly string[]
}

const program = () => ({ docker_cli: path().optional(), cli_context: text().optional() })
const ofAll = () => dockerArguments({ ...program() })
const ofOne = () => dockerArguments({ name: word(), ...program() })
type Args = z.output<ReturnType<typeof ofAll>> & { readonly name?: string }

export function listingModule({ name, summary, isOfOne, words }: Lists): Module<Args> {
  const keyOf = (args: Args) => {
    const subject = args.name === undefined ? [] : [args.name]
    return dockerKey(args, [...words, '--format', '{{json .}}', ...subject])
  }
  return defineModule<Args>({
    name,
    summary,
    args: isOfOne ? ofOne : ofAll,
    keys: args => [keyOf(args)],
    settles: true,
    decide(args, seen) {
      const answer = seen.get(keyOf(args))
      const problem = problemOf(answer)
      if (problem !== null) return dockerRefuses(args.name ?? 'its stacks', problem)
      return { kind: 'ok', result: { results: jsonLines(answer.stdout) } }
    },
  })
}
