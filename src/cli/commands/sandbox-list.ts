import { list } from '../../sandbox/index.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { sandboxesOf } from '../project/sandbox-place.ts'

/** vpai sandbox list: the sandboxes of this project, those that died too. */
export async function run({ options, io }: Invocation): Promise<number> {
  const all = await list(sandboxesOf(io))
  if (options.output === 'json') {
    const sandboxes = all.map(({ kind, info }) => ({ status: kind, ...info }))
    io.out.write(`${JSON.stringify({ sandboxes }, null, 2)}\n`)
    return EXIT.fine
  }
  if (all.length === 0) io.err.write('No sandbox runs. `vpai sandbox up` starts one.\n')
  const width = Math.max(0, ...all.map(({ info }) => info.name.length))
  for (const one of all) {
    const { name, backend, user, host, port } = one.info
    const state = one.kind === 'running' ? `${user}@${host}:${port}` : `broken: ${one.reason}`
    io.out.write(`${name.padEnd(width)}  ${backend.padEnd(8)}  ${state}\n`)
  }
  return EXIT.fine
}
