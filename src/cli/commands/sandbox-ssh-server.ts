import { runSshServer } from '../../sandbox/ssh-server.ts'
import type { Invocation } from '../command.ts'

/** vpai __sandbox-ssh-server: started by `sandbox up` inside of a host that has no sshd. */
export async function run({ args }: Invocation): Promise<number> {
  return runSshServer(args)
}
