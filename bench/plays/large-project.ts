/** A project as grown ones are: roles with defaults, handlers and templates, groups with variables, hundreds of hosts. */
import { stringify } from 'yaml'
import type { ProjectFiles } from '../kit/project.ts'

export interface LargeShape {
  readonly roles: number
  readonly tasks: number
  readonly hosts: number
}

const GROUPS = 20

/** With an inventory of its own, as `inventory.yml` and group_vars beside the play. */
export function largeProject({ roles, tasks, hosts }: LargeShape): ProjectFiles {
  const names = Array.from({ length: roles }, (_, at) => `role${at}`)
  const files = Object.assign(
    {},
    ...names.map((name, at) =>
      role(name, Math.floor(((at + 1) * tasks) / roles) - Math.floor((at * tasks) / roles)),
    ),
  )
  return {
    plays: [{ name: 'Everything', hosts: 'all', gather_facts: false, roles: names }],
    files: { ...files, ...inventory(hosts) },
  }
}

function role(name: string, tasks: number): Record<string, string> {
  const list = Array.from({ length: tasks }, (_, at) => task(name, at))
  const defaults = Object.fromEntries(
    Array.from({ length: 15 }, (_, at) => [`${name}_setting${at}`, `value ${at} of {{ region }}`]),
  )
  return {
    [`roles/${name}/tasks/main.yml`]: stringify(list),
    [`roles/${name}/defaults/main.yml`]: stringify({ ...defaults, [`${name}_on`]: true }),
    [`roles/${name}/handlers/main.yml`]: stringify([
      { name: `Restart ${name}`, service: { name, state: 'restarted' } },
    ]),
    [`roles/${name}/templates/${name}.conf.j2`]: `# {{ ${name}_setting0 }}\n`.repeat(20),
  }
}

function task(role: string, at: number): object {
  const name = `Task ${at} of ${role}`
  const kinds = [
    { file: { path: `/etc/${role}/part${at}`, state: 'directory', mode: '0755' } },
    {
      template: { src: `${role}.conf.j2`, dest: `/etc/${role}/conf${at}`, mode: '0644' },
      notify: `Restart ${role}`,
    },
    { apt: { name: [`${role}-server`, `${role}-tools`], state: 'present' }, when: `${role}_on | bool` },
    { copy: { dest: `/etc/${role}/text${at}`, content: `{{ ${role}_setting1 }}\n` }, tags: ['text', role] },
    { lineinfile: { path: `/etc/${role}/lines`, regexp: '^key=', line: `key={{ ${role}_setting2 }}` } },
    { service: { name: role, state: 'started', enabled: true } },
    { command: { cmd: `${role}-check --quiet` }, register: `${role}_checked`, changed_when: false },
  ]
  return { name, ...kinds[at % kinds.length] }
}

function inventory(hosts: number): Record<string, string> {
  const groups = Object.fromEntries(
    Array.from({ length: GROUPS }, (_, group) => [
      `group${group}`,
      {
        hosts: Object.fromEntries(
          Array.from({ length: hosts }, (_, host) => host)
            .filter(host => host % GROUPS === group)
            .map(host => [
              `host${host}.example.org`,
              { ansible_host: `192.0.2.${host % 250}`, number: host },
            ]),
        ),
      },
    ]),
  )
  const vars = Array.from({ length: GROUPS }, (_, group) => [
    `group_vars/group${group}.yml`,
    stringify({
      region: `region ${group}`,
      limits: { files: 1024 * group, processes: 64 },
      names: ['a', 'b', 'c'],
    }),
  ])
  return { 'inventory.yml': stringify({ all: { children: groups } }), ...Object.fromEntries(vars) }
}
