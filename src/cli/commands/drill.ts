import { VpaiError } from '../../base/error.ts'
import { askProgram } from '../backups/host-program.ts'
import { type DrillOf, drillOf, keepProofs } from '../backups/proof.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { painted } from '../painted.ts'
import { noProgram } from './backup.ts'

/** vpai drill ENV [ITEM…]: the newest backups are restored where nothing else runs; the proof is signed and kept on the host. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env = '', ...items] = args
  const command = `drill ${env}`
  const { code, said, silent } = await askProgram({
    ...{ io, options, command, env },
    words: ['drill', ...items],
    onProject: ({ secrets }) => {
      if (secrets.signingKey === null) throw noKey()
    },
  })
  for (const [host, { reason }] of silent) io.err.write(`${host}: ${reason}\n`)
  if (said.size === 0 && silent.size === 0) throw noProgram(env)
  const drills = [...said].map(([host, lines]) => drillOf(host, lines))
  const kept = drills.length === 0 ? EXIT.fine : await keepProofs({ io, options, env, command, drills })
  tell(drills, { io, options, env })
  const isRed = drills.some(
    ({ items }) => items.length === 0 || items.some(({ result }) => result === 'failed'),
  )
  return Math.max(code, kept, isRed ? EXIT.failed : EXIT.fine)
}

function noKey(): VpaiError {
  return new VpaiError('DRILL_NO_KEY', 'what a drill proves is signed, and this project has no signing key', {
    hint: '`vpai secrets init` makes a secrets file with one.',
  })
}

function tell(
  drills: readonly DrillOf[],
  { io, options, env }: Pick<Invocation, 'io' | 'options'> & { readonly env: string },
): void {
  if (options.output === 'json') {
    io.out.write(`${JSON.stringify({ version: 1, env, hosts: drills }, null, 2)}\n`)
    return
  }
  const style = painted(io, options.output)
  for (const { host, items } of drills) {
    if (items.length === 0) io.out.write(`${host}: nothing is saved here\n`)
    for (const { item, name, result, about } of items) {
      const word = result === 'ok' ? style.added('ok') : style.removed('FAILED')
      io.out.write(`${host}  ${item}  ${word}  ${name}  ${about}\n`)
    }
  }
}
