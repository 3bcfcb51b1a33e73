/** Command records to commander, and back from what commander parsed to an invocation. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { CommandSpec, OptionSpec } from './command.ts'
import type { Io } from './io.ts'

export type Done = (exitCode: number) => void

export function register(parent: Command, spec: CommandSpec, to: { io: Io; done: Done }): void {
  const command = parent.command(spec.name, { hidden: spec.hidden ?? false }).description(spec.summary)
  command.showHelpAfterError(`(see \`${pathOf(command)} --help\`)`)
  for (const word of spec.args?.split(' ') ?? []) command.argument(word)
  for (const option of spec.options ?? []) command.addOption(toOption(option))
  if (spec.notes) command.addHelpText('after', `\n${spec.notes}`)
  for (const child of spec.children ?? []) register(command, child, to)
  const { load } = spec
  if (!load) return
  if (spec.hidden) command.allowUnknownOption().helpOption(false)
  command.action(async () => {
    const body = await load()
    const args = command.args
    to.done(await body.run({ args, options: command.opts(), io: to.io }))
  })
}

/** `vpai secrets set` */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

function toOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description)
  if (spec.choices) option.choices(spec.choices)
  if (spec.repeat)
    option.argParser((value: string, former: string[] | undefined) => {
      // A parser of one's own replaces the one that looks at the choices.
      if (spec.choices && !spec.choices.includes(value))
        throw new InvalidArgumentError(`Allowed choices are ${spec.choices.join(', ')}.`)
      return [...(former ?? []), value]
    })
  if (spec.count)
    option.argParser((_value: string, former: number | undefined) => (former ?? 0) + 1).default(0)
  if (spec.default !== undefined) option.default(spec.default)
  return option
}
