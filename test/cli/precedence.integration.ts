/** Each of Ansible's levels of variables against the one below it, and against all that are below it. */
import { afterEach, describe, expect, it } from 'vitest'
import { VARIABLE_LEVELS, type VariableLevel } from '../../src/inventory/precedence.ts'
import { aPlace, type Place } from './io.ts'

/** Weakest first, as Ansible's documentation has them. */
const LEVELS = [
  'role defaults',
  'inventory vars of all',
  'inventory vars of a group',
  'inventory group_vars/all',
  'playbook group_vars/all',
  'inventory group_vars',
  'playbook group_vars',
  'inventory vars of the host',
  'inventory host_vars',
  'playbook host_vars',
  'facts',
  'play vars',
  'play vars_prompt',
  'play vars_files',
  'role vars',
  'block vars',
  'task vars',
  'include_vars',
  'set_fact or registered',
  'role params',
  'include params',
  'extra vars',
] as const satisfies readonly VariableLevel[]

/** A variable that a module gives as a fact too. */
const NAME = 'getent_group'

let place: Place | null = null

afterEach(() => {
  place?.remove()
  place = null
})

/** A project in which the variable is set at these levels and at no other, each time to the name of the level. */
function projectFiles(levels: readonly VariableLevel[]): Record<string, string> {
  const at = (level: VariableLevel, text: string) => (levels.includes(level) ? text : '')
  const line = (level: VariableLevel) => at(level, `${NAME}: ${level}\n`)
  const vars = (level: VariableLevel, indent: string) => at(level, `${indent}vars: { ${NAME}: ${level} }\n`)
  const files: Record<string, string> = {
    'inventory/hosts.yml': [
      'all:\n  hosts: { h1: { ansible_connection: local } }\n',
      vars('inventory vars of all', '  '),
      '  children:\n    web:\n      hosts:\n        h1:\n',
      at('inventory vars of the host', `          ${NAME}: inventory vars of the host\n`),
      vars('inventory vars of a group', '      '),
    ].join(''),
    'inventory/group_vars/all.yml': line('inventory group_vars/all'),
    'playbooks/group_vars/all.yml': line('playbook group_vars/all'),
    'inventory/group_vars/web.yml': line('inventory group_vars'),
    'playbooks/group_vars/web.yml': line('playbook group_vars'),
    'inventory/host_vars/h1.yml': line('inventory host_vars'),
    'playbooks/host_vars/h1.yml': line('playbook host_vars'),
    'playbooks/site.yml': [
      '- hosts: web\n  gather_facts: false\n',
      vars('play vars', '  '),
      at(
        'play vars_prompt',
        `  vars_prompt: [{ name: ${NAME}, default: play vars_prompt, private: false }]\n`,
      ),
      at('play vars_files', '  vars_files: [from-file.yml]\n'),
      `  roles: [{ role: r${at('role params', `, ${NAME}: role params`)} }]\n`,
    ].join(''),
    'playbooks/from-file.yml': line('play vars_files'),
    'roles/r/defaults/main.yml': line('role defaults'),
    'roles/r/vars/main.yml': line('role vars'),
    'roles/r/vars/included.yml': line('include_vars'),
    'roles/r/tasks/main.yml': [
      at('facts', '- getent: { database: group, key: root }\n'),
      at('include_vars', '- include_vars: included.yml\n'),
      at('set_fact or registered', `- set_fact: { ${NAME}: set_fact or registered }\n`),
      '- include_tasks: look.yml\n',
      vars('include params', '  '),
    ].join(''),
    'roles/r/tasks/look.yml': [
      '- block:\n',
      `    - debug: { msg: "won: {{ 'facts' if ${NAME} is mapping else ${NAME} }}." }\n`,
      vars('task vars', '      '),
      vars('block vars', '  '),
    ].join(''),
  }
  return Object.fromEntries(Object.entries(files).filter(([, text]) => text !== ''))
}

async function winner(levels: readonly VariableLevel[]): Promise<string> {
  place = aPlace(projectFiles(levels))
  const extra = levels.includes('extra vars') ? ['-e', `{"${NAME}": "extra vars"}`] : []
  const { code, out, err } = await place.run(['run', 'playbooks/site.yml', '-i', 'inventory', ...extra])
  expect([code, err]).toEqual([0, ''])
  return /won: (.*)\./.exec(out)?.[1] ?? out
}

const pairs = LEVELS.slice(1).map((level, index) => [level, LEVELS[index]!] as const)

describe('of the 22 levels of variables', () => {
  it('none is left out', () => {
    expect(LEVELS).toEqual(VARIABLE_LEVELS)
  })

  it.each(pairs)('%s is stronger than %s', async (level, weaker) => {
    expect(await winner([weaker, level])).toBe(level)
  })

  it.each(LEVELS)('%s is stronger than all below it', async level => {
    expect(await winner(LEVELS.slice(0, LEVELS.indexOf(level) + 1))).toBe(level)
  })
})
