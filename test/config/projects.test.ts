import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { Template } from '../../src/base/value.ts'
import { loadPlaybooks } from '../../src/config/load-playbooks.ts'
import type { Block, Include, Node, Play, Task } from '../../src/config/model.ts'
import { projectFiles } from '../../src/files/project-files.ts'
import { aLoadOptions } from './load-options.ts'

const PROJECTS = path.resolve(import.meta.dirname, '../fixtures/projects')

function load(project: string, file: string) {
  const options = aLoadOptions({ shippedRoles: 'shipped' })
  return loadPlaybooks(projectFiles(path.join(PROJECTS, project)), [file], options)
}

function playOf(project: string, file: string): Play {
  const { playbooks, problems } = load(project, file)
  expect(problems).toEqual([])
  return playbooks[0]!.plays[0]!
}

const asTask = (node: Node | undefined) => node as Task
const asBlock = (node: Node | undefined) => node as Block
const asInclude = (node: Node | undefined) => node as Include
const source = (value: unknown) => (value as Template).source

describe('a play with every keyword', () => {
  const play = playOf('keywords', 'playbooks/site.yml')

  it('keeps what plays alone have', () => {
    expect(play).toMatchObject({
      name: 'Every keyword of a play',
      hosts: 'web:!old',
      gatherFacts: true,
      gatherSubset: ['min', 'network'],
      serial: [1, '30%'],
      strategy: 'linear',
      order: 'sorted',
      maxFailPercentage: 20,
      forceHandlers: true,
      varsFiles: ['../vars/common.yml', ['../vars/missing.yml', '../vars/other.yml']],
      directory: 'playbooks',
      file: 'playbooks/site.yml',
      position: { file: 'playbooks/site.yml', line: 2, column: 3 },
    })
  })

  it('keeps what it shares with its tasks', () => {
    expect(play).toMatchObject({
      anyErrorsFatal: false,
      become: true,
      becomeUser: 'root',
      becomeMethod: 'sudo',
      remoteUser: 'deploy',
      port: 2222,
      connection: 'ssh',
      checkMode: false,
      diff: true,
      noLog: false,
      ignoreErrors: false,
      ignoreUnreachable: false,
      runOnce: false,
      throttle: 2,
      timeout: 60,
      debugger: 'never',
      collections: ['community.general'],
      environment: { LANG: 'C.UTF-8' },
      moduleDefaults: { file: { mode: '0644' } },
      tags: ['base', 'always'],
      vars: { release: '1.4' },
    })
  })

  it('settles the defaults of prompts', () => {
    expect(play.varsPrompt).toMatchObject([
      { name: 'token', prompt: 'Token of the registry', private: true, confirm: false, default: undefined },
      { name: 'comment', prompt: 'Comment', private: false, confirm: true, default: 'none given' },
    ])
  })

  it('puts the sections in their places', () => {
    expect(play.preTasks).toHaveLength(1)
    expect(play.roles.map(block => block.use?.role.path)).toEqual(['playbooks/roles/plain'])
    expect(play.tasks).toHaveLength(6)
    expect(play.postTasks).toHaveLength(1)
  })

  it('makes handlers flat, with the conditions of their import', () => {
    expect(play.handlers.map(handler => handler.name)).toEqual([
      'restart web',
      'Reload web server',
      'restart db',
    ])
    expect(play.handlers[1]!.listen).toEqual(['Reload all', 'reload web'])
    expect(play.handlers[2]!.when).toEqual(['release is defined', 'other == 1'])
    expect(play.handlers[2]!.directory).toBe('tasks')
  })
})

describe('a task with every keyword', () => {
  const { tasks } = playOf('keywords', 'playbooks/site.yml')
  const task = asTask(tasks[0])

  it('knows its module and its arguments', () => {
    expect(task).toMatchObject({
      kind: 'task',
      id: 'playbooks/site.yml:54:7',
      name: 'Every keyword of a task',
      module: 'command',
      args: { chdir: '/srv', creates: '/srv/done' },
      argPositions: { chdir: { line: 57, column: 16 } },
    })
    expect(source(task.freeText)).toBe('ls {{ item.path }}')
  })

  it('keeps what it shares with plays and blocks', () => {
    expect(task).toMatchObject({
      vars: { colour: 'blue' },
      environment: { PATH: '/usr/bin' },
      become: true,
      becomeUser: 'app',
      becomeMethod: 'su',
      remoteUser: 'other',
      port: 22,
      connection: 'local',
      checkMode: true,
      diff: false,
      ignoreErrors: true,
      ignoreUnreachable: true,
      anyErrorsFatal: true,
      runOnce: true,
      throttle: 1,
      timeout: 30,
      debugger: 'never',
      collections: ['ansible.posix'],
      moduleDefaults: { command: { chdir: '/tmp' } },
      delegateTo: 'localhost',
      delegateFacts: true,
      when: ['release is defined', "colour == 'blue'"],
      tags: ['one', 'two'],
    })
    expect(source(task.noLog)).toBe('{{ hidden | default(false) }}')
  })

  it('keeps what tasks alone have', () => {
    expect(task).toMatchObject({
      register: 'listing',
      until: ['listing.rc == 0'],
      retries: 3,
      delay: 1.5,
      changedWhen: [false],
      failedWhen: ['listing.rc != 0', "'gone' not in listing.stderr"],
      notify: ['restart web', 'Reload all'],
      listen: [],
      async: 60,
      poll: 5,
      use: undefined,
      directory: 'playbooks',
    })
  })

  it('keeps the loop and its control', () => {
    expect(task.loop).toMatchObject({
      kind: 'loop',
      control: {
        loopVar: 'item',
        indexVar: 'number',
        pause: 2,
        extended: true,
        breakWhen: ["item.path == '/end'"],
      },
    })
    expect(asTask(tasks[1]).loop).toMatchObject({ kind: { lookup: 'items' }, value: ['a', 'b'] })
  })

  it('follows anchors and merge keys', () => {
    expect(asTask(tasks[1]).vars).toEqual({ colour: 'blue' })
  })

  it('reads local_action and action', () => {
    expect(asTask(tasks[2])).toMatchObject({ module: 'command', freeText: 'uptime', delegateTo: 'localhost' })
    expect(asTask(tasks[3])).toMatchObject({ module: 'copy', args: { content: 'text', dest: '/etc/motd' } })
    expect(asTask(tasks[4])).toMatchObject({ module: 'meta', freeText: 'flush_handlers' })
  })

  it('hands the notify of a block to its tasks', () => {
    const block = asBlock(tasks[5])
    expect(block).toMatchObject({
      kind: 'block',
      name: 'Block',
      when: ['release == "1.4"'],
      tags: ['blocked'],
    })
    expect(asTask(block.block[0])).toMatchObject({ module: 'shell', notify: ['restart web'] })
    expect(asTask(block.block[0]).freeText).toBe("echo it's fine\necho done\n")
    expect(asTask(block.rescue[0]).args).toEqual({ msg: 'rescued' })
    expect(asTask(block.always[0]).args).toEqual({ var: 'release' })
  })
})

describe('roles', () => {
  const play = playOf('roles', 'playbooks/site.yml')
  const front = play.roles[1]!

  it('gives the keywords of import_playbook to the plays', () => {
    expect(play).toMatchObject({ when: ['site_enabled'], tags: ['web', 'play'], file: 'playbooks/web.yml' })
    expect(play.vars).toEqual({ origin: 'imported', site_enabled: true })
  })

  it('puts dependencies before the role, under its conditions, tags and parameters', () => {
    const [around] = play.roles
    expect(around).toMatchObject({ tags: ['front'], when: ['web_port > 1024'], use: undefined })
    expect(around!.vars).toEqual({ web_user: 'www', web_port: 8080 })
    const uses = around!.block.map(node => asBlock(node).use!)
    expect(uses.map(use => use.role.name)).toEqual(['base', 'base'])
    expect(uses.map(use => use.params)).toEqual([{ base_level: 2 }, {}])
    expect(uses[0]!.role.allowDuplicates).toBe(true)
  })

  it('shares one role between all its uses', () => {
    const [first, second] = play.roles[0]!.block.map(node => asBlock(node).use!.role)
    expect(first).toBe(second)
  })

  it('lays the files of a defaults directory over each other', () => {
    const { role } = front.use!
    expect(role.defaults).toMatchObject({ web_port: 81, web_user: 'root' })
    expect(role.vars).toEqual({ web_service: 'nginx' })
    expect(role.argumentSpecs.get('main')?.options).toEqual({ web_port: { type: 'int', required: true } })
    expect(role.dependencies).toHaveLength(2)
  })

  it('ties the tasks to the use of the role', () => {
    expect(front.use).toMatchObject({
      params: { web_port: 8080 },
      vars: { web_user: 'www' },
      tasksFrom: 'main',
    })
    const [spec, configuration, imported] = front.block
    expect(asTask(spec)).toMatchObject({ module: 'validate_argument_spec', use: front.use, tags: ['always'] })
    expect(asTask(configuration)).toMatchObject({ use: front.use, directory: 'roles/web/tasks' })
    expect(asTask(asBlock(imported).block[0])).toMatchObject({ module: 'file', use: front.use })
  })

  it('prefers the project’s role to the one that comes along', () => {
    expect(play.roles[2]!.use!.role.path).toBe('roles/monitor')
  })

  it('resolves import_role with other files', () => {
    const around = asBlock(play.tasks[0])
    expect(around).toMatchObject({ tags: ['app'], vars: { app_name: 'shop' } })
    const { use } = asBlock(around.block[0])
    expect(use).toMatchObject({ tasksFrom: 'install', varsFrom: 'big', defaultsFrom: 'main' })
    expect(use!.role.vars).toEqual({ app_size: 'big' })
  })

  it('collects the handlers of roles, dependencies and imported roles', () => {
    const names = play.handlers.map(handler => `${handler.use?.role.name}: ${String(handler.name)}`)
    expect(names).toEqual(['base: base changed', 'base: base changed', 'web: restart', 'app: app installed'])
  })

  it('finds files of nested imports beside the importing file', () => {
    const extra = asBlock(play.tasks[1])
    const deeper = asBlock(extra.block[0])
    expect(deeper.when).toEqual(["origin == 'imported'"])
    expect(deeper.block.map(node => node.directory)).toEqual(['playbooks/deeper', 'playbooks/deeper'])
  })

  it('leaves includes to the engine', () => {
    expect(asInclude(play.tasks[2])).toMatchObject({
      kind: 'include',
      what: 'role',
      name: 'Later',
      target: 'app',
      options: { public: true },
      apply: { become: true, tags: ['later'] },
      register: 'outcome',
      loop: { kind: 'loop', value: [1, 2], control: { loopVar: 'round' } },
    })
    const dynamic = asInclude(play.tasks[3])
    expect(dynamic.what).toBe('tasks')
    expect(source(dynamic.target)).toBe('{{ ansible_facts.os_family | lower }}.yml')
  })

  it('gives every task an id of its own', () => {
    const ids = [...play.roles, ...play.tasks].flatMap(idsOf).concat(play.handlers.map(handler => handler.id))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThan(10)
  })

  it('gives the same ids when loaded again', () => {
    const again = playOf('roles', 'playbooks/site.yml')
    expect([...again.roles, ...again.tasks].flatMap(idsOf)).toEqual(
      [...play.roles, ...play.tasks].flatMap(idsOf),
    )
  })
})

function idsOf(node: Node): string[] {
  if (node.kind !== 'block') return [node.id]
  return [...node.block, ...node.rescue, ...node.always].flatMap(idsOf)
}

describe('short forms', () => {
  const tasks = playOf('short-forms', 'site.yml').tasks.map(asTask)

  it.each([
    [0, 'copy', { src: 'a.txt', dest: '/tmp/with blank', mode: '0644' }],
    [1, 'timezone', { name: 'UTC' }],
    [2, 'sysctl', { name: 'vm.swappiness', value: 1 }],
    [3, 'docker_container', { name: 'web', image: 'web:1' }],
    [4, 'command', { creates: '/tmp/x' }],
    [5, 'shell', {}],
    [6, 'file', { path: '/tmp/d', state: 'directory' }],
    [7, 'script', {}],
    [9, 'add_host', { name: 'new', groups: ['made'] }],
    [14, 'ping', {}],
    [15, 'command', { argv: ['ls', '-l'] }],
  ])('reads task %i as %s', (index, module, args) => {
    expect(tasks[index]).toMatchObject({ module })
    expect(tasks[index]!.args).toEqual(args)
  })

  it.each([
    [4, 'echo "a b" key=value'],
    [5, "cat <<'END'\n  don't\nEND\n"],
    [7, 'run.sh --now'],
    [12, 'extra.yml'],
  ])('keeps the free text of task %i', (index, text) => {
    expect(tasks[index]!.freeText).toBe(text)
  })

  it('keeps templates in pairs as templates with a place', () => {
    const { size, colour } = tasks[8]!.args
    expect(size).toEqual(new Template('{{ 1 + 1 }}', { file: 'site.yml', line: 11, column: 22 }))
    expect(colour).toBe('dark blue')
  })

  it('takes tags with commas and single conditions', () => {
    expect(tasks[14]).toMatchObject({
      tags: ['a', 'b'],
      when: ['from_extra and not (missing | default(false))'],
    })
    expect(tasks[11]!.when).toEqual([true])
  })
})
