/** Where a host keeps the record of the runs on it, and what the files are called. See decision 8. */
import { VpaiError } from '../base/error.ts'
import { quote } from '../base/quote.ts'

/** Names of the hosts' folders; anything else would need care in every script. */
const FOLDER_NAME = /^[A-Za-z0-9][\w.-]*$/

/** The record's folder as a word of sh: for root, or in the home of who is logged in; or a fixed path. */
export function recordFolder(
  project: string,
  { isRoot, fixed }: { readonly isRoot: boolean; readonly fixed?: string },
): string {
  if (!FOLDER_NAME.test(project)) {
    throw new VpaiError('RECORD_PROJECT_NAME', `"${project}" cannot be the name of a folder on the hosts.`, {
      hint: 'Give the project a `name:` in vpai.yml: small letters, digits, - and _.',
    })
  }
  if (fixed !== undefined) return `${quote(fixed)}/${project}`
  return isRoot ? `/var/lib/vpai/${project}` : `"\${HOME:-/}"/.local/state/vpai/${project}`
}

/** Numbers of the same width sort as text. */
export function runName(number: number): string {
  return String(number).padStart(10, '0')
}

export function runFolder(folder: string, number: number): string {
  return `${folder}/runs/${runName(number)}`
}

/** Where what the commands of one user gave back lies. */
export function userFolder(run: string, user: string): string {
  return `${run}/by/${quote(user)}`
}

/** Scripts of the lease end with this when another run has taken over. */
export const LEASE_LOST = 87

/** Empty, and there from the moment the lease is taken: two runs may have tried for one number, and this tells which has it. */
export function ownMark(run: string, holder: string): string {
  return `${run}/of-${quote(holder)}`
}

/** A lease as the run that means to hold it knows it. */
export interface Held {
  readonly number: number
  /** Id of the run. */
  readonly run: string
}

/**
 * One line that ends the script, saying `token` on stderr, unless that very run holds the lease. No process is started
 * for it. A command may end with 87 as well: only the token tells.
 */
export function fenceLine(folder: string, { number, run }: Held, token: string): string {
  return `{ [ -e ${ownMark(runFolder(folder, number), run)} ] && [ ! -e ${runFolder(folder, number + 1)} ]; } || { echo ${token} >&2; exit ${LEASE_LOST}; }`
}
