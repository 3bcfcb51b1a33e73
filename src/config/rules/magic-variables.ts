/** Names that exist without anybody in the project defining them. */

const MAGIC = new Set([
  'environment',
  'group_names',
  'groups',
  'hostvars',
  'inventory_dir',
  'inventory_file',
  'inventory_hostname',
  'inventory_hostname_short',
  'omit',
  'play_hosts',
  'playbook_dir',
  'role_name',
  'role_names',
  'role_path',
  'vars',
  // What the tasks of a role that keep its data and bring it back are given (decision 14).
  'vpai_snapshot',
  // Names that facts modules add.
  'packages',
  'services',
  // Inside template files.
  'template_destpath',
  'template_fullpath',
  'template_host',
  'template_mtime',
  'template_path',
  'template_run_date',
  'template_uid',
  // Functions and constants of the template language.
  'caller',
  'cycler',
  'dict',
  'false',
  'False',
  'joiner',
  'lipsum',
  'lookup',
  'loop',
  'namespace',
  'none',
  'None',
  'now',
  'q',
  'query',
  'range',
  'self',
  'super',
  'true',
  'True',
  'undef',
  'varargs',
  'kwargs',
])

/** Magic variables, facts, and what belongs to vpai itself. */
export function isMagic(name: string): boolean {
  return MAGIC.has(name) || /^(?:ansible_|vpai_|getent_)/.test(name)
}
