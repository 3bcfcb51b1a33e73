/** One host by name as a run would reach it, for commands that run no play. */
import { didYouMean } from '../../base/did-you-mean.ts'
import { VpaiError } from '../../base/error.ts'
import type { Value } from '../../base/value.ts'
import type { SshTarget } from '../../connections/ssh-target.ts'
import type { ConnectTarget } from '../../engine/world.ts'
import { hostMagic } from '../../inventory/magic.ts'
import { layer, merge } from '../../inventory/precedence.ts'
import { Templar } from '../../template/index.ts'
import type { Project } from '../project/open.ts'
import { bootstrapTarget, type ConnectSettings, isConnectionKind, sshTargetOf } from './connect.ts'

/** Variables rendered; facts are not known. A name that is no host of the inventory is taken as an address. */
export function hostTarget(project: Project, name: string): ConnectTarget {
  const { inventory, root } = project
  const entry = inventory.host(name)
  const magic = entry ? hostMagic(inventory, entry, root) : { inventory_hostname: name }
  const scope = merge([
    ...inventory.hostLayers(name),
    layer('extra vars', { ...project.extraVars, ...magic }, { origin: 'command line' }),
  ])
  const templar = new Templar({ scope, secrets: project.registry })
  const variables = (wanted: string) => {
    const raw = scope.get(wanted)
    return raw === undefined ? undefined : templar.value(raw)
  }
  const isImplicit = entry?.isImplicit === true
  return {
    name,
    variables,
    connection: textOf(variables('ansible_connection')) ?? (isImplicit ? 'local' : null),
    remoteUser: null,
    port: null,
  }
}

/** Where ssh would go, and where it goes instead as long as the host was never set up. Throws HOST_NOT_SSH. */
export async function sshTargets(
  target: ConnectTarget,
  settings: ConnectSettings,
): Promise<readonly SshTarget[]> {
  const kind = target.connection ?? settings.connection ?? 'ssh'
  if (kind === 'local' || !isConnectionKind(kind)) {
    throw new VpaiError('HOST_NOT_SSH', `${target.name} is reached by ${kind}, not by ssh`, {
      hint: 'There is no key to look at and nothing to log in to.',
    })
  }
  const first = await bootstrapTarget(target, settings)
  const wanted = await sshTargetOf(target, settings)
  return first === null ? [wanted] : [wanted, first]
}

/** For a name that could not be reached: is it a host of the inventory, mistyped? */
export function meantHost(project: Project, name: string): string | undefined {
  return project.inventory.host(name) ? undefined : didYouMean(name, [...project.inventory.hosts.keys()])
}

function textOf(value: Value | undefined): string | null {
  return value === undefined || value === null ? null : String(value)
}
