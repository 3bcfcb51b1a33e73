/** Keywords that stand at one place only: each in a small play, and what is seen of it. */
import { describe, expect, it } from 'vitest'
import { keywordsOf, SHARED_KEYWORDS } from '../../src/config/keywords.ts'
import { type Scene, type Seen, type Written, watch } from './keyword-stage.ts'
import type { Stage } from './stage.ts'

type Case = Scene & { readonly sees: (seen: Seen) => unknown; readonly is: unknown }

const results = ({ results: lines }: Seen) => lines
const names = (seen: Seen) => seen.results.map(line => line.replace(/: .*/, ''))
const resultOf = (name: string) => (seen: Seen) =>
  seen.events.flatMap(event => (event.type === 'task.result' && event.name === name ? [event.result] : []))[0]
const playNames = ({ events }: Seen) =>
  events.flatMap(event => (event.type === 'play.started' ? [event.name] : []))

const act = (name: string, more: Written = {}): Written => ({ name, command: 'true', ...more })
const say = (name: string, msg: unknown): Written => ({ name, debug: { msg } })
const play = (keywords: Written): Scene => ({ plays: [{ hosts: 'all', tasks: [act('acts')], ...keywords }] })
const task = (...tasks: readonly Written[]): Scene => play({ tasks })
const three: { readonly stage: Partial<Stage> } = { stage: { hosts: ['h2', 'h1', 'h3'] } }
const handler = { handlers: [act('handles')] }

const PLAY: Readonly<Record<string, Case>> = {
  name: { ...play({ name: 'a play' }), sees: playNames, is: ['a play'] },
  hosts: { ...play({ hosts: 'h1' }), ...three, sees: results, is: ['h1 acts: changed'] },
  user: { ...play({ user: 'me' }), sees: seen => seen.dials[0]?.remoteUser, is: 'me' },
  gather_facts: {
    ...play({ gather_facts: true, tasks: [say('says', '{{ ansible_kernel is defined }}')] }),
    sees: seen => resultOf('says')(seen)?.msg,
    is: true,
  },
  gather_subset: {
    ...play({ gather_facts: true, gather_subset: ['min', 'no such'], tasks: [] }),
    sees: seen => resultOf('Gathering Facts')(seen)?.failed,
    is: true,
  },
  serial: {
    ...play({ serial: 2, tasks: [act('one'), act('two')] }),
    ...three,
    sees: seen => names(seen).indexOf('h3 one') > names(seen).indexOf('h2 two'),
    is: true,
  },
  strategy: {
    ...play({
      strategy: 'free',
      tasks: [
        { name: 'one', command: "{{ 'sleep 0.5' if inventory_hostname == 'h2' else 'true' }}" },
        act('two'),
      ],
    }),
    ...three,
    sees: seen => names(seen).indexOf('h2 one') > names(seen).indexOf('h1 two'),
    is: true,
  },
  order: {
    ...play({ order: 'sorted', serial: 1 }),
    ...three,
    sees: names,
    is: ['h1 acts', 'h2 acts', 'h3 acts'],
  },
  max_fail_percentage: {
    ...play({
      max_fail_percentage: 30,
      tasks: [{ name: 'breaks', command: 'false', when: "inventory_hostname == 'h1'" }, act('later')],
    }),
    ...three,
    sees: seen => names(seen).some(line => line.endsWith('later')),
    is: false,
  },
  force_handlers: {
    ...play({ force_handlers: true, tasks: [act('acts', { notify: 'handles' }), { fail: {} }], ...handler }),
    sees: seen => names(seen).includes('h1 handles'),
    is: true,
  },
  vars_files: {
    ...play({ vars_files: ['words.yml'], tasks: [say('says', '{{ word }}')] }),
    files: { 'words.yml': 'word: hello\n' },
    sees: seen => resultOf('says')(seen)?.msg,
    is: 'hello',
  },
  vars_prompt: {
    ...play({
      vars_prompt: [{ name: 'word', prompt: 'Which word?', private: false }],
      tasks: [say('says', '{{ word }}')],
    }),
    stage: { answers: ['hello'] },
    sees: seen => [resultOf('says')(seen)?.msg, seen.questions.length],
    is: ['hello', 1],
  },
  pre_tasks: { ...play({ pre_tasks: [act('before')] }), sees: names, is: ['h1 before', 'h1 acts'] },
  post_tasks: { ...play({ post_tasks: [act('after')] }), sees: names, is: ['h1 acts', 'h1 after'] },
  tasks: { ...play({}), sees: names, is: ['h1 acts'] },
  roles: {
    ...play({ roles: ['r'] }),
    files: { 'roles/r/tasks/main.yml': JSON.stringify([act('of a role')]) },
    sees: names,
    is: ['h1 of a role', 'h1 acts'],
  },
  handlers: {
    ...play({ tasks: [act('acts', { notify: 'handles' })], ...handler }),
    sees: names,
    is: ['h1 acts', 'h1 handles'],
  },
}

const ofRole = { 'roles/r/tasks/main.yml': JSON.stringify([say('says', '{{ ansible_role_name }}')]) }

const ROLE: Readonly<Record<string, Case>> = {
  role: {
    ...play({ roles: [{ role: 'r' }], tasks: [] }),
    files: ofRole,
    sees: seen => resultOf('says')(seen)?.msg,
    is: 'r',
  },
  name: {
    ...play({ roles: [{ name: 'r' }], tasks: [] }),
    files: ofRole,
    sees: seen => resultOf('says')(seen)?.msg,
    is: 'r',
  },
}

const broken = { name: 'breaks', command: 'false' }

const BLOCK: Readonly<Record<string, Case>> = {
  name: { ...task({ name: 'a block', block: [act('within')] }), sees: names, is: ['h1 within'] },
  block: { ...task({ block: [act('one'), act('two')], when: true }), sees: names, is: ['h1 one', 'h1 two'] },
  rescue: {
    ...task({ block: [broken, act('never')], rescue: [act('rescues')] }),
    sees: names,
    is: ['h1 breaks', 'h1 rescues'],
  },
  always: {
    ...task({ block: [broken], always: [act('in any case')] }, act('never')),
    sees: names,
    is: ['h1 breaks', 'h1 in any case'],
  },
  notify: {
    ...play({ tasks: [{ block: [act('within')], notify: 'handles' }], ...handler }),
    sees: names,
    is: ['h1 within', 'h1 handles'],
  },
}

/** Jobs keep their files in the host's own folder. */
const JOBS = { ansible_async_dir: '{{ dir }}/jobs' }

const TASK: Readonly<Record<string, Case>> = {
  name: { ...task(act('a name')), sees: names, is: ['h1 a name'] },
  action: {
    ...task({ name: 'acts', action: 'command echo hello' }),
    sees: seen => resultOf('acts')(seen)?.stdout,
    is: 'hello',
  },
  local_action: {
    ...task({ name: 'acts', local_action: { module: 'command', cmd: 'true' } }),
    sees: seen => seen.dials.map(({ name }) => name),
    is: ['localhost'],
  },
  args: {
    ...task({ name: 'acts', command: 'pwd', args: { chdir: '/usr' } }),
    sees: seen => resultOf('acts')(seen)?.stdout,
    is: '/usr',
  },
  loop: {
    ...task(
      { name: 'acts', command: 'echo {{ item }}', loop: [1, 2], register: 'all' },
      say('says', "{{ all.results | map(attribute='stdout') | join }}"),
    ),
    sees: seen => resultOf('says')(seen)?.msg,
    is: '12',
  },
  loop_control: {
    ...task({ name: 'acts', command: 'true', loop: [1, 2], loop_control: { label: 'number {{ item }}' } }),
    sees: ({ events }) => events.flatMap(event => (event.type === 'task.item' ? [event.item] : [])),
    is: ['number 1', 'number 2'],
  },
  register: {
    ...task({ command: 'echo hello', register: 'told' }, say('says', '{{ told.stdout }}')),
    sees: seen => resultOf('says')(seen)?.msg,
    is: 'hello',
  },
  notify: {
    ...play({ tasks: [act('acts', { notify: 'handles' }), act('later')], ...handler }),
    sees: names,
    is: ['h1 acts', 'h1 later', 'h1 handles'],
  },
  until: {
    ...task({
      name: 'counts',
      shell: 'echo x >>{{ dir }}/n; wc -l <{{ dir }}/n',
      register: 'n',
      until: "n.stdout | trim == '2'",
      delay: 0,
    }),
    sees: seen => resultOf('counts')(seen)?.attempts,
    is: 2,
  },
  retries: {
    ...task({ name: 'gives up', command: 'false', retries: 2, delay: 0 }),
    sees: ({ events }) => events.filter(event => event.type === 'task.retry').length,
    is: 2,
  },
  delay: {
    ...task({ name: 'gives up', command: 'false', retries: 1, delay: 7 }),
    sees: ({ events }) => events.flatMap(event => (event.type === 'task.retry' ? [event.delayS] : [])),
    is: [7],
  },
  changed_when: { ...task(act('acts', { changed_when: false })), sees: results, is: ['h1 acts: ok'] },
  failed_when: { ...task(act('acts', { failed_when: true })), sees: results, is: ['h1 acts: failed'] },
  async: {
    ...task({ name: 'takes long', command: 'sleep 3', async: 1, poll: 1, vars: JOBS }),
    sees: results,
    is: ['h1 takes long: failed'],
  },
  poll: {
    ...task({ name: 'begins', command: 'sleep 3', async: 10, poll: 0, vars: JOBS }),
    sees: seen => resultOf('begins')(seen)?.finished,
    is: false,
  },
}

const HANDLER: Readonly<Record<string, Case>> = {
  listen: {
    ...play({ tasks: [act('acts', { notify: 'a word' })], handlers: [act('handles', { listen: 'a word' })] }),
    sees: names,
    is: ['h1 acts', 'h1 handles'],
  },
}

/** Keywords with a test of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'play.fact_path': 'keywords.integration.ts',
  'play.gather_timeout': 'keywords.integration.ts',
  'play.validate_argspec': 'test/fixtures/broken/unsupported',
}

const CASES = { play: PLAY, role: ROLE, block: BLOCK, task: TASK, handler: HANDLER }
const table = Object.entries(CASES).flatMap(([place, cases]) =>
  Object.entries(cases).map(([name, one]) => [`${place}.${name}`, one] as const),
)

describe('the keywords of one place', () => {
  it('have a case each', () => {
    const named = [...table.map(([name]) => name), ...Object.keys(ELSEWHERE)]
    const known = (['play', 'role', 'block', 'task', 'handler'] as const).flatMap(place =>
      keywordsOf(place)
        .filter(name => !Object.hasOwn(SHARED_KEYWORDS, name))
        // What is asked for as a task may be a block, and a handler is a task.
        .map(
          name =>
            `${place === 'task' && Object.hasOwn(BLOCK, name) && !Object.hasOwn(TASK, name) ? 'block' : place}.${name}`,
        )
        .map(name => (named.includes(name) ? name : name.replace('handler.', 'task.'))),
    )
    expect([...new Set(known)].filter(name => !named.includes(name))).toEqual([])
    expect(named.filter(name => !known.includes(name))).toEqual([])
  })

  it.each(table)('%s has its effect', async (_name, { sees, is, ...scene }) => {
    expect(await watch(scene, sees)).toEqual(is)
  })
})
