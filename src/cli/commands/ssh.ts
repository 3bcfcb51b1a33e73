import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { constants } from 'node:os'
import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import { knownHostName, knownKeyTypes } from '../../connections/known-hosts.ts'
import { readKnownHosts } from '../../connections/known-hosts-file.ts'
import { describeTarget, type SshTarget } from '../../connections/ssh-target.ts'
import type { Invocation } from '../command.ts'
import type { Io } from '../io.ts'
import { openProject, type Project, throwErrors } from '../project/open.ts'
import { connectSettings } from '../wire/connect-settings.ts'
import { firstShownKey, isKnownKey } from '../wire/host-key.ts'
import { hostTarget, meantHost, sshTargets } from '../wire/host-target.ts'
import { opensshArguments } from '../wire/openssh-arguments.ts'

/** vpai ssh HOST [COMMAND…]: the system's ssh with the right address, user, port, keys and known hosts. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  const [name = '', ...command] = args
  const project = await openProject({ io, options, needsSecrets: false, runsThings: true })
  throwErrors(project.problems)
  const hint = meantHost(project, name)
  if (hint !== undefined)
    throw new VpaiError('SSH_HOST', `there is no host ${name} in the inventory`, { hint })
  const targets = await sshTargets(hostTarget(project, name), await connectSettings(io, project, options))
  const target = await checked(await answering(targets), { project, name })
  return runSsh([...opensshArguments(target), ...command], io)
}

/** Only a host with a way of its own before its first deploy needs to be asked which one is open. */
async function answering(targets: readonly SshTarget[]): Promise<SshTarget> {
  const [only, ...others] = targets
  return only !== undefined && others.length === 0 ? only : (await firstShownKey(targets)).target
}

/** ssh's own complaint about an unknown key would send people to ssh-keygen; and it knows no pinned keys. */
async function checked(
  target: SshTarget,
  { project, name }: { project: Project; name: string },
): Promise<SshTarget> {
  const { hostKeys } = target
  if (hostKeys.pinned.length === 0) {
    const known = knownKeyTypes(
      await readKnownHosts(hostKeys.knownHostsFiles),
      knownHostName(hostKeys.alias ?? target.host, target.port),
    )
    if (known.length > 0 || hostKeys.policy !== 'strict') return target
    throw new VpaiError('SSH_HOST_KEY_UNKNOWN', `the key of ${describeTarget(target)} is not known yet`, {
      hint: project.inventory.host(name)
        ? `vpai trust ${name}`
        : `${name} is no host of the inventory and was taken as an address. If it is one: vpai trust ${name}`,
    })
  }
  const shown = await firstShownKey([target])
  await isKnownKey(shown)
  const file = path.join(project.stateDirectory, 'ssh', `${name.replace(/[^\w.-]/g, '_')}.known_hosts`)
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(file, `${shown.key.knownHostLine}\n`, { mode: 0o600 })
  return { ...target, hostKeys: { ...hostKeys, knownHostsFiles: [file], policy: 'strict' } }
}

/** Ctrl-C goes to ssh, which has the terminal. Resolves with its exit code, or 128 + signal as a shell would say. */
async function runSsh(args: readonly string[], io: Io): Promise<number> {
  const ignore = () => undefined
  process.on('SIGINT', ignore)
  try {
    return await new Promise<number>((resolve, reject) => {
      const child = spawn('ssh', args, { stdio: 'inherit', env: io.env })
      child.once('error', cause => reject(notStarted(cause)))
      child.once('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
    })
  } finally {
    process.off('SIGINT', ignore)
  }
}

function notStarted(cause: NodeJS.ErrnoException): VpaiError {
  if (cause.code !== 'ENOENT')
    return new VpaiError('OPENSSH_START', `ssh could not be started: ${cause.message}`, { cause })
  return new VpaiError('OPENSSH_MISSING', 'there is no ssh program on this machine', {
    hint: 'Install openssh-client. Everything else of vpai does without: vpai exec HOST -- COMMAND.',
    cause,
  })
}
