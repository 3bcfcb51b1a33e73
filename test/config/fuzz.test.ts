import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CONFIG_CODES } from '../../src/config/codes.ts'
import { findKeyword, keywordsOf } from '../../src/config/keywords.ts'
import { loadPlaybooks } from '../../src/config/load-playbooks.ts'
import { aLoadOptions } from './load-options.ts'
import { memoryReader } from './memory-reader.ts'

const known: ReadonlySet<string> = new Set(CONFIG_CODES)

function expectOnlyProblems(files: Readonly<Record<string, string>>): void {
  const { problems } = loadPlaybooks(memoryReader(files), ['site.yml'], aLoadOptions())
  const strangers = problems.filter(
    ({ code, position }) => position === undefined || !(known.has(code) || /^(?:YAML|TEMPLATE)_/.test(code)),
  )
  expect(strangers).toEqual([])
}

const words = [
  ...keywordsOf('play'),
  ...keywordsOf('task'),
  ...keywordsOf('handler'),
  'with_items',
  'role',
  'import_playbook',
]
const modules = [
  'copy',
  'command',
  'debug',
  'import_tasks',
  'include_tasks',
  'import_role',
  'include_role',
  'meta',
  'assert',
  'set_fact',
]
const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    1.5,
    '',
    'a.yml',
    'b.yml',
    'x',
    'site.yml',
    'a=1 b="2',
    '{{ x }}',
    '{{',
    'x is defined',
    '{% if x %}',
  ),
  fc.string({ maxLength: 8 }),
  fc.integer(),
)
const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...words) },
  { weight: 3, arbitrary: fc.constantFrom(...modules) },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
)
const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
  ),
}))

/** Mostly well-formed, so that the loader gets deep: lists where keywords want lists. */
const task = fc
  .tuple(fc.constantFrom(...modules), value, fc.dictionary(key, value, { maxKeys: 3 }))
  .map(([module, args, rest]) => ({ ...rest, [module]: args }))
const play = fc.record({
  hosts: fc.constantFrom<unknown>('all', '', null),
  tasks: fc.array(task, { maxLength: 4 }),
  handlers: fc.array(task, { maxLength: 2 }),
})

describe('the loader, given anything,', () => {
  it('gives problems and never throws for random structures', () => {
    fc.assert(
      fc.property(
        fc.oneof(value, fc.array(play, { maxLength: 2 })),
        fc.array(task, { maxLength: 3 }),
        value,
        (site, a, b) => {
          expectOnlyProblems({
            'site.yml': JSON.stringify(site),
            'a.yml': JSON.stringify(a),
            'b.yml': JSON.stringify(b),
            'roles/x/tasks/main.yml': JSON.stringify(a),
            'roles/x/meta/main.yml': JSON.stringify(b),
            'roles/x/vars/main.yml': JSON.stringify(b),
          })
        },
      ),
      { numRuns: 400, interruptAfterTimeLimit: 8_000 },
    )
  }, 20_000)

  it('gives problems for a good playbook with random damage', () => {
    const good = [
      '- hosts: all',
      '  vars: {x: 1}',
      '  tasks:',
      '    - copy: src=a dest="/b c"',
      '      when: x is defined',
      '      notify: [again]',
      '    - import_tasks: a.yml',
      '      tags: a, b',
      '    - block:',
      '        - debug:',
      '            msg: "{{ x | default(1) }}"',
      '      rescue: []',
      '  handlers:',
      '    - name: again',
      '      command: ls',
      '',
    ].join('\n')
    const damage = fc.tuple(
      fc.nat(good.length),
      fc.nat(12),
      fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('\n', '- ', ': ', '{{', '"', '  ')),
    )
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), damages => {
        const site = damages.reduce(
          (text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut),
          good,
        )
        expectOnlyProblems({ 'site.yml': site, 'a.yml': '- ping:\n' })
      }),
      { numRuns: 400, interruptAfterTimeLimit: 8_000 },
    )
  }, 20_000)

  it('comes to an end whatever imports, includes and depends on whatever', () => {
    const name = fc.constantFrom('a', 'b', 'c')
    const link = fc.tuple(
      fc.constantFrom('import_tasks', 'include_tasks', 'import_role', 'include_role'),
      name,
    )
    const links = fc.array(link, { maxLength: 4 })
    const write = (list: [string, string][]) =>
      JSON.stringify(
        list.map(([how, to]) => (how.endsWith('tasks') ? { [how]: `/${to}.yml` } : { [how]: { name: to } })),
      )
    fc.assert(
      fc.property(
        fc.tuple(links, links, links, links),
        fc.array(fc.array(name, { maxLength: 3 }), { minLength: 3, maxLength: 3 }),
        (lists, needs) => {
          const files: Record<string, string> = {
            'site.yml': `- hosts: all\n  roles: [a, b, c]\n  tasks: ${write(lists[3])}\n`,
          }
          for (const [index, one] of ['a', 'b', 'c'].entries()) {
            files[`/${one}.yml`] = write(lists[index]!)
            files[`roles/${one}/tasks/main.yml`] = write(lists[index]!)
            files[`roles/${one}/meta/main.yml`] = JSON.stringify({ dependencies: needs[index] })
          }
          expectOnlyProblems(files)
        },
      ),
      { numRuns: 100, interruptAfterTimeLimit: 10_000 },
    )
  }, 30_000)

  it('stops counting tasks when imports double again and again', () => {
    const files: Record<string, string> = {
      'site.yml': '- hosts: all\n  tasks:\n    - import_tasks: t0.yml\n',
    }
    for (let level = 0; level < 30; level++) {
      files[`t${level}.yml`] = `- import_tasks: t${level + 1}.yml\n- import_tasks: t${level + 1}.yml\n`
    }
    files['t30.yml'] = '- ping:\n'
    const { problems } = loadPlaybooks(memoryReader(files), ['site.yml'], aLoadOptions())
    expect(problems.map(problem => problem.code)).toEqual(['CONFIG_TOO_MANY_TASKS'])
  }, 20_000)

  it('knows no keyword by a name of Object', () => {
    expect(['constructor', 'toString', '__proto__'].map(findKeyword)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
