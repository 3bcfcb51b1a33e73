/** The sides that run a project's play. */
import type { Lab } from '../kit/lab.ts'
import { recap, traffic } from '../kit/recap.ts'
import type { Scale, Side } from '../kit/rounds.ts'
import type { Ran } from '../kit/run.ts'

export interface PlaySide {
  readonly folder: string
  readonly check: (ran: Ran) => void
  readonly before?: () => Promise<void>
  readonly watched?: boolean
}

export function vpaiSide(lab: Lab, { folder, ...rest }: PlaySide, args: readonly string[] = []): Side {
  return {
    side: 'vpai',
    repetitions: lab.options.repetitions,
    command: () => lab.vpai(folder, args),
    beside: ({ stdout }) => traffic(stdout),
    ...rest,
  }
}

/** Nothing when it is not among the peers. */
export function ansibleSide(
  lab: Lab,
  name: 'ansible' | 'mitogen',
  { folder, before, ...rest }: PlaySide & { readonly scale?: Scale },
): Side[] {
  if (!lab.has(name)) return []
  return [
    {
      side: name,
      repetitions: lab.options.slowRepetitions,
      command: () => lab.ansible(folder, name),
      before: async () => {
        await lab.forgetConnections()
        await before?.()
      },
      ...rest,
    },
  ]
}

/** Something was done, and nothing failed. */
export function assertChanged(stdout: string, hosts: number): void {
  const found = recap(stdout)
  if (found.hosts === hosts && found.changed > 0) return
  throw new Error(`not a first run: ${JSON.stringify(found)}\n${stdout.slice(-1500)}`)
}
