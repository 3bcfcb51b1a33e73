/** The containers of a compose project: how docker is asked for them, and what its lines say. */

export interface ComposeContainer {
  readonly ID: string
  readonly Name: string
  readonly Service: string
  readonly State: string
  readonly Status: string
  /** As the container was made from it. */
  readonly Image: string
  readonly hash: string
  readonly imageId: string
  /** What is only told to the task. */
  readonly told: Readonly<Record<string, unknown>>
}

/** Of `docker ps`, a line a container. Not the size: it would have to be added up from the files. */
export const PS_FORMAT = [
  '{{.ID}}',
  '{{.Names}}',
  '{{.Label "com.docker.compose.service"}}',
  '{{.Label "com.docker.compose.config-hash"}}',
  '{{.Label "com.docker.compose.oneoff"}}',
  '{{.State}}',
  '{{.Status}}',
  '{{json .Command}}',
  '{{.CreatedAt}}',
  '{{.LocalVolumes}}',
  '{{.Mounts}}',
  '{{.Networks}}',
  '{{.Ports}}',
  '{{.RunningFor}}',
].join('\t')

/** Of `docker inspect`: what `docker ps` does not know. */
export const INSPECT_FORMAT = [
  '{{.Id}}',
  '{{.Image}}',
  '{{.Config.Image}}',
  '{{json .Config.Labels}}',
  '{{.State.ExitCode}}',
  '{{json .NetworkSettings.Ports}}',
].join('\t')

/** In the order of their names, without those of `compose run`. */
export function readContainers(ps: readonly string[], inspected: readonly string[]): ComposeContainer[] {
  const more = new Map(inspected.map(line => [line.split('\t')[0] ?? '', line.split('\t')] as const))
  return ps
    .map(line => line.split('\t'))
    .filter(fields => fields[4]?.toLowerCase() !== 'true')
    .map(fields => containerOf(fields, more.get(fields[0] ?? '') ?? []))
    .sort((one, other) => (one.Name < other.Name ? -1 : 1))
}

function containerOf(ps: readonly string[], inspected: readonly string[]): ComposeContainer {
  const [ID = '', Name = '', Service = '', hash = '', , State = '', Status = ''] = ps
  const [Command = '', CreatedAt = '', LocalVolumes = '', Mounts = '', networks = '', Ports = ''] =
    ps.slice(7)
  const [, imageId = '', Image = '', labels = '', exitCode = '', ports = ''] = inspected
  const Labels = fromJson(labels) ?? {}
  const told = {
    ...{
      Command: fromJson(Command) ?? '',
      CreatedAt,
      Labels,
      LocalVolumes,
      Mounts,
      Ports,
      Health: healthIn(Status),
    },
    Names: Name === '' ? [] : Name.split(','),
    Networks: networks === '' ? [] : networks.split(','),
    RunningFor: ps[13] ?? '',
    ExitCode: Number(exitCode),
    Publishers: publishersOf(fromJson(ports)),
  }
  return { ID, Name, Service, State, Status, Image, hash, imageId, told }
}

/** `Up 2 hours (health: starting)`; empty for a container that is not looked after. */
function healthIn(status: string): string {
  return /\((?:health: )?(healthy|unhealthy|starting)\)/.exec(status)?.[1] ?? ''
}

/** `80/tcp` → where it is published; one that is only exposed is published nowhere, at port 0. */
function publishersOf(ports: unknown): Readonly<Record<string, unknown>>[] {
  if (typeof ports !== 'object' || ports === null) return []
  return Object.entries(ports).flatMap(([port, bindings]) => {
    const [target = '', Protocol = 'tcp'] = port.split('/')
    const places: unknown[] = Array.isArray(bindings) ? bindings : [{ HostIp: '', HostPort: '0' }]
    return places.map(place => {
      const { HostIp = '', HostPort = '0' } = isBinding(place) ? place : {}
      return { URL: HostIp, TargetPort: Number(target), PublishedPort: Number(HostPort), Protocol }
    })
  })
}

function isBinding(value: unknown): value is { HostIp?: string; HostPort?: string } {
  return typeof value === 'object' && value !== null
}

function fromJson(text: string): unknown {
  return text === '' ? null : JSON.parse(text)
}
