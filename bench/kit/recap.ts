/** What the last lines of a run say; the shape is the same for vpai and Ansible. */

/** Sums of all hosts. */
export function recap(stdout: string): {
  readonly hosts: number
  readonly ok: number
  readonly changed: number
} {
  const lines = [...stdout.matchAll(/\bok=(\d+)\s+changed=(\d+)\s+unreachable=0\s+failed=0/g)]
  const sum = (group: number) => lines.reduce((total, line) => total + Number(line[group]), 0)
  return { hosts: lines.length, ok: sum(1), changed: sum(2) }
}

/** Throws unless each of the hosts came to its end without a change: otherwise it was no no-op. */
export function assertNoop(stdout: string, hosts: number): void {
  const found = recap(stdout)
  if (found.hosts === hosts && found.changed === 0) return
  throw new Error(`not a no-op: ${JSON.stringify(found)} of ${hosts} hosts\n${stdout.slice(-1500)}`)
}

/** Of vpai's last line; the round trips are those of a session, without the login. */
export function traffic(stdout: string): Record<string, number> {
  const found = /(\d+) requests? in (\d+) round trips?/.exec(stdout)
  return found === null ? {} : { requests: Number(found[1]), 'round trips': Number(found[2]) }
}
