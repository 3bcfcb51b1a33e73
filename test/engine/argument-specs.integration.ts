import { afterEach, describe, expect, it } from 'vitest'
import { type Stage, type Theatre, theatre } from './stage.ts'

let open: Theatre | null = null

const SPECS = `
argument_specs:
  main:
    short_description: what it takes
    options:
      width: { type: int, required: true, description: "like {{ this }}" }
      level: { choices: [low, high], default: low }
  install:
    options:
      version: { type: str, required: true }
`
const ROLE = {
  'roles/web/meta/argument_specs.yml': SPECS,
  'roles/web/tasks/main.yml':
    '- { name: works, debug: { msg: "{{ width }} {{ level | default(\'none\') }}" } }\n',
  'roles/web/tasks/install.yml': '- { name: installs, debug: { msg: "{{ version }}" } }\n',
}

function on(site: string, more: Partial<Stage> & { also?: Record<string, string> } = {}): Theatre {
  const { also, ...stage } = more
  open = theatre({ files: { ...ROLE, 'site.yml': site, ...also }, ...stage })
  return open
}

afterEach(() => {
  open?.close()
  open = null
})

const CHECK = "Validating arguments against arg spec 'main' - what it takes"

describe('argument_specs of a role', () => {
  it('are checked before its first task, whatever tags are asked for; defaults set nothing', async () => {
    const { events, results } = await on(
      '- hosts: all\n  roles: [{ role: web, width: "{{ 40 * 2 }}", tags: web }]\n',
      { options: { tags: ['web'] } },
    ).play()
    expect(results).toEqual([`h1 ${CHECK}: ok`, 'h1 works: ok'])
    expect(events.findLast(event => event.type === 'task.result')).toMatchObject({
      result: { msg: '80 none' },
    })
  })

  it('fail the host before the role does anything', async () => {
    const { events, results } = await on(
      '- hosts: all\n  vars: { width: "{{ \'x\' }}", level: "{{ \'mid\' }}" }\n  roles: [web]\n',
    ).play()
    expect(results).toEqual([`h1 ${CHECK}: failed`])
    const result = events.find(event => event.type === 'task.result')
    expect(result).toMatchObject({
      result: {
        argument_errors: [
          "argument 'width' is of type <class 'str'> and we were unable to convert to int: <class 'str'> cannot be converted to an int",
          'value of level must be one of: low, high, got: mid',
        ],
        validate_args_context: { type: 'role', name: 'web', argument_spec_name: 'main' },
      },
    })
  })

  it('belong to entry points, and rolespec_validate: false leaves them out', async () => {
    const { results } = await on(`
- hosts: all
  tasks:
    - import_role: { name: web, tasks_from: install.yml }
      vars: { version: 1 }
    - include_role: { name: web, tasks_from: install, rolespec_validate: false }
      vars: { version: 2 }
    - include_role: { name: web, tasks_from: install }
`).play()
    const check = "Validating arguments against arg spec 'install"
    expect(results).toEqual([
      `h1 ${check}.yml': ok`,
      'h1 installs: ok',
      'h1 installs: ok',
      `h1 ${check}': failed`,
    ])
  })

  it.each([
    ['an entry of roles', 'roles: [{ role: web, width: many }]'],
    ['an import', 'tasks: [{ import_role: { name: web }, vars: { width: 80, level: mid } }]'],
    ['an include', 'tasks: [{ include_role: { name: web }, vars: { width: [] } }]'],
  ])('refuse a plain value of %s before anything runs', async (_what, text) => {
    const played = on(`- hosts: all\n  ${text}\n`).play()
    await expect(played).rejects.toMatchObject({ problems: [{ code: 'CONFIG_ROLE_ARGUMENT' }] })
  })

  it('may stand in meta/main.yml; a type that is none is an error', async () => {
    const also = {
      'roles/web/meta/main.yml': 'argument_specs: { main: { options: { width: { type: number } } } }\n',
    }
    const stage = on('- hosts: all\n  roles: [{ role: web, width: 80 }]\n', { also })
    // meta/argument_specs.yml is stronger.
    expect((await stage.play()).results).toHaveLength(2)
    const files = { 'roles/web/meta/argument_specs.yml': SPECS.replace('type: int', 'type: number') }
    await expect(stage.play({ files })).rejects.toMatchObject({ problems: [{ code: 'CONFIG_WRONG_TYPE' }] })
  })
})

it('validate_argument_spec is a module as well', async () => {
  const { results } = await on(`
- hosts: all
  vars: { given: 3 }
  tasks:
    - name: holds
      validate_argument_spec: { argument_spec: { given: { type: int }, other: { required: true } }, provided_arguments: { other: 1 } }
    - name: does not hold
      validate_argument_spec: { argument_spec: { given: { type: list, elements: bool } } }
      register: checked
      ignore_errors: true
    - name: says why
      assert: { that: "checked.argument_errors | length == 1 and checked.msg is search('Validation of arguments failed')" }
`).play()
  expect(results).toEqual(['h1 holds: ok', 'h1 does not hold: ignored', 'h1 says why: ok'])
})
