/** What to give the `ssh` program so that it goes where vpai would go, and trusts no more than vpai does. */
import { quoteAll } from '../../base/quote.ts'
import type { SshTarget } from '../../connections/ssh-target.ts'

/**
 * Options and destination, without the command to run there. Jump hosts are written as a ProxyCommand: with -J each
 * of them would get the user and keys of ~/.ssh/config instead of its own.
 */
export function opensshArguments(target: SshTarget): readonly string[] {
  return [...loginOptions(target), ...proxyOptions(target.proxyJump ?? []), target.host]
}

function loginOptions({ port, user, identityFiles, identitiesOnly, agent, hostKeys }: SshTarget): string[] {
  const settings = [
    `UserKnownHostsFile=${hostKeys.knownHostsFiles.map(inConfiguration).join(' ')}`,
    `StrictHostKeyChecking=${hostKeys.policy === 'strict' ? 'yes' : 'accept-new'}`,
    ...(hostKeys.alias === undefined ? [] : [`HostKeyAlias=${hostKeys.alias}`]),
    ...(identitiesOnly === true ? ['IdentitiesOnly=yes'] : []),
    ...(agent === null ? [] : [`IdentityAgent=${inConfiguration(agent)}`]),
  ]
  return [
    ...['-p', String(port), '-l', user],
    ...identityFiles.flatMap(file => ['-i', percent(file)]),
    ...settings.flatMap(setting => ['-o', setting]),
  ]
}

/** The last hop carries the connection to the target; those before it carry the one to the hop. */
function proxyOptions(hops: readonly SshTarget[]): string[] {
  const last = hops.at(-1)
  if (last === undefined) return ['-o', 'ProxyCommand=none']
  const before = proxyOptions(hops.slice(0, -1))
  const command = percent(quoteAll(['ssh', ...loginOptions(last), ...before])).concat(' -W ', "'[%h]:%p' ")
  return ['-o', `ProxyCommand=${command}${percent(quoteAll([last.host]))}`]
}

/** A word of ssh_config: quoted, for names with spaces. */
function inConfiguration(file: string): string {
  return `"${percent(file)}"`
}

/** ssh expands %x in options. */
function percent(text: string): string {
  return text.replaceAll('%', '%%')
}
