/** Commands about what was deployed: going back to it, what differs from it, how the hosts are. */
import type { CommandSpec } from '../command.ts'
import { ANSWER_FORM, CONNECT_OPTIONS, INVENTORY_OPTIONS, ROLLBACK_OPTIONS } from '../run-options.ts'

export const RELEASED: readonly CommandSpec[] = [
  {
    name: 'rollback',
    summary: 'go back to an earlier release',
    args: '<env>',
    options: ROLLBACK_OPTIONS,
    notes:
      'Files, handlers and images of compose projects; data only with --with-data. Exit: 0 fine, 2 it failed (with --check: something would be done), 4 unreachable.',
    load: () => import('./rollback.ts'),
  },
  {
    name: 'drift',
    summary: 'what is not on the hosts as their newest release has it',
    args: '[env]',
    options: [
      ...INVENTORY_OPTIONS,
      ...CONNECT_OPTIONS,
      ANSWER_FORM,
      { flags: '-D, --diff', description: 'show what changed inside files that everybody there may read' },
    ],
    notes:
      'Files, units, packages, containers and listening ports; nothing is changed. Exit: 0 no drift, 2 drift, 3 a host could not be compared, 4 unreachable.',
    load: () => import('./drift.ts'),
  },
  {
    name: 'status',
    summary: 'how the hosts are, and what was deployed last',
    args: '[env]',
    options: [...INVENTORY_OPTIONS, ...CONNECT_OPTIONS, ANSWER_FORM],
    notes: 'Exit: 0 all is well, 2 something is ill, 3 a host could not be asked, 4 unreachable.',
    load: () => import('./status.ts'),
  },
  {
    name: 'verify',
    summary: 'whether the services do what they are there for: health, routes, databases, certificates',
    args: '<env>',
    options: [...INVENTORY_OPTIONS, ...CONNECT_OPTIONS, ANSWER_FORM],
    notes:
      'The checks of role smoke-tests; nothing is changed. Exit: 0 all holds, 2 something does not, 3 a host could not be asked, 4 unreachable.',
    load: () => import('./verify.ts'),
  },
]
