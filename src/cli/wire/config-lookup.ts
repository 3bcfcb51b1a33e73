/** The lookup config: the settings of Ansible that mean something here, by the names Ansible gives them. */
import { VpaiError } from '../../base/error.ts'
import type { Value } from '../../base/value.ts'
import type { RunOptions } from '../../engine/world.ts'
import type { Project } from '../project/open.ts'

export function configLookup(project: Project, options: RunOptions) {
  const { ansible, settings, inventories } = project
  const known: Readonly<Record<string, Value>> = {
    DEFAULT_BECOME: options.become.on,
    DEFAULT_BECOME_METHOD: options.become.method ?? 'sudo',
    DEFAULT_BECOME_USER: options.become.user ?? 'root',
    DEFAULT_FORKS: options.forks,
    DEFAULT_GATHERING: ansible.gathering ?? 'implicit',
    DEFAULT_HOST_LIST: [...inventories],
    DEFAULT_PRIVATE_KEY_FILE: ansible.privateKeyFile ?? null,
    DEFAULT_REMOTE_PORT: ansible.remotePort ?? null,
    DEFAULT_REMOTE_USER: ansible.remoteUser ?? null,
    DEFAULT_ROLES_PATH: [...settings.roles_path, ...(ansible.rolesPath ?? [])],
    DEFAULT_TIMEOUT: ansible.timeout ?? settings.timeout,
    DEFAULT_VERBOSITY: options.verbosity,
    DIFF_ALWAYS: ansible.diffAlways ?? false,
    HOST_KEY_CHECKING: ansible.hostKeyChecking ?? true,
  }
  return (
    terms: readonly Value[],
    { on_missing: onMissing = 'error' }: Readonly<Record<string, Value>>,
  ): Value =>
    terms.flatMap(term => {
      const name = String(term)
      if (Object.hasOwn(known, name)) return [known[name] as Value]
      if (onMissing !== 'error') return []
      throw new VpaiError('LOOKUP_CONFIG', `lookup('config'): ${name} has no meaning here`, {
        hint: `Known: ${Object.keys(known).join(', ')}. With on_missing='skip' it is left out.`,
      })
    })
}
