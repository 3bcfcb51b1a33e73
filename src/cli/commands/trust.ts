import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import { knownHostLine, knownHostName } from '../../connections/known-hosts.ts'
import { appendKnownHost } from '../../connections/known-hosts-file.ts'
import { ownHome } from '../../connections/own-account.ts'
import { describeTarget, type SshTarget } from '../../connections/ssh-target.ts'
import { shownPath } from '../../files/shown-path.ts'
import { askYes } from '../ask.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { isProject } from '../project/find-root.ts'
import { openProject, type Project, throwErrors } from '../project/open.ts'
import { connectSettings } from '../wire/connect-settings.ts'
import { firstShownKey, isKnownKey, type ShownKey } from '../wire/host-key.ts'
import { hostTarget, meantHost, sshTargets } from '../wire/host-target.ts'

/**
 * vpai trust HOST: shows the key of a host and remembers it when a person says that it is right. A key that differs
 * from the one remembered is an error, whatever was agreed to.
 */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [name = ''] = args
  const project = await openProject({ io, options, needsSecrets: false, runsThings: true })
  throwErrors(project.problems)
  const targets = await sshTargets(hostTarget(project, name), await connectSettings(io, project, options))
  const shown = await firstShownKey(targets).catch(error => {
    throw withMeantHost(error, meantHost(project, name))
  })
  if (await isKnownKey(shown)) {
    io.out.write(`${describe(shown)}\nIt is known already.\n`)
    return EXIT.fine
  }
  io.out.write(`${describe(shown)}\n${howToCompare(shown)}`)
  if (options.yes !== true && !(await confirmed(io))) return EXIT.usage
  const file = fileFor(project, io)
  for (const line of linesFor(targets, shown)) await appendKnownHost(file, line)
  io.out.write(`Remembered in ${shownPath(io.cwd, file)}.\n`)
  return EXIT.fine
}

function describe({ target, key }: ShownKey): string {
  return `${describeTarget(target)} shows the ${key.type} key\n  ${key.fingerprint}`
}

function howToCompare({ key }: ShownKey): string {
  const kind = key.type.startsWith('ecdsa') ? 'ecdsa' : key.type.replace('ssh-', '')
  return (
    'Compare it with what the host says of itself, at its console or the panel of its provider:\n' +
    `  ssh-keygen -lf /etc/ssh/ssh_host_${kind}_key.pub\n`
  )
}

async function confirmed(io: Io): Promise<boolean> {
  if (io.stdinIsTty) return askYes('Is it the same?')
  throw new VpaiError('CONFIRM_NEEDED', 'trusting a key asks first, and nobody can be asked', {
    hint: 'Compare the fingerprint, then add --yes.',
  })
}

/** The project's own file goes with its repository; outside of a project it is the user's. Runs read both. */
function fileFor(project: Project, io: Io): string {
  if (isProject(project.root)) return path.join(project.root, 'inventory', 'known_hosts')
  return path.join(ownHome(io.env), '.ssh', 'known_hosts')
}

/** The key stays the same when the first deploy moves sshd to its final port: it is remembered for both. */
function linesFor(targets: readonly SshTarget[], { key }: ShownKey): readonly string[] {
  const names = targets.map(({ host, port, hostKeys }) => knownHostName(hostKeys.alias ?? host, port))
  return [...new Set(names)].map(name => knownHostLine(name, key.key))
}

function withMeantHost(error: unknown, hint: string | undefined): unknown {
  if (hint === undefined || !(error instanceof VpaiError) || error.code !== 'SSH_DNS') return error
  return new VpaiError(error.code, error.message, { hint, cause: error })
}
