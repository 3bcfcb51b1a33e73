import type { LoadOptions } from '../../src/config/load-context.ts'

/** A handful of modules with their arguments; null takes any. */
const MODULES: Readonly<Record<string, readonly string[] | null>> = {
  add_host: null,
  apt: ['name', 'state', 'update_cache', 'cache_valid_time'],
  assert: ['that', 'fail_msg', 'success_msg', 'quiet'],
  command: ['cmd', 'argv', 'chdir', 'creates', 'removes', 'stdin'],
  copy: ['src', 'dest', 'content', 'mode', 'owner', 'group', 'remote_src', 'backup', 'validate'],
  debug: ['msg', 'var', 'verbosity'],
  docker_container: ['name', 'image', 'state'],
  docker_image: ['name', 'source'],
  fail: ['msg'],
  file: ['path', 'dest', 'state', 'mode', 'owner', 'group', 'src', 'attributes', 'attr'],
  include_vars: ['file', 'dir', 'name'],
  ping: ['data'],
  raw: [],
  script: ['cmd', 'chdir', 'creates', 'removes', 'executable'],
  service: ['name', 'state', 'enabled'],
  set_fact: null,
  shell: ['cmd', 'chdir', 'creates', 'removes', 'executable', 'stdin'],
  stat: ['path'],
  sysctl: ['name', 'value', 'state'],
  synchronize: ['src', 'dest'],
  template: ['src', 'dest', 'mode', 'owner', 'group', 'validate', 'backup', 'output_encoding'],
  timezone: ['name'],
  unarchive: ['src', 'dest', 'remote_src', 'copy'],
  user: ['name', 'state', 'groups', 'append'],
  wait_for: ['port', 'host', 'timeout'],
}

const FREE_FORM = ['command', 'shell', 'script', 'raw', 'include_vars']

export function aLoadOptions(overrides: Partial<LoadOptions> = {}): LoadOptions {
  return {
    rolesPath: [],
    shippedRoles: undefined,
    knownModules: name =>
      Object.hasOwn(MODULES, name)
        ? { canonical: name, args: MODULES[name]!, freeForm: FREE_FORM.includes(name) }
        : null,
    suggestModules: Object.keys(MODULES),
    definedNames: new Set(),
    hasDynamicNames: false,
    ...overrides,
  }
}
