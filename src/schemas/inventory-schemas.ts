/** Inventories in YAML, and files of variables beside them. */
import { bool, described, int, type JsonSchema, listOf, oneOf, strict, text } from './json-schema.ts'

export function inventorySchema(): JsonSchema {
  const groups = {
    propertyNames: { not: { enum: ['hosts', 'children', 'vars'] } },
    properties: { all: described({ $ref: '#/definitions/group' }, 'The group of all hosts.') },
    additionalProperties: { $ref: '#/definitions/group' },
  }
  return {
    type: ['object', 'null'],
    if: { required: ['plugin'] },
    then: pluginSchema,
    else: groups,
  }
}

/** What the inventory leads to. */
export function inventoryDefinitions(): Readonly<Record<string, JsonSchema>> {
  return { group: groupSchema, vars: variablesSchema() }
}

/** Variables of hosts and groups: any names, and those that say how a host is reached. */
export function variablesSchema(): JsonSchema {
  return {
    type: ['object', 'null'],
    propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' },
    properties: CONNECTION,
  }
}

const vars: JsonSchema = { $ref: '#/definitions/vars' }
const members = (items: JsonSchema, about: string): JsonSchema => ({
  description: about,
  type: ['object', 'string', 'null'],
  additionalProperties: items,
})

const groupSchema: JsonSchema = {
  ...(strict({
    hosts: members(vars, 'Hosts of the group, with their variables.'),
    children: members({ $ref: '#/definitions/group' }, 'Groups within the group.'),
    vars: described(vars, 'Variables of all hosts of the group.'),
  }) as object),
  type: ['object', 'null'],
}

const pluginSchema: JsonSchema = {
  properties: {
    plugin: oneOf(['constructed', 'generator', 'ansible.builtin.constructed', 'ansible.builtin.generator']),
  },
}

const CONNECTION: Readonly<Record<string, JsonSchema>> = {
  ansible_connection: described(
    oneOf(['ssh', 'local', 'smart', 'ansible.builtin.ssh', 'ansible.builtin.local']),
    'How the host is reached.',
  ),
  ansible_host: described(text, 'Address or name to connect to.'),
  ansible_port: described(int, 'Port to connect to.'),
  ansible_user: described(text, 'User to log in as.'),
  ansible_password: described(text, 'Login password; it belongs into the secrets file.'),
  ansible_ssh_private_key_file: described(text, 'Key to log in with.'),
  ansible_ssh_common_args: described(
    text,
    'Options of ssh: jump host, port, user and key are read from them.',
  ),
  ansible_become: described(bool, 'Act as another user.'),
  ansible_become_user: described(text, 'The user to act as; root when not said.'),
  ansible_become_method: described(oneOf(['sudo', 'su', 'doas']), 'How the user is changed.'),
  ansible_become_password: described(text, 'Password for that; it belongs into the secrets file.'),
  ansible_timeout: described(int, 'Seconds to connect.'),
  ansible_group_priority: described(int, 'Of groups equally deep the one with the higher number wins.'),
  vpai_host_key: described(listOf(text), "The host's key: ssh-ed25519 AAAA… or SHA256:…"),
  vpai_known_hosts_file: described(text, 'A further file of known hosts.'),
  vpai_host_keys: described(
    oneOf(['strict', 'accept-new']),
    'accept-new: an unknown key is taken and remembered.',
  ),
  bootstrap: described({ type: ['object', 'null'] }, 'Port and user before the first deploy.'),
}
