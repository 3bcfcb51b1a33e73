import { z } from 'zod'
import { didYouMean } from '../base/did-you-mean.ts'
import type { Dict } from '../base/value.ts'
import type { Key } from '../probes/contract.ts'
import { defineModule } from './contract.ts'
import { argumentsOf, int, list, path } from './shared/arguments.ts'
import { globPattern } from './shared/glob.ts'

const schema = () =>
  argumentsOf({
    gather_subset: list().default(['all']),
    gather_timeout: int().pipe(z.int().min(1, 'must be at least 1')).default(TIMEOUT_S),
    filter: list().default([]),
    fact_path: path().default(LOCAL_FACTS),
  }).superRefine(({ gather_subset }, { addIssue }) => {
    for (const subset of gather_subset.filter(one => !SUBSETS.has(one.replace(/^!/, '')))) {
      const message = `there is no subset of facts called ${subset}. ${didYouMean(subset, SUBSETS) ?? ''}`
      addIssue({ code: 'custom', message: message.trim(), path: ['gather_subset'] })
    }
  })

export type SetupArgs = z.output<ReturnType<typeof schema>>

const LOCAL_FACTS = '/etc/ansible/facts.d'
const TIMEOUT_S = 10

/**
 * Gathers facts of the host. All of them cost one question, so all are given whatever subset is asked for; only
 * names that Ansible does not know either are refused.
 */
export const setup = defineModule<SetupArgs>({
  name: 'setup',
  aliases: ['gather_facts'],
  summary: 'Gathers facts of the host',
  args: schema,
  settles: true,
  keys: args => [keyOf(args)],
  decide(args, seen) {
    const patterns = args.filter.filter(pattern => pattern !== '').map(globPattern)
    const isWanted = (name: string) =>
      patterns.length === 0 || patterns.some(pattern => pattern.test(name) || pattern.test(`ansible_${name}`))
    const found = seen.get(keyOf(args))
    const all = found.gather_subset === undefined ? found : { ...found, gather_subset: args.gather_subset }
    const facts = Object.entries(all).filter(([name]) => isWanted(name))
    const ansible_facts: Dict = Object.fromEntries(
      facts.map(([name, value]) => [PLAIN.has(name) ? name : `ansible_${name}`, value]),
    )
    return { kind: 'ok', result: { ansible_facts } }
  },
})

const SUBSETS = new Set(
  `all all_ipv4_addresses all_ipv6_addresses apparmor architecture caps chroot cmdline date_time default_ipv4
  default_ipv6 devices distribution distribution_major_version distribution_release distribution_version dns
  effective_group_ids effective_user_id env facter fibre_channel_wwn fips hardware interfaces is_chroot iscsi
  kernel kernel_version loadavg local lsb machine machine_id min mounts network nvme ohai os_family pkg_mgr
  platform processor processor_cores processor_count python python_version real_user_id selinux service_mgr
  ssh_host_key_dsa_public ssh_host_key_ecdsa_public ssh_host_key_ed25519_public ssh_host_key_rsa_public
  ssh_host_pub_keys ssh_pub_keys system system_capabilities system_capabilities_enforced systemd user user_dir
  user_gecos user_gid user_id user_shell user_uid virtual virtualization_role virtualization_tech_guest
  virtualization_tech_host virtualization_type`.split(/\s+/),
)

function keyOf({ fact_path, gather_timeout }: SetupArgs): Extract<Key, { kind: 'facts' }> {
  return {
    kind: 'facts',
    ...(fact_path === LOCAL_FACTS ? {} : { localFacts: fact_path }),
    ...(gather_timeout === TIMEOUT_S ? {} : { timeoutS: gather_timeout }),
  }
}

/** Ansible returns these two without the prefix. */
const PLAIN = new Set(['gather_subset', 'module_setup'])
