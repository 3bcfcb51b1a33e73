/** Checks of a whole new file before it is put in place, where the task has none of its own. */
import type { Action } from '../modules/contract.ts'

/** The action with the check of its file; a program that is not there checks nothing. */
export function withPreFlight(action: Action): Action {
  if (action.do !== 'put' || action.validate !== undefined) return action
  const check = CHECKS.find(([pattern]) => pattern.test(action.path))
  return check === undefined ? action : { ...action, validate: check[1] }
}

const CHECKS: readonly (readonly [RegExp, string])[] = [
  [
    /^\/etc\/ssh\/sshd_config$/,
    '! command -v sshd >/dev/null || { [ -d /run/sshd ] || mkdir -p -m 755 /run/sshd; sshd -t -f %s; }',
  ],
  [/^\/etc\/(sudoers|sudoers\.d\/[^/.]*[^/.~])$/, '! command -v visudo >/dev/null || visudo -c -f %s'],
  [/^\/etc\/nftables\.conf$/, '! command -v nft >/dev/null || nft -c -f %s'],
]
