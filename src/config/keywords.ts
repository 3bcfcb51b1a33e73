/**
 * Which keyword may stand where and what its value must be. Names and places follow Ansible's page of
 * playbook keywords; what stands at an include follows its list of valid include keywords.
 */
export type Level =
  | 'play'
  | 'role'
  | 'block'
  | 'task'
  | 'handler'
  | 'include'
  | 'import'
  | 'import_playbook'
  | 'meta'
  | 'vars_prompt'

export type ValueType =
  | 'any'
  | 'bool'
  | 'int'
  | 'number'
  | 'text'
  | 'texts'
  | 'list'
  | 'dict'
  | 'dicts'
  | 'variables'
  | 'name'

export interface Keyword {
  readonly levels: readonly Level[]
  readonly type: ValueType
  /** The only words that are accepted. */
  readonly words?: readonly string[]
  /** Words that Ansible knows and vpai cannot honour: an error, with what to do. */
  readonly refused?: { readonly words: readonly string[]; readonly hint: string }
  /** Ansible knows it, vpai cannot honour it: why, and what to do. It may say false. */
  readonly unsupported?: { readonly why: string; readonly hint: string }
}

const INHERITED: readonly Level[] = ['play', 'role', 'block', 'task', 'handler', 'import']
const CONDITIONAL: readonly Level[] = ['role', 'block', 'task', 'handler', 'import']
const ACTING: readonly Level[] = ['task', 'handler']
const LOOPING: readonly Level[] = ['task', 'handler', 'include']
const PLAY: readonly Level[] = ['play']

const STRATEGIES = ['linear', 'free', 'host_pinned'].flatMap(name => [name, `ansible.builtin.${name}`])
const DEBUGGER = ['always', 'never', 'on_failed', 'on_unreachable', 'on_skipped']
const NO_DEBUGGER = {
  words: DEBUGGER.filter(word => word !== 'never'),
  hint: 'There is no debugger of tasks: look with debug, and go on with --start-at-task.',
}
const NO_STRATEGY = { words: ['debug', 'ansible.builtin.debug'], hint: NO_DEBUGGER.hint }

/** A keyword of the ansible-core after 2.19. */
const NO_PLAY_SPECS = {
  why: 'plays have no argument specs',
  hint: 'Roles have: put the spec into meta/argument_specs.yml of a role.',
}

/** Keywords that play, role, block and task share: they become `Keywords` of the model. */
export const SHARED_KEYWORDS: Readonly<Record<string, Keyword>> = {
  vars: { levels: [...INHERITED, 'include', 'import_playbook'], type: 'variables' },
  environment: { levels: INHERITED, type: 'dicts' },
  become: { levels: INHERITED, type: 'bool' },
  become_user: { levels: INHERITED, type: 'text' },
  become_method: { levels: INHERITED, type: 'text' },
  become_exe: { levels: INHERITED, type: 'text' },
  become_flags: { levels: INHERITED, type: 'text' },
  remote_user: { levels: INHERITED, type: 'text' },
  port: { levels: INHERITED, type: 'int' },
  connection: { levels: INHERITED, type: 'text' },
  no_log: { levels: [...INHERITED, 'include'], type: 'bool' },
  check_mode: { levels: INHERITED, type: 'bool' },
  diff: { levels: INHERITED, type: 'bool' },
  ignore_errors: { levels: [...INHERITED, 'include'], type: 'bool' },
  ignore_unreachable: { levels: INHERITED, type: 'bool' },
  any_errors_fatal: { levels: INHERITED, type: 'bool' },
  run_once: { levels: [...INHERITED, 'include'], type: 'bool' },
  throttle: { levels: INHERITED, type: 'int' },
  timeout: { levels: [...INHERITED, 'include'], type: 'int' },
  delegate_to: { levels: CONDITIONAL, type: 'text' },
  delegate_facts: { levels: CONDITIONAL, type: 'bool' },
  module_defaults: { levels: INHERITED, type: 'dicts' },
  // Of vpai alone.
  guard: { levels: INHERITED, type: 'any' },
  debugger: { levels: [...INHERITED, 'include'], type: 'text', words: DEBUGGER, refused: NO_DEBUGGER },
  collections: { levels: [...INHERITED, 'include'], type: 'texts' },
  when: { levels: [...CONDITIONAL, 'include', 'import_playbook'], type: 'any' },
  tags: { levels: [...INHERITED, 'include', 'import_playbook'], type: 'texts' },
}

const OWN_KEYWORDS: Readonly<Record<string, Keyword>> = {
  name: { levels: [...INHERITED, 'include', 'import_playbook'], type: 'text' },

  hosts: { levels: PLAY, type: 'texts' },
  // An older name of remote_user.
  user: { levels: PLAY, type: 'text' },
  gather_facts: { levels: PLAY, type: 'bool' },
  gather_subset: { levels: PLAY, type: 'texts' },
  gather_timeout: { levels: PLAY, type: 'int' },
  fact_path: { levels: PLAY, type: 'text' },
  validate_argspec: { levels: PLAY, type: 'any', unsupported: NO_PLAY_SPECS },
  serial: { levels: PLAY, type: 'any' },
  strategy: {
    levels: PLAY,
    type: 'text',
    words: [...STRATEGIES, ...NO_STRATEGY.words],
    refused: NO_STRATEGY,
  },
  order: {
    levels: PLAY,
    type: 'text',
    words: ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'],
  },
  max_fail_percentage: { levels: PLAY, type: 'number' },
  force_handlers: { levels: PLAY, type: 'bool' },
  vars_files: { levels: PLAY, type: 'any' },
  vars_prompt: { levels: PLAY, type: 'list' },
  roles: { levels: PLAY, type: 'list' },
  pre_tasks: { levels: PLAY, type: 'list' },
  tasks: { levels: PLAY, type: 'list' },
  post_tasks: { levels: PLAY, type: 'list' },
  handlers: { levels: PLAY, type: 'list' },

  role: { levels: ['role'], type: 'text' },
  import_playbook: { levels: ['import_playbook'], type: 'text' },

  block: { levels: ['block'], type: 'list' },
  rescue: { levels: ['block'], type: 'list' },
  always: { levels: ['block'], type: 'list' },

  action: { levels: [...LOOPING, 'import'], type: 'any' },
  local_action: { levels: ACTING, type: 'any' },
  args: { levels: [...LOOPING, 'import'], type: 'dict' },
  loop: { levels: LOOPING, type: 'any' },
  loop_control: { levels: LOOPING, type: 'dict' },
  register: { levels: LOOPING, type: 'name' },
  notify: { levels: ['block', 'task', 'handler'], type: 'texts' },
  listen: { levels: ['handler', 'include'], type: 'texts' },
  until: { levels: ACTING, type: 'any' },
  retries: { levels: ACTING, type: 'int' },
  delay: { levels: ACTING, type: 'number' },
  changed_when: { levels: ACTING, type: 'any' },
  failed_when: { levels: ACTING, type: 'any' },
  async: { levels: ACTING, type: 'int' },
  poll: { levels: ACTING, type: 'int' },
}

const ALL: ReadonlyMap<string, Keyword> = new Map(Object.entries({ ...SHARED_KEYWORDS, ...OWN_KEYWORDS }))

export function findKeyword(name: string): Keyword | undefined {
  return ALL.get(name) ?? (name.startsWith('with_') ? ALL.get('loop') : undefined)
}

/** Keys of places that hold no tasks. */
const FILE_KEYS = new Map<Level, readonly string[]>([
  ['meta', ['dependencies', 'allow_duplicates', 'galaxy_info', 'argument_specs', 'collections']],
  ['vars_prompt', ['name', 'prompt', 'default', 'private', 'confirm', 'encrypt', 'unsafe']],
])

/** Names that may stand at a level, for hints; what is meant as a task may be meant as a block. */
export function keywordsOf(level: Level): string[] {
  const names = FILE_KEYS.get(level)
  if (names !== undefined) return [...names]
  const levels: readonly Level[] = level === 'task' ? ['task', 'block'] : [level]
  return [...ALL]
    .filter(([, keyword]) => keyword.levels.some(place => levels.includes(place)))
    .map(([name]) => name)
}

/** Is a key of a task a keyword, whatever the kind of task, so that it cannot be the module? */
export function isTaskKeyword(name: string): boolean {
  if (name.startsWith('with_')) return true
  const levels = ALL.get(name)?.levels ?? []
  return levels.some(level => level !== 'play' && level !== 'role' && level !== 'import_playbook')
}
