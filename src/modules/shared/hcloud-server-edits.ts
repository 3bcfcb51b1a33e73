/** From a server as it is to what a task says of it, as requests to the API. */
import { type Dict, isDict, type Value } from '../../base/value.ts'
import { type CloudRequest, dictsOf } from './hcloud-api.ts'
import type { CloudEdit } from './hcloud-resource.ts'
import type { ServerArgs } from './hcloud-server-arguments.ts'
import type { Names } from './hcloud-server-names.ts'
import { idIn, nameOf, sameDict } from './hcloud-values.ts'

export function createServer(args: ServerArgs, names: Names): readonly CloudEdit[] {
  const { name = '', ipv4, ipv6, placement_group: group } = args
  const body: Dict = {
    name,
    server_type: args.server_type ?? '',
    image: args.image ?? '',
    start_after_create: args.state !== 'stopped' && args.state !== 'created',
    public_net: {
      enable_ipv4: args.enable_ipv4,
      enable_ipv6: args.enable_ipv6,
      ...(ipv4 === undefined ? {} : { ipv4: names.id('primary_ips', ipv4) }),
      ...(ipv6 === undefined ? {} : { ipv6: names.id('primary_ips', ipv6) }),
    },
    ...given({ location: args.location, datacenter: args.datacenter, user_data: args.user_data }),
    ...given({ labels: args.labels, ssh_keys: args.ssh_keys, volumes: args.volumes?.map(Number) }),
    ...given({ networks: args.private_networks?.map(one => names.id('networks', one)) }),
    ...given({ firewalls: args.firewalls?.map(one => ({ firewall: names.id('firewalls', one) })) }),
    ...(group === undefined ? {} : { placement_group: names.id('placement_groups', group) }),
  }
  const after = [
    ...(args.rescue_mode === undefined ? [] : [rescue(args, args.rescue_mode, names)]),
    ...(args.backups ? [{ action: 'enable_backup' }] : []),
    ...(args.delete_protection || args.rebuild_protection ? [protection(args)] : []),
  ]
  const change = { what: 'server', subject: name, from: null, to: 'present' }
  const requests = [
    { method: 'POST', path: '/servers', body } as const,
    ...after.map(one => act('{id}', one)),
  ]
  return [{ change, requests }]
}

interface ServerAction {
  readonly action: string
  readonly body?: Dict
}

/** Without what turns it on and off. `stops`: only a server that is off takes it. */
export interface ServerEdit {
  readonly what: string
  readonly from: Value
  readonly to: Value
  readonly requests: readonly CloudRequest[]
  readonly stops: boolean
}

export function updateServer(args: ServerArgs, now: Dict, names: Names): readonly ServerEdit[] {
  return [
    ...plainEdits(args, now, names),
    ...firewallEdits(args, now, names),
    ...placeEdits(args, now, names),
    ...networkEdits(args, now, names),
    ...typeEdits(args, now),
    ...protectionEdits(args, now),
  ]
}

export function act(id: string, { action, body = {} }: ServerAction): CloudRequest {
  return { method: 'POST', path: `/servers/${id}/actions/${action}`, body }
}

function plainEdits(args: ServerArgs, now: Dict, names: Names): ServerEdit[] {
  const { name, labels, backups, rescue_mode: mode } = args
  const id = String(now.id)
  const put = (body: Dict): CloudRequest => ({ method: 'PUT', path: `/servers/${id}`, body })
  const edits: ServerEdit[] = []
  if (name !== undefined && name !== now.name)
    edits.push(edit('name', [now.name ?? null, name], put({ name })))
  if (mode !== undefined && now.rescue_enabled !== true)
    edits.push(edit('rescue_mode', [null, mode], act(id, rescue(args, mode, names))))
  if (mode === undefined && now.rescue_enabled === true)
    edits.push(edit('rescue_mode', ['on', null], act(id, { action: 'disable_rescue' })))
  const hasBackups = now.backup_window !== null && now.backup_window !== undefined
  if (backups !== undefined && backups !== hasBackups)
    edits.push(
      edit('backups', [hasBackups, backups], act(id, { action: `${backups ? 'enable' : 'disable'}_backup` })),
    )
  if (labels !== undefined && !sameDict(labels, now.labels))
    edits.push(edit('labels', [now.labels ?? null, labels], put({ labels })))
  return edits
}

function firewallEdits({ firewalls }: ServerArgs, now: Dict, names: Names): ServerEdit[] {
  if (firewalls === undefined) return []
  const net = isDict(now.public_net) ? now.public_net : {}
  const there = dictsOf(net.firewalls).map(one => Number(one.id))
  const wanted = firewalls.map(one => names.id('firewalls', one))
  const server = [{ type: 'server', server: { id: now.id ?? null } }]
  const call = (id: number, action: string, body: Dict): CloudRequest => ({
    method: 'POST',
    path: `/firewalls/${id}/actions/${action}`,
    body,
  })
  return [
    ...there
      .filter(id => !wanted.includes(id))
      .map(id => edit('firewall', [id, null], call(id, 'remove_from_resources', { remove_from: server }))),
    ...wanted
      .filter(id => !there.includes(id))
      .map(id => edit('firewall', [null, id], call(id, 'apply_to_resources', { apply_to: server }))),
  ]
}

function placeEdits({ placement_group: group }: ServerArgs, now: Dict, names: Names): ServerEdit[] {
  const id = String(now.id)
  const there = idIn(now.placement_group)
  if (group === undefined) {
    if (there === null) return []
    const leave = act(id, { action: 'remove_from_placement_group' })
    return [edit('placement_group', [nameOf(now.placement_group), null], leave)]
  }
  const wanted = names.id('placement_groups', group)
  if (there === wanted) return []
  const join = act(id, { action: 'add_to_placement_group', body: { placement_group: wanted } })
  return [{ ...edit('placement_group', [nameOf(now.placement_group), group], join), stops: true }]
}

function networkEdits({ private_networks: networks }: ServerArgs, now: Dict, names: Names): ServerEdit[] {
  if (networks === undefined) return []
  const there = dictsOf(now.private_net).map(({ network }) => Number(network))
  const wanted = networks.map(one => names.id('networks', one))
  const call = (action: string, network: number) =>
    act(String(now.id), { action: `${action}_network`, body: { network } })
  return [
    ...there
      .filter(id => !wanted.includes(id))
      .map(id => ({ ...edit('network', [id, null], call('detach_from', id)), stops: true })),
    ...wanted
      .filter(id => !there.includes(id))
      .map(id => ({ ...edit('network', [null, id], call('attach_to', id)), stops: true })),
  ]
}

function typeEdits({ server_type: type, upgrade_disk }: ServerArgs, now: Dict): ServerEdit[] {
  const there = isDict(now.server_type) ? now.server_type : {}
  if (type === undefined || type === there.name || type === String(there.id)) return []
  const change = act(String(now.id), { action: 'change_type', body: { server_type: type, upgrade_disk } })
  return [{ ...edit('server_type', [there.name ?? null, type], change), stops: true }]
}

function protectionEdits(args: ServerArgs, now: Dict): ServerEdit[] {
  const there = isDict(now.protection) ? now.protection : {}
  const { delete_protection: gone, rebuild_protection: rebuilt } = args
  if (gone === undefined || (gone === there.delete && rebuilt === there.rebuild)) return []
  const to = { delete: gone, rebuild: rebuilt ?? false }
  return [edit('protection', [there, to], act(String(now.id), protection(args)))]
}

function protection(args: ServerArgs): ServerAction {
  const body = { delete: args.delete_protection ?? false, rebuild: args.rebuild_protection ?? false }
  return { action: 'change_protection', body }
}

function rescue({ ssh_keys: keys }: ServerArgs, type: string, names: Names): ServerAction {
  const ssh_keys = keys?.map(one => names.id('ssh_keys', one))
  return { action: 'enable_rescue', body: ssh_keys === undefined ? { type } : { type, ssh_keys } }
}

function edit(what: string, [from, to]: readonly [Value, Value], request: CloudRequest): ServerEdit {
  return { what, from, to, requests: [request], stops: false }
}

function given(values: Readonly<Record<string, Value | undefined>>): Dict {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
