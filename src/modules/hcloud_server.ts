/**
 * hcloud_server: a server in the Hetzner Cloud.
 *
 * Args     id or name; server_type, image, location or datacenter, user_data, ssh_keys, volumes, firewalls,
 *          private_networks, placement_group, enable_ipv4, enable_ipv6, ipv4, ipv6, labels, backups, rescue_mode,
 *          delete_protection, rebuild_protection, upgrade_disk, force, allow_deprecated_image, state; api_token, endpoint.
 * Changes  the server is made, changed, turned on or off, rebuilt, deleted. image, location, datacenter, user_data, ssh_keys,
 *          volumes and addresses count when it is made. A root_password that the API tells is in the result.
 * Errors   what is not there by that name; a deprecated image; what the API says.
 */
import { type Dict, isDict } from '../base/value.ts'
import { defineModule, type Verdict } from './contract.ts'
import { dictsOf } from './shared/hcloud-api.ts'
import { type CloudEdit, cloudVerdict, findKey, found, noAnswer } from './shared/hcloud-resource.ts'
import { type ServerArgs, serverSchema } from './shared/hcloud-server-arguments.ts'
import { act, createServer, updateServer } from './shared/hcloud-server-edits.ts'
import { mentionKey, mentions, type Names, readNames } from './shared/hcloud-server-names.ts'
import { idIn, nameOf } from './shared/hcloud-values.ts'
import { fail } from './shared/results.ts'

const KIND = { many: 'servers', one: 'server' } as const

export const hcloudServer = defineModule<ServerArgs>({
  name: 'hcloud_server',
  summary: 'A server in the Hetzner Cloud',
  args: serverSchema,
  settles: 'restarted and rebuild do it each time',
  keys: args => [findKey(args, KIND)],
  decide(args, seen): Verdict {
    const answer = found(args, KIND, seen)
    if (answer.problem !== null) return noAnswer(answer.problem)
    const { thing } = answer
    const isGone = args.state === 'absent'
    const plan = (
      edits: readonly CloudEdit[],
      networks: NetworkNames = new Map(),
      warnings: readonly string[] = [],
    ) =>
      cloudVerdict({
        login: args,
        edits,
        warnings,
        key: findKey(args, KIND),
        told: server => (isGone ? {} : told(server, networks)),
        now: thing,
        kind: KIND,
        path: body => (isGone ? null : `/servers/${idIn(thing ?? undefined) ?? idIn(body.server) ?? ''}`),
      })
    if (isGone) return plan(gone(thing))
    const missing = thing === null ? required(args) : null
    if (missing !== null) return fail(missing)
    const named = mentions(args, thing === null)
    const unseen = named.map(one => mentionKey(args, one)).filter(key => !seen.has(key))
    if (unseen.length > 0) return { kind: 'ask', keys: unseen }
    const names = readNames(args, named, seen)
    if (names.problem !== null) return noAnswer(names.problem)
    const edits = thing === null ? createServer(args, names) : changed(args, thing, names)
    const networks = (args.private_networks ?? []).map(one => [names.id('networks', one), one] as const)
    return plan(edits, new Map(networks), thing === null ? [] : ignored(args))
  },
})

function required({ name, server_type, image }: ServerArgs): string | null {
  const missing = Object.entries({ name, server_type, image }).filter(([, value]) => value === undefined)
  return missing.length === 0
    ? null
    : `missing required arguments: ${missing.map(([argument]) => argument).join(', ')}`
}

function ignored({ ipv4, ipv6, volumes }: ServerArgs): readonly string[] {
  const names = Object.entries({ ipv4, ipv6, volumes }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  )
  return names.length === 0 ? [] : [`${names.join(', ')} count when the server is made; it is there already`]
}

function gone(now: Dict | null): readonly CloudEdit[] {
  if (now === null) return []
  const change = { what: 'server', subject: String(now.name), from: 'present', to: null }
  return [{ change, requests: [{ method: 'DELETE', path: `/servers/${String(now.id)}` }] }]
}

/** What needs a server that is off turns it off first, when it may; then it runs again. */
function changed(args: ServerArgs, now: Dict, names: Names): readonly CloudEdit[] {
  const subject = String(now.name)
  const id = String(now.id)
  const power = (to: 'on' | 'off'): CloudEdit => ({
    change: { what: 'power', subject, from: to === 'on' ? 'off' : 'on', to },
    requests: [act(id, { action: `power${to}` })],
  })
  const updates = updateServer(args, now, names)
  const runs = now.status === 'running'
  const mayStop = args.force || args.force_upgrade || args.state === 'stopped'
  const stops = runs && mayStop && updates.some(one => one.stops)
  const edits: CloudEdit[] = stops ? [power('off')] : []
  for (const { what, from, to, requests } of updates)
    edits.push({ change: { what, subject, from, to }, requests })
  const isOn = runs && !stops
  const image = args.image ?? ''
  if (args.state === 'rebuild')
    edits.push({
      change: { what: 'image', subject, from: null, to: image },
      requests: [act(id, { action: 'rebuild', body: { image } })],
    })
  if (args.state === 'restarted') edits.push(...(isOn ? [power('off')] : []), power('on'))
  else if (args.state === 'stopped')
    edits.push(...(isOn || (!runs && now.status !== 'off') ? [power('off')] : []))
  else if (!isOn && (args.state === 'started' || runs)) edits.push(power('on'))
  return edits
}

/** The API tells networks by their numbers. */
type NetworkNames = ReadonlyMap<number, string>

function told(server: Dict, names: NetworkNames) {
  const net = isDict(server.public_net) ? server.public_net : {}
  const datacenter = isDict(server.datacenter) ? server.datacenter : {}
  const protection = isDict(server.protection) ? server.protection : {}
  const address = (value: unknown) => (isDict(value) ? (value.ip ?? null) : null)
  const networks = dictsOf(server.private_net)
  const networkName = ({ network }: Dict) => names.get(Number(network)) ?? String(network)
  const hcloud_server = {
    id: String(server.id),
    name: server.name ?? '',
    ipv4_address: address(net.ipv4),
    ipv6: address(net.ipv6),
    private_networks: networks.map(networkName),
    private_networks_info: networks.map(one => ({ name: networkName(one), ip: one.ip ?? null })),
    image: nameOf(server.image),
    server_type: nameOf(server.server_type),
    datacenter: nameOf(datacenter),
    location: nameOf(datacenter.location) ?? nameOf(server.location),
    placement_group: nameOf(server.placement_group),
    rescue_enabled: server.rescue_enabled ?? false,
    backup_window: server.backup_window ?? null,
    labels: server.labels ?? {},
    delete_protection: protection.delete ?? false,
    rebuild_protection: protection.rebuild ?? false,
    status: server.status ?? '',
  }
  return { hcloud_server }
}
