/** What compose would do to each service, told beforehand. */
import type { Change } from '../contract.ts'
import type { ComposeArgs } from '../docker_compose_v2.ts'
import type { ComposeContainer } from './compose-containers.ts'
import type { ComposeSeen, ComposeService } from './compose-probe.ts'

export function composeDifferences(args: ComposeArgs, project: ComposeSeen): Change[] {
  const wanted = args.services.length > 0 ? args.services : [...project.services.keys()]
  switch (args.state) {
    case 'absent':
      return removal(args, project)
    case 'restarted':
      return wanted.map(subject => ({
        what: 'service',
        subject,
        from: stateOf(of(project, subject)),
        to: 'Restarting',
      }))
    case 'stopped':
      return wanted.flatMap(name => stop(name, of(project, name)))
    case 'present':
      return [...wanted.flatMap(name => bringUp(args, project, name)), ...orphans(args, project)]
  }
}

function bringUp(args: ComposeArgs, project: ComposeSeen, name: string): Change[] {
  const service = project.services.get(name)
  const mine = of(project, name)
  if (service === undefined) return []
  const wished = Number(args.scale[name] ?? service.replicas)
  const from = stateOf(mine)
  const change = (to: string, why?: string): Change[] => [
    { what: 'service', subject: name, from: why ?? from, to },
  ]
  if (mine.length === 0) return wished === 0 ? [] : change('Creating')
  if (wished < mine.length) return change('Removing', `${mine.length} containers`)
  if (args.recreate === 'always') return change('Recreate')
  const outdated =
    args.recreate === 'never'
      ? undefined
      : mine.map(one => outdatedBy(one, service, project)).find(why => why !== null)
  if (outdated) return change('Recreate', outdated)
  if (wished > mine.length) return change('Creating', `${mine.length} containers`)
  return mine.every(one => isInOrder(one, service)) ? [] : change('Starting')
}

/** Why compose would replace the container; null when it would not. */
function outdatedBy(
  container: ComposeContainer,
  service: ComposeService,
  project: ComposeSeen,
): string | null {
  if (!service.hashes.includes(container.hash)) return 'other configuration'
  const image = project.images.get(container.Image)
  if (image === undefined)
    return /^sha256:|^[0-9a-f]{12,64}$/.test(container.Image) ? null : 'image not on the host'
  return container.imageId !== '' && image !== container.imageId ? 'other image' : null
}

function isInOrder(container: ComposeContainer, service: ComposeService): boolean {
  if (container.State === 'running' || container.State === 'restarting') return true
  return container.State === 'exited' && service.isJob && /^Exited \(0\)/.test(container.Status)
}

function stop(name: string, mine: readonly ComposeContainer[]): Change[] {
  if (mine.length === 0) return [{ what: 'service', subject: name, from: null, to: 'Creating' }]
  const runs = mine.some(
    one => one.State === 'running' || one.State === 'restarting' || one.State === 'paused',
  )
  return runs ? [{ what: 'service', subject: name, from: stateOf(mine), to: 'Stopping' }] : []
}

function removal(args: ComposeArgs, project: ComposeSeen): Change[] {
  const mine =
    args.services.length > 0 ? args.services.flatMap(name => of(project, name)) : project.containers
  const containers = mine.map(one => ({ what: 'container', subject: one.Name, from: one.State, to: null }))
  const networks = args.services.length === 0 && project.networks > 0
  return networks
    ? [...containers, { what: 'networks', subject: project.name, from: project.networks, to: null }]
    : containers
}

function orphans(args: ComposeArgs, project: ComposeSeen): Change[] {
  if (!args.remove_orphans || project.allServices.length === 0) return []
  return project.containers
    .filter(one => !project.allServices.includes(one.Service))
    .map(one => ({ what: 'orphan', subject: one.Name, from: one.State, to: null }))
}

function of(project: ComposeSeen, service: string): ComposeContainer[] {
  return project.containers.filter(one => one.Service === service)
}

function stateOf(containers: readonly ComposeContainer[]): string | null {
  return containers.length === 0 ? null : [...new Set(containers.map(one => one.State))].join(', ')
}
