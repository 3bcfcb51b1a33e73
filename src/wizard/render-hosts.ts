import { isMap, isScalar, parseDocument, type YAMLMap } from 'yaml'
import { looksLikeTemplate } from '../base/value.ts'
import { mergeYaml, topMapping, valueNode } from './merge-yaml.ts'
import type { WizardResult } from './settle.ts'
import type { Answer } from './variable.ts'

export interface HostsInput {
  readonly result: WizardResult
  readonly file: string
  readonly existing?: string
  /** Answers before this run: a host that got another name keeps its place and its own keys. */
  readonly formerVariables: { readonly [name: string]: unknown }
}

/** The inventory's hosts: groups prod, preprod, workstation, vpn, app_prod (vpai) and homelab. */
export function renderHosts(input: HostsInput): string {
  const hosts = hostsOf(input.result)
  const existing = input.existing === undefined || input.existing.trim() === '' ? undefined : input.existing
  if (existing === undefined) {
    const children = Object.fromEntries(
      hosts.map(({ group, name, variables }) => [
        group,
        { hosts: name === undefined ? {} : { [name]: variables } },
      ]),
    )
    return mergeYaml(
      {
        file: input.file,
        head: 'Hosts and how they are reached. Written by `vpai wizard`; your own keys and hosts are kept.',
      },
      [{ entries: [['all', { children }]] }],
    )
  }
  const tree = parseDocument(existing, { prettyErrors: false })
  const before = JSON.stringify(tree.toJS())
  const children = below(below(topMapping(tree, input.file), 'all'), 'children')
  for (const host of hosts) {
    const members = below(below(children, host.group), 'hosts')
    if (host.name === undefined) continue
    const former = input.formerVariables[host.nameVariable ?? '']
    rename(members, typeof former === 'string' ? former : host.name, host.name)
    const entry = below(members, host.name)
    for (const [name, value] of Object.entries(host.variables)) {
      const now = entry.get(name)
      const isTemplate = typeof now === 'string' && looksLikeTemplate(now)
      const isSame = now === value || (isMap(now) && JSON.stringify(now) === JSON.stringify(value))
      if (!isSame && !isTemplate) entry.set(name, valueNode(value))
    }
  }
  return JSON.stringify(tree.toJS()) === before ? existing : tree.toString({ lineWidth: 0 })
}

interface HostEntry {
  readonly group: string
  /** Undefined: no address yet, so no host. */
  readonly name?: string
  readonly nameVariable?: string
  readonly variables: { readonly [name: string]: Answer }
}

/** A new server has root at port 22; the first deploy makes the user. */
const FIRST_LOGIN = { port: 22, user: 'root' }

function hostsOf({ systems, variables }: WizardResult): readonly HostEntry[] {
  const text = (name: string) => String(variables[name] ?? '')
  const login = { ansible_user: text('prod_user'), ansible_ssh_private_key_file: text('deploy_ssh_key_path') }
  const entry = (
    group: string,
    nameVariable: string,
    address: string,
    extra: { readonly [name: string]: Answer } = {},
  ): HostEntry =>
    address === ''
      ? { group, variables: {} }
      : {
          group,
          name: text(nameVariable),
          nameVariable,
          variables: { ansible_host: address, ...login, ...extra },
        }
  const vpai = (): HostEntry[] => {
    const throughVpn = variables.hardening_vpn_only_mode === true && text('vps_tailscale_ip') !== ''
    const user = (name: string) => ({ ansible_user: text(name) === '' ? login.ansible_user : text(name) })
    const preprod = entry('preprod', 'project_name', text('preprod_ip'))
    return [
      entry('prod', 'prod_hostname', text(throughVpn ? 'vps_tailscale_ip' : 'prod_ip'), {
        ansible_port: variables.prod_ssh_port ?? 22,
        bootstrap: FIRST_LOGIN,
      }),
      preprod.name === undefined
        ? preprod
        : { ...preprod, name: `${preprod.name}-preprod`, nameVariable: undefined },
      entry(
        'workstation',
        'workstation_pi_hostname',
        text('workstation_pi_tailscale_ip') || text('workstation_pi_ip'),
        user('workstation_pi_user'),
      ),
      entry('vpn', 'vpn_hostname', text('vpn_server_public_ip'), {
        ansible_port: variables.vpn_ssh_port ?? 22,
        ...user('vpn_user'),
      }),
      entry('app_prod', 'app_prod_hostname', text('app_prod_ip')),
    ]
  }
  const homelab: HostEntry = {
    group: 'homelab',
    name: 'homelab',
    variables: { ansible_host: text('TAILSCALE_IP_ADDRESS') },
  }
  return [...(systems.includes('vpai') ? vpai() : []), ...(systems.includes('homelab') ? [homelab] : [])]
}

/** The mapping under a key, made where there is none. */
function below(map: YAMLMap, key: string): YAMLMap {
  const next = map.get(key, true)
  if (isMap(next)) return next as YAMLMap
  const made = valueNode({}) as YAMLMap
  made.flow = false
  map.set(key, made)
  return made
}

function rename(members: YAMLMap, from: string, to: string): void {
  if (from === to || members.has(to)) return
  const pair = members.items.find(item => isScalar(item.key) && item.key.value === from)
  if (pair !== undefined && isScalar(pair.key)) pair.key.value = to
}
