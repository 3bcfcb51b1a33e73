/**
 * What listens against what listened when the release was made, and what containers publish against what they
 * published then. Ports of the second kind are Docker's: they go past the host's firewall.
 */
import {
  type ContainerState,
  isEveryAddress,
  type PortState,
  type PublishedPort,
  type SystemState,
} from '../release/system-state.ts'
import type { Finding } from './finding.ts'

export function comparePorts(
  before: SystemState,
  now: SystemState,
  barriers: number | null,
): readonly Finding[] {
  return [...listening(before, now), ...published(before, now, barriers)]
}

/** Who was started so shortly before the release may not have listened everywhere yet. */
const FRESH_S = 120

function listening(before: SystemState, now: SystemState): readonly Finding[] {
  const [olds, news] = [keyed(before), keyed(now)]
  const fresh = freshHolders(before)
  const came = [...news].filter(([key]) => !olds.has(key)).map(([, port]) => port)
  const went = [...olds].filter(([key, { holder }]) => !news.has(key) && !isOfSession(holder))
  return [
    ...grouped(came).map(ports => cameFinding(ports, fresh, now)),
    ...grouped(went.map(([, port]) => port)).map(goneFinding),
  ]
}

/** Of ports that nobody chose: of UDP they are those of clients, of TCP any one of a program is as good as another. */
function keyed({ ports, ephemeral: { low, high } }: SystemState): ReadonlyMap<string, PortState> {
  const keys = new Map<string, PortState>()
  for (const one of ports) {
    const { protocol, port, program } = one
    const isChosen = port < low || port > high
    // docker-proxy listens for containers, which are asked themselves.
    if (program === 'docker-proxy' || (protocol === 'udp' && !isChosen && program !== null)) continue
    const address = isEveryAddress(one.address) ? `*${one.address.includes(':') ? 6 : ''}` : one.address
    keys.set(isChosen ? `${protocol} ${address} ${port}` : `${protocol} ${address} of ${program}`, one)
  }
  return keys
}

/** Of a login, as ports that ssh forwards. */
function isOfSession(holder: string | null): boolean {
  return holder?.startsWith('session-') ?? false
}

function freshHolders({ at, units, containers }: SystemState): ReadonlySet<string> {
  const isFresh = (since: number | null) => since !== null && since > at - FRESH_S
  return new Set([
    ...units.filter(({ since, active }) => isFresh(since) || active === 'activating').map(({ name }) => name),
    ...containers.filter(one => isFresh(Date.parse(one.startedAt) / 1000)).map(({ id }) => `container ${id}`),
  ])
}

/** The same port on several addresses is one thing. */
function grouped(ports: readonly PortState[]): readonly (readonly [PortState, ...PortState[]])[] {
  const groups = new Map<string, [PortState, ...PortState[]]>()
  for (const port of ports) {
    const key = `${port.protocol} ${port.port} ${port.program}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [port])
    else group.push(port)
  }
  return [...groups.values()]
}

function cameFinding(
  ports: readonly [PortState, ...PortState[]],
  fresh: ReadonlySet<string>,
  { containers }: SystemState,
): Finding {
  const [{ holder }] = ports
  const isLate = holder !== null && fresh.has(holder)
  const container = containers.find(({ id }) => holder === `container ${id}`)
  const whose = container === undefined ? holder : `container ${container.name}`
  const evidence = [
    ...(whose === null ? [] : [`of ${whose}`]),
    ...(isLate ? ['which was just started when the release was made, and may have come to it later'] : []),
  ]
  const is = portText(ports)
  return { ...about(ports[0]), problem: 'came', was: null, is, isDrift: !isLate, evidence, at: null }
}

function goneFinding(ports: readonly [PortState, ...PortState[]]): Finding {
  const evidence = ports[0].holder === null ? [] : [`was of ${ports[0].holder}`]
  const was = portText(ports)
  return { ...about(ports[0]), problem: 'gone', was, is: null, isDrift: true, evidence, at: null }
}

function about({ protocol, port }: PortState): Pick<Finding, 'kind' | 'subject'> {
  return { kind: 'port', subject: `${port}/${protocol}` }
}

function portText(ports: readonly [PortState, ...PortState[]]): string {
  const addresses = [
    ...new Set(ports.map(({ address }) => (isEveryAddress(address) ? 'every address' : address))),
  ]
  return `${ports[0].program ?? 'the kernel, or a program that is not told,'} on ${addresses.join(', ')}`
}

/** By container, whether it runs or not: what it is configured to publish. */
function published(before: SystemState, now: SystemState, barriers: number | null): readonly Finding[] {
  const [olds, news] = [publications(before.containers), publications(now.containers)]
  const isThere = new Set(now.containers.map(({ name }) => name))
  const came = [...news].filter(([key]) => !olds.has(key))
  // A container that is gone is told of by itself.
  const went = [...olds].filter(([key, { container }]) => !news.has(key) && isThere.has(container))
  return [
    ...came.map(([, one]) => publishedFinding(one, 'came', pastFirewall(one, barriers))),
    ...went.map(([, one]) => publishedFinding(one, 'gone', [])),
  ]
}

interface Publication extends PublishedPort {
  readonly container: string
}

function publications(containers: readonly ContainerState[]): ReadonlyMap<string, Publication> {
  const all = containers.flatMap(({ name, ports }) => ports.map(port => ({ ...port, container: name })))
  return new Map(all.map(one => [`${one.container} ${one.address} ${one.port} ${one.inside}`, one]))
}

function publishedFinding(
  { container, address, port, inside }: Publication,
  problem: 'came' | 'gone',
  evidence: readonly string[],
): Finding {
  const text = `published by the container ${container} on ${address === '' ? 'every address' : address}`
  const subject = `${port === '' ? 'any' : port}/${inside.replace(/^.*\//, '')}`
  const [was, is] = problem === 'came' ? [null, text] : [text, null]
  return { kind: 'port', subject, problem, was, is, isDrift: true, evidence, at: null }
}

function pastFirewall({ address }: PublishedPort, barriers: number | null): readonly string[] {
  if (address.startsWith('127.') || address === '::1') return []
  const past = 'what Docker publishes goes past ufw, firewalld and rules of INPUT'
  if (barriers === null) return [past]
  return [
    barriers === 0
      ? `${past}, and DOCKER-USER holds nothing back: it can be reached from outside`
      : `${past}; DOCKER-USER has ${barriers} rules that hold something back`,
  ]
}
