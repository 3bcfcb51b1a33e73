import { didYouMean } from '../../base/did-you-mean.ts'
import { VpaiError } from '../../base/error.ts'
import { Template, type Value } from '../../base/value.ts'
import { explain, layer, type Origin } from '../../inventory/precedence.ts'
import { jsonValue } from '../../report/lines.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { openProject, requireInventory, throwErrors } from '../project/open.ts'

/** vpai explain HOST KEY: the value that won, and those that lost, each with its level and place. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [host = '', key = ''] = args
  const project = await openProject({ io, options, needsSecrets: false })
  requireInventory(project)
  throwErrors(project.problems)
  const { inventory } = project
  if (!inventory.host(host))
    throw unknown(`there is no host ${host}`, didYouMean(host, [...inventory.hosts.keys()]))
  const extra = layer('extra vars', project.extraVars, { origin: 'command line' })
  const found = explain([...inventory.hostLayers(host), extra], key)
  if (!found)
    throw unknown(
      `nothing in the inventory gives ${host} a variable ${key}`,
      didYouMean(key, [...inventory.variables(host).names()]),
    )
  const all = [found.winner, ...found.losers]
  if (options.output === 'json') {
    io.out.write(
      `${JSON.stringify({ host, key, winner: plain(found.winner), losers: found.losers.map(plain) }, jsonValue, 2)}\n`,
    )
    return EXIT.fine
  }
  io.out.write(`${key} on ${host}\n`)
  for (const [index, origin] of all.entries())
    io.out.write(`${index === 0 ? '  wins ' : '  loses'}  ${line(origin)}\n`)
  return EXIT.fine
}

function unknown(message: string, hint: string | undefined): VpaiError {
  return new VpaiError('EXPLAIN_UNKNOWN', message, { hint })
}

function plain({ value, name, position }: Origin): Value {
  return { value: shown(value), level: name, place: place(position) }
}

function line({ value, name, position }: Origin): string {
  return `${JSON.stringify(shown(value), jsonValue)}  ${name}  ${place(position)}`
}

function place(position: Origin['position']): string {
  return typeof position === 'string' ? position : `${position.file}:${position.line}:${position.column}`
}

function shown(value: Value): Value {
  return value instanceof Template ? value.source : value
}
