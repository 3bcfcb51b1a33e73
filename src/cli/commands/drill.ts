import { VpaiError } from '../../base/error.ts'
import { safeText } from '../../report/safe-text.ts'
import { askProgram } from '../backups/host-program.ts'
import { type DrillOf, drillOf, keepProofs, readProofs } from '../backups/proof.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { painted } from '../painted.ts'
import { openProject } from '../project/open.ts'
import { askHosts } from '../releases/ask-hosts.ts'
import { noProgram } from './backup.ts'

/** vpai drill ENV [ITEM…]: the newest backups are restored where nothing else runs; the proof is signed and kept on the host. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [env = '', ...items] = args
  const command = `drill ${env}`
  if (options.proofs === true) return proofs({ io, options, env, command })
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

interface Asked extends Pick<Invocation, 'io' | 'options'> {
  readonly env: string
  readonly command: string
}

/** Those that the hosts keep; exit 2 where one is not as this project signed it. */
async function proofs({ io, options, env, command }: Asked): Promise<number> {
  const { secrets, registry } = await openProject({ io, options, needsSecrets: true })
  if (secrets.signingKey === null) throw noKey()
  const key = secrets.signingKey
  const scripts = new Map([[env, 'cat -- "$R"/proofs/[0-9]*.json 2>/dev/null; :']])
  const { code, said } = await askHosts({ io, options, command, scripts })
  const all = [...said].flatMap(([host, text]) => readProofs(host, text, key))
  if (options.output === 'json')
    io.out.write(`${JSON.stringify({ version: 1, env, proofs: all }, null, 2)}\n`)
  else
    for (const { host, isGenuine, proof } of all)
      io.out.write(registry.mask(`${host}  ${isGenuine ? 'genuine' : 'NOT OURS'}  ${safeText(proof)}\n`))
  if (all.length === 0 && code === EXIT.fine) io.err.write('Nothing was proven yet: `vpai drill` does.\n')
  return Math.max(code, all.every(({ isGenuine }) => isGenuine) ? EXIT.fine : EXIT.failed)
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
