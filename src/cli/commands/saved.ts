/** Commands about backups: making one, restoring one, proving that one can be restored. */
import type { CommandSpec } from '../command.ts'
import { ANSWER_FORM, CONNECT_OPTIONS, INVENTORY_OPTIONS, REMOVE_OPTIONS } from '../run-options.ts'

export const SAVED: readonly CommandSpec[] = [
  {
    name: 'backup',
    summary: 'save now what services declare, as cron does each night',
    args: '<env> [items...]',
    options: REMOVE_OPTIONS,
    notes: 'Exit: 0 all is whole, 2 an item failed (with --check: it would be done), 4 unreachable.',
    load: () => import('./backup.ts'),
  },
  {
    name: 'backup-restore',
    summary: 'bring back the newest backup of items or databases',
    args: '<env> [what...]',
    options: [
      ...REMOVE_OPTIONS,
      { flags: '--all', description: 'all items but those that a command reads' },
      { flags: '--list', description: 'the backups there are, and nothing else' },
      { flags: '--at <time>', description: 'the newest until then (UTC), or the name of a backup' },
      { flags: '--any-key', description: 'also where the data was encrypted with another key' },
    ],
    notes:
      'WHAT is ITEM or ITEM/DATABASE. Shows it and asks first. Exit: 0 fine, 2 it failed (with --check: it would be done), 4 unreachable.',
    load: () => import('./backup-restore.ts'),
  },
  {
    name: 'drill',
    summary: 'prove that the newest backups can be restored',
    args: '<env> [items...]',
    options: [
      ...INVENTORY_OPTIONS,
      ...CONNECT_OPTIONS,
      ANSWER_FORM,
      {
        flags: '--proofs',
        description: 'show what earlier drills proved, and whether this project signed it',
      },
    ],
    notes:
      'Into containers without a network, which are gone afterwards; the proof is signed. Exit: 0 proven, 2 something cannot be restored, 4 unreachable.',
    load: () => import('./drill.ts'),
  },
]
