/** What a caller learns of a throw-away host. Written to `<dir>/sandbox.json` (0600) and given back as it is. */
export type Backend = 'embedded' | 'docker'

/** How the host is made: which ids it can use, and whether the machine's root is below it. */
export type Tier = 'root' | 'subuid' | 'single-uid' | 'docker'

export interface SandboxInfo {
  readonly name: string
  readonly backend: Backend
  readonly tier: Tier
  readonly host: '127.0.0.1'
  readonly port: number
  readonly user: 'root'
  readonly privateKeyPath: string
  /** Holds the one pinned host key, for `[127.0.0.1]:port`. */
  readonly knownHostsPath: string
  /** `ssh-ed25519 AAAA...`, no comment. */
  readonly hostKey: string
  /** Processes of the machine that belong to the host; empty for docker. */
  readonly pids: readonly number[]
  readonly sshEnd: 'sshd' | 'ssh2'
  /** What differs from a real host, one sentence each, for people. */
  readonly notes: readonly string[]
  /** Docker only: the container and the volumes that go with it. */
  readonly container?: string
  readonly volumes?: readonly string[]
}

export interface UpOptions {
  readonly name: string
  readonly backend: Backend
  /** The host's own state folder, for example `.vpai/sandbox/<name>`. Created 0700. */
  readonly dir: string
  /** Starts `runSshServer` of ssh-server.ts: [node, script, ...arguments]. Needed where sshd is missing. */
  readonly selfCommand?: readonly string[]
  /** Embedded only: takes this tier instead of the best one the machine allows. */
  readonly tier?: 'root' | 'subuid' | 'single-uid'
  /** Folders of the machine that the host must not see, besides home, project and state folders. */
  readonly hide?: readonly string[]
  /** Told what is going on during the minutes a first docker build takes. */
  readonly progress?: (line: string) => void
  /** Docker only: the folder of the image recipe (`templates/sandbox` of the package). */
  readonly recipeDir?: string
}

export type SandboxStatus =
  | { readonly kind: 'running'; readonly info: SandboxInfo }
  /** Files or processes are left of a host that no longer answers. */
  | { readonly kind: 'broken'; readonly info: SandboxInfo; readonly reason: string }
  | { readonly kind: 'absent' }
