import { afterEach, describe, expect, it } from 'vitest'
import { type Stage, type Theatre, theatre } from './stage.ts'

let open: Theatre | null = null

function on(site: string, more: Partial<Stage> & { also?: Record<string, string> } = {}): Theatre {
  const { also, ...stage } = more
  open = theatre({ files: { 'site.yml': site, ...also }, ...stage })
  return open
}

afterEach(() => {
  open?.close()
  open = null
})

const ROLES = {
  'roles/common/tasks/main.yml': '- name: common\n  command: "true"\n',
  'roles/web/tasks/main.yml': '- name: web\n  command: "true"\n',
  'roles/db/tasks/main.yml': '- name: db\n  command: "true"\n',
  'roles/web/meta/main.yml': 'dependencies: [common]\n',
  'roles/db/meta/main.yml': 'dependencies: [common]\n',
}

describe('a role', () => {
  it.each([
    ['once although two roles need it', '[web, db]', [], 'common web db'],
    [
      'once although their users have keywords',
      '[{role: web, tags: a}, {role: db, tags: b}]',
      [],
      'common web db',
    ],
    [
      'where its first use was left out by tags',
      '[{role: web, tags: a}, {role: db, tags: b}]',
      ['b'],
      'common db',
    ],
    [
      'where the condition of its first use did not hold',
      '[{role: web, when: false}, web]',
      [],
      'common web',
    ],
    ['again with other parameters', '[{role: web, x: 1}, {role: web, x: 2}]', [], 'common web web'],
    ['once when listed twice', '[common, web, web]', [], 'common web'],
  ])('runs %s', async (_fact, roles, tags, expected) => {
    const { results } = await on(`\n- hosts: all\n  roles: ${roles}\n`, {
      also: ROLES,
      options: { tags },
    }).play()
    const ran = results
      .filter(line => !line.endsWith('skipped'))
      .map(line => line.split(' ')[1]?.slice(0, -1))
    expect(ran.join(' ')).toBe(expected)
  })

  it('runs again where it allows duplicates', async () => {
    const also = { ...ROLES, 'roles/common/meta/main.yml': 'allow_duplicates: true\n' }
    const { results } = await on('\n- hosts: all\n  roles: [web, db]\n', { also }).play()
    expect(results.map(line => line.split(' ')[1])).toEqual(['common:', 'web:', 'common:', 'db:'])
  })

  it('that is imported shows its defaults to the whole play, one that is included does not', async () => {
    const site = (how: string) => `
- hosts: all
  tasks:
    - { name: before, set_fact: { before: "{{ port_of_web | default('none') }}" } }
    - ${how}: { name: web }
    - { name: after, assert: { that: "before ~ (port_of_web | default('none')) == wanted" } }
`
    const also = { ...ROLES, 'roles/web/defaults/main.yml': 'port_of_web: 80\n' }
    const stage = on(site('import_role'), { also, options: { extraVars: { wanted: '8080' } } })
    expect((await stage.play()).results.at(-1)).toBe('h1 after: ok')
    const files = { 'site.yml': site('include_role') }
    const { results } = await stage.play({ files, options: { extraVars: { wanted: 'nonenone' } } })
    expect(results.at(-1)).toBe('h1 after: ok')
  })
})

describe('meta: end_role', () => {
  const also = {
    'roles/web/tasks/main.yml': `
- { name: begins, command: "true" }
- block:
    - include_tasks: more.yml
    - { name: after it, command: "true" }
  always:
    - { name: always, command: "true" }
- { name: last, command: "true", when: inventory_hostname == 'h2' }
`,
    'roles/web/tasks/more.yml': `
- meta: end_role
  when: inventory_hostname == 'h1'
- { name: never, command: "true" }
`,
  }

  it.each(['roles: [web]', 'tasks: [{ include_role: { name: web } }]'])(
    'leaves the role, and nothing else (%s)',
    async how => {
      const site = `- hosts: all\n  ${how}\n  post_tasks: [{ name: goes on, command: "true" }]\n`
      const { results } = await on(site, { also, hosts: ['h1', 'h2'] }).play()
      const of = (host: string) =>
        results.filter(line => line.startsWith(host)).map(line => line.slice(3, -9))
      expect(of('h1')).toEqual(['begins', 'goes on'])
      expect(of('h2')).toEqual(['begins', 'never', 'after it', 'always', 'last', 'goes on'])
    },
  )

  it.each(['tasks: [{ meta: end_role }]', 'handlers: [{ name: h, meta: end_role }]'])(
    'is an error outside of a role (%s)',
    async text => {
      const played = on(`- hosts: all\n  ${text}\n`).play()
      await expect(played).rejects.toMatchObject({ problems: [{ code: 'CONFIG_KEYWORD_NOT_HERE' }] })
    },
  )
})

it('allow_duplicates: false keeps an included role from a host where it has run', async () => {
  const also = { 'roles/web/tasks/main.yml': '- { name: works, command: "true" }\n' }
  const { results } = await on(
    `
- hosts: all
  tasks:
    - include_role: { name: web, allow_duplicates: false }
    - import_role: { name: web, allow_duplicates: false }
    - include_role: { name: web }
`,
    { also },
  ).play()
  expect(results).toEqual(['h1 works: changed', 'h1 works: changed'])
})
