/** Random plays over a few paths full of links, and the tree they leave, for comparing two ways of running them. */
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'

/** Few, so that tasks meet; `a` and `b` begin as folders. */
const NAMES = ['a', 'b', 'a/x', 'a/y', 'b/x', 'a/x/z']
const where = fc.constantFrom(...NAMES)
const mode = fc.constantFrom('0755', '0700', '0600', '0644')

/** One task as YAML flow, without its name and register. `D` stands for the folder on the host. */
const fileTask = fc.oneof(
  fc.tuple(where, mode).map(([at, bits]) => `file: { path: "D/${at}", state: directory, mode: "${bits}" }`),
  where.map(at => `file: { path: "D/${at}", state: absent }`),
  fc
    .tuple(where, where)
    .map(([at, to]) => `file: { path: "D/${at}", src: "D/${to}", state: link, force: true, follow: false }`),
  fc
    .tuple(where, fc.constantFrom('one', 'two'))
    .map(([at, text]) => `copy: { content: "${text}", dest: "D/${at}", follow: false }`),
  fc.tuple(where, mode).map(([at, bits]) => `file: { path: "D/${at}", mode: "${bits}" }`),
  where.map(at => `stat: { path: "D/${at}" }`),
  fc
    .tuple(where, fc.constantFrom('one', 'two', 'three'))
    .map(([at, line]) => `lineinfile: { path: "D/${at}", line: "${line}", create: true }`),
  fc
    .tuple(where, fc.constantFrom('p', 'q'))
    .map(([at, text]) => `blockinfile: { path: "D/${at}", block: "${text}", create: true }`),
  fc
    .tuple(where, where, mode)
    .map(
      ([one, two, bits]) =>
        `copy: { content: "{{ item }}", dest: "D/{{ item }}", mode: "${bits}", follow: false }\n      loop: [${one}, ${two}, ${one}]`,
    ),
)

const commandTask = fc.oneof(
  fc.tuple(where, where).map(([at, to]) => `shell: "mv -f D/${at} D/${to}"`),
  fc.tuple(where, where).map(([at, to]) => `shell: "ln -f D/${at} D/${to}"`),
  fc.tuple(where, where).map(([at, to]) => `shell: "ln -sfn D/${at} D/${to}"`),
  where.map(at => `shell: "rm -rf D/${at}"`),
  where.map(at => `shell: "cat D/${at}"\n      changed_when: false`),
  where.map(at => `shell: "test ! -e D/${at}"\n      failed_when: false`),
  where.map(at => `command: { cmd: "touch D/${at}", creates: "D/${at}" }`),
  fc.constantFrom('a', 'b').map(at => `command: { cmd: "ls -R .", chdir: "D/${at}" }`),
)

const factTask = fc.oneof(
  where.map(at => `set_fact: { last: "${at}" }`),
  fc.constant(`copy: { content: "{{ last | default('none') }}", dest: "D/a/y", follow: false }`),
  fc.constant('assert: { that: "last is defined" }'),
)
const START = [
  'file: { path: "D/a", state: directory }',
  'file: { path: "D/b", state: directory }',
  'copy: { content: "zero", dest: "D/a/x" }',
]

export interface RandomTask {
  readonly text: string
  /** Runs only when the task before it changed something, or did not. */
  readonly when: 'always' | 'changed' | 'unchanged'
}

const WHEN = ['always', 'always', 'always', 'changed', 'unchanged'] as const

function tasksOf(text: fc.Arbitrary<string>): fc.Arbitrary<RandomTask[]> {
  return fc.array(fc.record({ text, when: fc.constantFrom(...WHEN) }), { minLength: 5, maxLength: 18 })
}

export const randomTasks = tasksOf(
  fc.oneof(
    { arbitrary: fileTask, weight: 9 },
    { arbitrary: commandTask, weight: 8 },
    { arbitrary: factTask, weight: 3 },
  ),
)

/** What a dry run can tell all of: nothing in it is known to programs alone. */
export const randomFileTasks = tasksOf(fileTask)

/** `between`: a task put before each, e.g. one that makes the engine forget what it has seen. */
export function playbook(tasks: readonly RandomTask[], between: string | null): string {
  const forget = between === null ? [] : [`    - ${between}`]
  const start = START.flatMap(text => [...forget, `    - ${text.replaceAll('D/', '{{ dir }}/')}`])
  const lines = tasks.flatMap(({ text, when }, index) => {
    const condition =
      when === 'always' || index === 0
        ? ''
        : `\n      when: r${index - 1} is ${when === 'changed' ? 'changed' : 'not changed'}`
    const own = `    - name: t${index}\n      ${text.replaceAll('D/', '{{ dir }}/')}\n      register: r${index}\n      ignore_errors: true${condition}`
    return [...forget, own]
  })
  return `- hosts: all\n  tasks:\n${[...start, ...lines].join('\n')}\n`
}

/** Every path below with type, mode and content; link targets without the folder's own name. */
export function tree(root: string, under = ''): string[] {
  return readdirSync(path.join(root, under))
    .sort()
    .flatMap(name => {
      const at = path.join(under, name)
      const stat = lstatSync(path.join(root, at))
      const bits = (stat.mode & 0o7777).toString(8)
      if (stat.isSymbolicLink())
        return [`${at} -> ${readlinkSync(path.join(root, at)).replaceAll(root, 'D')}`]
      if (stat.isDirectory()) return [`${at}/ ${bits}`, ...tree(root, at)]
      return [`${at} ${bits} ${readFileSync(path.join(root, at), 'utf8')}`]
    })
}
