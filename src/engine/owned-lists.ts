/** Lists of what a host has by playbooks, in its record: reading them, and writing those the last word does not bring. */
import { ownedScript } from '../record/lease.ts'
import { type OwnedList, ownedText, parseOwned, readOwnedScript } from '../record/owned.ts'
import type { Lease } from './lease.ts'

/** What becomes of what hosts have by playbooks. */
export type Owning =
  /** A run of playbooks; with `prune` what nobody declares any more is removed. */
  | { readonly kind: 'plays'; readonly environment: string; readonly prune: boolean }
  /** Everything that a role has declared is removed. */
  | { readonly kind: 'remove'; readonly role: string }

export async function readOwned(lease: Lease): Promise<readonly OwnedList[]> {
  const reply = await (await lease.session()).request({ script: readOwnedScript(lease.folder) })
  return parseOwned(reply.kind === 'done' ? reply.stdout.toString('utf8') : '')
}

/**
 * Not written when another run has come since the record was read: it knows better. A run that changed nothing takes no
 * lease for it.
 */
export async function writeOwned(lease: Lease, lists: readonly OwnedList[]): Promise<void> {
  const { open, runs } = lease.seen
  if (lists.length === 0 || (lease.number === null && open !== null)) return
  const number = lease.number ?? runs.at(-1)?.number ?? 0
  const session = await lease.session()
  const writes = lists.map(list =>
    session.request({ script: ownedScript(lease.folder, { number, id: list.id }), stdin: ownedText(list) }),
  )
  await Promise.all(writes)
}
