/** What a drill has proven, signed with the project's key, and kept in the record of the host it is about. */
import { z } from 'zod'
import { quote } from '../../base/quote.ts'
import type { Secret } from '../../base/secret.ts'
import { planKey } from '../../saved-plan/plan-key.ts'
import { PROVEN_RESTORE } from '../../status/status-script.ts'
import type { Invocation } from '../command.ts'
import { madePlay, playbookOf } from '../made-play.ts'
import { play } from '../play.ts'
import { recordName } from '../project/record-name.ts'
import { besideRecord } from '../releases/ask-hosts.ts'

export interface DrillOf {
  readonly host: string
  readonly items: readonly DrilledItem[]
}

export interface DrilledItem {
  readonly item: string
  /** Of the backup; - where there is none. */
  readonly name: string
  readonly result: 'ok' | 'failed'
  /** What was counted, or what went wrong. */
  readonly about: string
  /** SHA-256 of its manifest, which has those of its files. */
  readonly manifest: string
}

export function drillOf(host: string, lines: readonly (readonly string[])[]): DrillOf {
  const items = lines
    .filter(([word]) => word === 'drill')
    .map(([, item = '', name = '', result = '', about = '', manifest = '']) => ({
      ...{ item, name, about, manifest },
      result: result === 'ok' ? ('ok' as const) : ('failed' as const),
    }))
  return { host, items }
}

export interface Keeping {
  readonly io: Invocation['io']
  readonly options: Invocation['options']
  readonly env: string
  readonly command: string
  readonly drills: readonly DrillOf[]
}

/** Of each host so many proofs stay. */
const KEPT = 50

/** The last ones, oldest first; of what is not as it was signed only the text is known. */
export interface KeptProof {
  readonly host: string
  readonly isGenuine: boolean
  readonly proof: string
}

/** Lines that `cat` of the record's proofs printed, checked with the key of this project. */
export function readProofs(host: string, text: string, pem: Secret): readonly KeptProof[] {
  const key = planKey(pem, '')
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const read = keptSchema.safeParse(parsed(line)).data
      const proof = read?.proof ?? line
      const isSigned = read !== undefined && key.verifies(proof, read.signature)
      // One of another host was put there.
      return { host, proof, isGenuine: isSigned && aboutSchema.safeParse(parsed(proof)).data?.host === host }
    })
}

const aboutSchema = z.object({ host: z.string() })
const keptSchema = z.object({ proof: z.string(), signature: z.string() })

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

/** Resolves with the exit code. */
export function keepProofs({ io, options, env, command, drills }: Keeping): Promise<number> {
  const now = new Date()
  return play({
    io: { ...io, out: { write: () => undefined } },
    options: { ...options, output: 'plain', check: false },
    check: false,
    command,
    playbooks: () => [],
    made: project => {
      const name = now.toISOString().replaceAll(/[-:]|\.\d+/g, '')
      const plays = drills.map(({ host, items }) => {
        const proof = { version: 1, project: recordName(project), env, host, at: now.toISOString(), items }
        const result = items.length > 0 && items.every(one => one.result === 'ok') ? 'ok' : 'failed'
        const what = items.map(one => `${one.item}/${one.name}`)
        const line = { at: Math.floor(now.getTime() / 1000), result, what, run: name }
        const text = `${JSON.stringify(line)}\n${signed(JSON.stringify(proof), project.secrets.signingKey)}\n`
        return madePlay(project.root, {
          pattern: host,
          name: `proof of ${host}`,
          become: true,
          tasks: [
            {
              name: 'The proof is kept',
              module: 'shell',
              args: { cmd: besideRecord(project, keepScript(name), io.env.VPAI_HOST_STATE), stdin: text },
              changedWhen: [false],
            },
          ],
        })
      })
      return playbookOf(plays)
    },
    isLook: true,
    within: env,
    extraVars: { target_env: env },
  })
}

/** The proof as it was signed stands in it as text, so that nobody has to write it again to check it. */
function signed(proof: string, pem: Secret | null): string {
  if (pem === null) return JSON.stringify({ proof, signature: null, key: null })
  const key = planKey(pem, '')
  return JSON.stringify({ proof, signature: key.sign(proof), key: key.id })
}

/** The line of `vpai status` comes first on standard input, then the proof. */
function keepScript(name: string): string {
  return `umask 077; mkdir -p -- "$R/proofs" && IFS= read -r line && IFS= read -r proof || exit 1
printf '%s\\n' "$proof" >"$R/proofs/.new" && mv -f -- "$R/proofs/.new" "$R/proofs/"${quote(`${name}.json`)} || exit 1
printf '%s\\n' "$line" >"$R/.${PROVEN_RESTORE}" && mv -f -- "$R/.${PROVEN_RESTORE}" "$R/${PROVEN_RESTORE}" || exit 1
set -- "$R"/proofs/[0-9]*.json; while [ $# -gt ${KEPT} ]; do rm -f -- "$1"; shift; done`
}
