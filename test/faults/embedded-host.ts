/** One embedded host for many projects, each in folders of its own, reached over real ssh; this machine sees its files. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { down, type SandboxInfo, up } from '../../src/sandbox/index.ts'
import { findTier } from '../../src/sandbox/tier.ts'
import { runOnSandbox } from '../sandbox/run-on-sandbox.ts'
import { type Place, placeIn } from './place.ts'

const NAME = 'faults'
/** Among its processes; it sees what is mounted there. */
const SSHD = 2

/** Why there is none here; null when there can be one. */
export async function whyNoEmbeddedHost(): Promise<string | null> {
  return findTier('root').then(
    () => null,
    (error: Error) => error.message,
  )
}

export class EmbeddedHost {
  readonly info: SandboxInfo
  /** Goes before paths of the host where this machine looks at them. */
  readonly root: string
  readonly #folder: string

  private constructor(info: SandboxInfo, folder: string) {
    this.info = info
    this.#folder = folder
    this.root = `/proc/${info.pids[SSHD]}/root`
  }

  static async start(): Promise<EmbeddedHost> {
    const folder = mkdtempSync(path.join(tmpdir(), 'vpai-faults-host-'))
    const dir = path.join(folder, NAME)
    return new EmbeddedHost(await up({ name: NAME, backend: 'embedded', tier: 'root', dir }), folder)
  }

  /** `changes`: other variables, as the port of a way to it. */
  place(name: string, changes: Readonly<Record<string, unknown>> = {}): Place {
    const { host, port, hostKey, privateKeyPath, user } = this.info
    return placeIn({
      root: this.root,
      folder: `/srv/faults/${name}`,
      variables: {
        ansible_host: host,
        ansible_port: port,
        ansible_user: user,
        ansible_ssh_private_key_file: privateKeyPath,
        vpai_host_key: hostKey,
        ...changes,
      },
    })
  }

  /** As root, and it has to end well. */
  async sh(script: string): Promise<string> {
    const { code, stdout, stderr } = await runOnSandbox(this.info, script)
    if (code !== 0) throw new Error(`${script} ended with ${code}: ${stdout}${stderr}`)
    return stdout
  }

  /** What sessions leave on it as long as they are there. */
  ownFiles(): readonly string[] {
    const places = ['dev/shm', 'run', 'tmp', 'var/tmp', 'root']
    return places.flatMap(place =>
      readdirSync(path.join(this.root, place))
        .filter(name => name.startsWith('.vpai-'))
        .map(name => path.join('/', place, name)),
    )
  }

  async stop(): Promise<void> {
    await down(NAME, path.join(this.#folder, NAME))
    rmSync(this.#folder, { recursive: true })
  }
}
