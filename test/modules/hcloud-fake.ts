/**
 * A stand-in for the API of Hetzner Cloud, which cannot be had offline: it keeps what it is told in memory and answers
 * in the shapes of docs.hetzner.cloud (names, ids, actions that run for one look). It checks the token and that servers
 * are off where the API wants that; prices, limits, pages and most errors are not there.
 */
import { type ChildProcess, spawn } from 'node:child_process'

export interface HcloudFake {
  readonly endpoint: string
  stop(): void
}

export const TOKEN = 'token-of-the-fake'

const SOURCE = `
const TOKEN = ${JSON.stringify(TOKEN)}
const things = { ssh_keys: [], firewalls: [], servers: [], networks: [{ id: 7, name: 'inner' }],
  placement_groups: [{ id: 8, name: 'spread' }], primary_ips: [{ id: 9, name: 'fixed' }],
  images: [{ id: 10, name: 'debian-13', deprecated: null }, { id: 12, name: 'broken', deprecated: null }, { id: 11, name: 'debian-9', deprecated: '2020-01-01T00:00:00Z' }] }
const actions = new Map()
let last = 100
const one = many => many.replace(/s$/, '')
function action(command, failed) {
  const it = { id: ++last, command, status: 'running', error: null }
  actions.set(it.id, { ...it, status: failed ? 'error' : 'success', error: failed ? { message: failed } : null })
  return it
}
function create(many, body) {
  const it = { id: ++last, labels: {}, ...body }
  things[many].push(it)
  if (many === 'ssh_keys') it.fingerprint = 'b7:2f:' + it.id
  if (many === 'firewalls') it.applied_to = []
  if (many !== 'servers') return { [one(many)]: it }
  const { image, server_type, location = 'fsn1', networks = [], firewalls = [], public_net, placement_group } = body
  Object.assign(it, { status: body.start_after_create === false ? 'off' : 'running', image: { id: 10, name: image },
    server_type: { id: 1, name: server_type }, datacenter: { name: location + '-dc14', location: { name: location } },
    private_net: networks.map(network => ({ network, ip: '10.0.0.2' })), rescue_enabled: false, backup_window: null,
    placement_group: placement_group ? { id: placement_group, name: 'spread' } : null, protection: { delete: false, rebuild: false },
    public_net: { ipv4: public_net.enable_ipv4 ? { ip: '203.0.113.4' } : null, ipv6: { ip: '2001:db8::/64' },
      firewalls: firewalls.map(({ firewall: id }) => ({ id, status: 'applied' })) } })
  return { server: it, action: action('create_server'), next_actions: [action('start_server')], root_password: body.ssh_keys ? null : 'chosen-by-the-fake' }
}
const OFF = ['change_type', 'add_to_placement_group']
function act(many, it, name, body) {
  if (many === 'firewalls') {
    if (name === 'set_rules') it.rules = body.rules
    for (const { server } of body.apply_to ?? []) byId('servers', server.id).public_net.firewalls.push({ id: it.id })
    for (const { server } of body.remove_from ?? []) {
      const net = byId('servers', server.id).public_net
      net.firewalls = net.firewalls.filter(({ id }) => id !== it.id)
    }
    return { actions: [action(name)] }
  }
  if (OFF.includes(name) && it.status !== 'off') return { status: 422, error: { code: 'server_not_stopped', message: 'server must be off' } }
  if (name === 'poweron') it.status = 'running'
  if (name === 'poweroff') it.status = 'off'
  if (name === 'enable_backup') it.backup_window = '22-02'
  if (name === 'disable_backup') it.backup_window = null
  if (name === 'change_type') it.server_type = { id: 2, name: body.server_type }
  if (name === 'change_protection') it.protection = body
  if (name === 'enable_rescue') it.rescue_enabled = true
  if (name === 'disable_rescue') it.rescue_enabled = false
  if (name === 'add_to_placement_group') it.placement_group = { id: body.placement_group, name: 'spread' }
  if (name === 'remove_from_placement_group') it.placement_group = null
  if (name === 'attach_to_network') it.private_net.push({ network: body.network, ip: '10.0.0.3' })
  if (name === 'detach_from_network') it.private_net = it.private_net.filter(({ network }) => network !== body.network)
  if (name === 'rebuild') return { action: action(name, body.image === 'broken' && 'the image is broken') }
  return { action: action(name) }
}
const byId = (many, id) => things[many].find(it => it.id === Number(id))
function answer(method, url, body) {
  const [, many, id, verb, name] = url.pathname.split('/')
  if (many === 'actions') return { action: actions.get(Number(id)) }
  if (!things[many]) return { status: 404, error: { code: 'not_found', message: 'no such path' } }
  if (id === undefined && method === 'POST') return create(many, body)
  if (id === undefined) {
    for (const it of things.firewalls) answer('GET', new URL('http://x/firewalls/' + it.id))
    const by = key => !url.searchParams.has(key) || (it => it[key] === url.searchParams.get(key))
    const found = things[many].filter(it => ['name', 'fingerprint'].every(key => by(key) === true || by(key)(it)))
    return { [many]: found, meta: { pagination: { page: 1 } } }
  }
  const it = byId(many, id)
  if (!it) return { status: 404, error: { code: 'not_found', message: 'not found' } }
  if (verb === 'actions') return act(many, it, name, body)
  if (method === 'PUT') Object.assign(it, body)
  const users = many === 'firewalls' ? things.servers.filter(one => one.public_net.firewalls.some(({ id }) => id === it.id)) : []
  if (many === 'firewalls') it.applied_to = users.map(({ id }) => ({ type: 'server', server: { id } }))
  if (method === 'DELETE' && users.length > 0) return { status: 409, error: { code: 'resource_in_use', message: 'firewall is still in use' } }
  if (method === 'DELETE') {
    things[many] = things[many].filter(other => other !== it)
    return many === 'servers' ? { action: action('delete_server') } : { status: 204 }
  }
  return { [one(many)]: it }
}
require('node:http').createServer((q, s) => {
  let text = ''
  q.on('data', d => { text += d }).on('end', () => {
    const known = q.headers.authorization === 'Bearer ' + TOKEN
    const { status = 200, ...body } = known
      ? answer(q.method, new URL(q.url, 'http://x'), text === '' ? {} : JSON.parse(text))
      : { status: 401, error: { code: 'unauthorized', message: 'unable to authenticate' } }
    s.writeHead(status, { 'Content-Type': 'application/json' })
    s.end(status === 204 ? '' : JSON.stringify(body))
  })
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`

export async function startHcloud(): Promise<HcloudFake> {
  const server: ChildProcess = spawn(process.execPath, ['-e', SOURCE], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise(resolve => server.stdout?.once('data', data => resolve(Number(data))))
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => server.kill() }
}
