/** A Docker network as `docker network inspect` tells it, and how it differs from what is wanted. */
import { type Dict, isDict, type Value } from '../../base/value.ts'
import type { Change } from '../contract.ts'

export interface SeenNetwork {
  readonly name: string
  readonly driver: string
  readonly options: Readonly<Record<string, string>>
  readonly internal: boolean
  readonly attachable: boolean
  readonly ipv6: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly ipamDriver: string
  readonly ipam: readonly Dict[]
  /** Names of the containers in it. */
  readonly containers: readonly string[]
  readonly raw: Dict
}

/** What is left out is not compared. */
export interface WantedNetwork {
  readonly driver: string
  readonly options: Readonly<Record<string, string>>
  readonly internal?: boolean
  readonly attachable?: boolean
  readonly ipv6?: boolean
  readonly ipv4?: boolean
  readonly scope?: string
  readonly ingress?: boolean
  readonly configOnly?: boolean
  readonly configFrom?: string
  readonly ipamOptions?: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly ipamDriver?: string
  readonly ipam?: readonly {
    readonly subnet?: string
    readonly gateway?: string
    readonly iprange?: string
    readonly aux_addresses?: Readonly<Record<string, string>>
  }[]
}

export function parseNetwork(json: string): SeenNetwork {
  const parsed: unknown = JSON.parse(json)
  const raw = (Array.isArray(parsed) ? parsed[0] : parsed) as Dict
  const ipam = dictOf(raw.IPAM)
  return {
    name: String(raw.Name),
    driver: String(raw.Driver),
    options: texts(raw.Options),
    internal: raw.Internal === true,
    attachable: raw.Attachable === true,
    ipv6: raw.EnableIPv6 === true,
    labels: texts(raw.Labels),
    ipamDriver: String(ipam.Driver ?? 'default'),
    ipam: (Array.isArray(ipam.Config) ? ipam.Config : []).map(dictOf),
    containers: Object.values(dictOf(raw.Containers)).map(one => String(dictOf(one).Name)),
    raw,
  }
}

export function networkDifferences(wanted: WantedNetwork, seen: SeenNetwork): Change[] {
  const changes: Change[] = []
  const compare = (what: string, from: Value, to: Value | undefined) => {
    if (to !== undefined && from !== to) changes.push({ what, subject: seen.name, from, to })
  }
  compare('driver', seen.driver, wanted.driver)
  compare('internal', seen.internal, wanted.internal)
  compare('attachable', seen.attachable, wanted.attachable)
  compare('enable_ipv6', seen.ipv6, wanted.ipv6)
  compare('enable_ipv4', seen.raw.EnableIPv4 !== false, wanted.ipv4)
  compare('scope', seen.raw.Scope ?? null, wanted.scope)
  compare('ingress', seen.raw.Ingress === true, wanted.ingress)
  compare('config_only', seen.raw.ConfigOnly === true, wanted.configOnly)
  compare('config_from', dictOf(seen.raw.ConfigFrom).Network ?? null, wanted.configFrom)
  compare('ipam_driver', seen.ipamDriver, wanted.ipamDriver)
  const ipamOptions = texts(dictOf(seen.raw.IPAM).Options)
  for (const [key, value] of Object.entries(wanted.ipamOptions ?? {}))
    compare(`ipam_driver_options ${key}`, ipamOptions[key] ?? null, value)
  for (const [key, value] of Object.entries(wanted.options))
    compare(`option ${key}`, seen.options[key] ?? null, value)
  for (const [key, value] of Object.entries(wanted.labels))
    compare(`label ${key}`, seen.labels[key] ?? null, value)
  return [...changes, ...ipamDifferences(wanted, seen)]
}

/** Each wanted range must be there with what is said of it; docker adds a gateway of its own. */
function ipamDifferences({ ipam }: WantedNetwork, seen: SeenNetwork): Change[] {
  if (ipam === undefined) return []
  const same = (want: NonNullable<WantedNetwork['ipam']>[number], have: Dict) =>
    matches(want.subnet, have.Subnet) &&
    matches(want.gateway, have.Gateway) &&
    matches(want.iprange, have.IPRange) &&
    Object.entries(want.aux_addresses ?? {}).every(
      ([key, value]) => texts(have.AuxiliaryAddresses)[key] === value,
    )
  const isSame =
    ipam.length === seen.ipam.length && ipam.every(want => seen.ipam.some(have => same(want, have)))
  if (isSame) return []
  const to = ipam.map(({ subnet }) => subnet ?? '')
  return [
    { what: 'ipam_config', subject: seen.name, from: seen.ipam.map(one => String(one.Subnet ?? '')), to },
  ]
}

function matches(wanted: string | undefined, seen: Value | undefined): boolean {
  return wanted === undefined || wanted === seen
}

function dictOf(value: unknown): Dict {
  return isDict(value) ? value : {}
}

function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(dictOf(value)).map(([key, one]) => [key, String(one)]))
}
