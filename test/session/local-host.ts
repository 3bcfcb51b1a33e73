import { connectLocal, type LocalOptions } from '../../src/connections/local.ts'
import type { Identity } from '../../src/engine/ports.ts'
import { type HostOptions, SessionHost } from '../../src/session/host.ts'

/** Who the test itself runs as. */
export const LOGIN: Identity = { user: null, method: 'sudo' }

/** This machine as a ports.Host; the caller closes it. `local.shell` is the login shell. */
export function localHost(
  options: { readonly local?: LocalOptions; readonly host?: Partial<HostOptions> } = {},
): SessionHost {
  return new SessionHost({ connection: connectLocal(options.local), name: 'localhost', ...options.host })
}
