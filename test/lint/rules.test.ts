import { describe, expect, it } from 'vitest'
import { RULES } from '../../src/lint/rules/index.ts'
import { manifest } from '../manifest/a-service.ts'
import { ids, lint, playWith } from './linted.ts'

/** Each rule with a task it objects to and a task it leaves alone. */
const TASKS: readonly (readonly [string, string, string])[] = [
  [
    'command-instead-of-module',
    'command: systemctl restart nginx\nchanged_when: true',
    'command: systemctl is-active nginx\nchanged_when: false',
  ],
  [
    'command-instead-of-module',
    'shell: "/usr/bin/apt-get -y install {{ inventory_hostname }} > x"\nchanged_when: true',
    'command: myprog apt-get\nchanged_when: true',
  ],
  [
    'command-instead-of-module',
    'command: sed -i s/a/b/ /etc/x\nchanged_when: true',
    'command: sed -n 1p /etc/x\nchanged_when: false',
  ],
  [
    'command-instead-of-module',
    'command:\n  argv: [mkdir, /x]\nchanged_when: true',
    'command:\n  argv: [git, describe]\nchanged_when: false',
  ],
  [
    'shell-instead-of-command',
    'shell: backup --now\nchanged_when: true',
    'shell: backup --now > /tmp/log\nchanged_when: true',
  ],
  [
    'shell-instead-of-command',
    'shell: "backup {{ inventory_hostname | upper }}"\nchanged_when: true',
    'shell: backup $HOME\nchanged_when: true',
  ],
  [
    'pipe-without-pipefail',
    'shell: dump | gzip > x\nchanged_when: true',
    'shell: |\n  set -o pipefail\n  dump | gzip > x\nargs: { executable: /bin/bash }\nchanged_when: true',
  ],
  [
    'pipe-without-pipefail',
    'shell: dump | gzip > x\nchanged_when: true',
    'shell: "dump --format=\'a|b\' || echo {{ inventory_hostname | lower }}"\nchanged_when: true',
  ],
  ['changed-when-missing', 'command: backup', 'command: backup\nargs: { creates: /x }'],
  ['changed-when-missing', 'raw: backup', 'raw: backup\nchanged_when: false'],
  [
    'ignore-errors',
    'command: backup\nchanged_when: true\nignore_errors: true',
    'command: backup\nchanged_when: true\nregister: out\nignore_errors: true',
  ],
  [
    'mode-unquoted',
    'file: { path: /x, state: touch, mode: 0644 }',
    'file: { path: /x, state: touch, mode: "0644" }',
  ],
  [
    'mode-unquoted',
    'file: { path: /x, state: touch, mode: 644 }',
    'file: { path: /x, state: touch, mode: u=rw }',
  ],
  ['mode-missing', 'copy: { content: x, dest: /x }', 'copy: { content: x, dest: /x, mode: "0600" }'],
  [
    'when-braces',
    'command: backup\nchanged_when: true\nwhen: "{{ inventory_hostname }} == \'a\'"',
    'command: backup\nchanged_when: true\nwhen: inventory_hostname == "a"',
  ],
  [
    'certificates-unchecked',
    'get_url: { url: https://example.org/x, dest: /x, mode: "0644", validate_certs: false }',
    'get_url: { url: https://example.org/x, dest: /x, mode: "0644" }',
  ],
  ['package-latest', 'apt: { name: nginx, state: latest }', 'apt: { name: nginx }'],
  [
    'package-latest',
    'git: { repo: https://example.org/x.git, dest: /x }',
    'git: { repo: https://example.org/x.git, dest: /x, version: v1 }',
  ],
]

/** Rules over files: a line of defaults/main.yml it objects to, and one it leaves alone. */
const LINES: readonly (readonly [string, string, string])[] = [
  ['secret-in-clear', 'db_password: hunter2hunter2', 'db_password: "{{ vault }}"'],
  ['secret-in-clear', 'api_key: 0123456789abcdef', 'update_password: on_create'],
  ['secret-in-clear', 'x: AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQ', 'password_file: /etc/secret'],
  ['secret-in-clear', 'k: "-----BEGIN OPENSSH PRIVATE KEY-----"', 'db_password: ""'],
  ['image-unpinned', 'image_redis: redis', 'image_redis: redis:7.4.1'],
  [
    'image-unpinned',
    'image: registry.example.org:5000/team/app',
    'image: registry.example.org:5000/team/app@sha256:00ff',
  ],
  ['image-floating', 'redis_image: redis:latest', 'redis_image: redis:7.4.1-alpine'],
  ['image-floating', '- image: "caddy:nightly"', 'image: "{{ image_caddy }}"'],
  ['legacy-words', 'ansible_ssh_host: 192.0.2.1', 'ansible_host: 192.0.2.1'],
]

/** Rules over manifests: what a service has that they object to, and what they leave alone. */
const SERVICES: readonly (readonly [string, object, object])[] = [
  [
    'service-secret-in-environment',
    { environment: { DB_PASSWORD: '{{ x }}' } },
    { environment: { DB_PASSWORD_FILE: '/run/secrets/x', LOG: 'info' } },
  ],
  [
    'service-health-proves-nothing',
    { healthcheck: { test: ['CMD-SHELL', 'kill -0 1'] } },
    { healthcheck: { test: ['CMD', 'wget', '-q', 'http://127.0.0.1:1/'] } },
  ],
  [
    'service-health-proves-nothing',
    { healthcheck: { test: ['CMD', 'curl', '-f', 'http://localhost/'] } },
    { healthcheck: { test: ['CMD', 'program', 'check'] } },
  ],
  [
    'service-without-backup',
    { volumes: [{ source: '/a', target: '/a', owner: 1 }] },
    { volumes: [{ source: '/a', target: '/a', owner: 1 }], backup: [{ name: 'a', kind: 'redis' }] },
  ],
]

const serviceRole = (keys: object) => ({
  'playbooks/site.yml': '- { hosts: all, roles: [web] }\n',
  'roles/web/tasks/main.yml': '[]\n',
  'roles/web/service.yml': manifest({ web: { ...keys } }),
})

describe('a rule', () => {
  it.each(SERVICES)('%s objects to a service with %j, where that stands', (rule, bad) => {
    const found = lint(serviceRole(bad)).filter(one => one.rule === rule)
    expect(found).toMatchObject([{ position: { file: 'roles/web/service.yml' } }])
  })

  it.each(SERVICES)('%s leaves a service alone (not %j) with %j', (rule, _bad, good) => {
    const found = ids(lint(serviceRole(good)))
    expect(found).not.toContain(rule)
    expect(found).not.toContain('image-unpinned')
    expect(found.filter(id => id.startsWith('MANIFEST_'))).toEqual([])
  })

  it.each(TASKS)('%s objects to %j', (rule, bad) => {
    expect(ids(lint({ 'playbooks/site.yml': playWith(bad) }))).toContain(rule)
  })

  it.each(TASKS)('%s leaves the other way alone (not %j): %j', (rule, _bad, good) => {
    const found = ids(lint({ 'playbooks/site.yml': playWith(good) }))
    expect(found).not.toContain(rule)
    expect(found.filter(id => id === id.toUpperCase())).toEqual([])
  })

  it.each(LINES)('%s objects to the line %j', (rule, bad) => {
    expect(ids(lint({ 'group_vars/all.yml': `${bad}\n` }))).toContain(rule)
  })

  it.each(LINES)('%s leaves the other line alone (not %j): %j', (rule, _bad, good) => {
    expect(ids(lint({ 'group_vars/all.yml': `${good}\n` }))).not.toContain(rule)
  })

  it('has a test of its own here', () => {
    const elsewhere = ['handler-unused', 'variable-unused', 'name-missing']
    const tables = [...TASKS, ...LINES, ...SERVICES]
    const tested = new Set([...tables.map(([rule]) => rule), ...elsewhere])
    expect(RULES.map(({ id }) => id).filter(id => !tested.has(id))).toEqual([])
  })
})

const ROLE = {
  'roles/web/defaults/main.yml': 'web_port: 80\nweb_unread: 1\n',
  'roles/web/tasks/main.yml':
    '- name: t\n  template: { src: a.j2, dest: /a, mode: "0644" }\n  notify: reload\n',
  'roles/web/templates/a.j2': 'port {{ web_port }}\n',
  'roles/web/handlers/main.yml':
    '- { name: reload, service: { name: a, state: reloaded } }\n- { name: alone, service: { name: a, state: restarted } }\n',
}

describe('a role that no playbook uses', () => {
  it('is looked at all the same: an unread variable, a handler that nothing notifies', () => {
    expect(lint(ROLE)).toMatchObject([
      { rule: 'variable-unused', position: { file: 'roles/web/defaults/main.yml', line: 2, column: 1 } },
      { rule: 'handler-unused', message: 'nothing notifies the handler alone', position: { line: 2 } },
    ])
  })

  it('may notify a name that is made up at run time', () => {
    const tasks = ROLE['roles/web/tasks/main.yml'].replace('reload', '"{{ web_port }}"')
    expect(ids(lint({ ...ROLE, 'roles/web/tasks/main.yml': tasks }))).toEqual(['variable-unused'])
  })
})

describe('names', () => {
  it('are missed on plays and tasks, not where the argument says it all', () => {
    const playbook = '- hosts: all\n  tasks:\n    - ping:\n    - debug: { msg: hello }\n'
    expect(lint({ 'site.yml': playbook }).map(({ message }) => message)).toEqual([
      'this play has no name',
      'this ping task has no name',
    ])
  })
})

describe('what the loader finds', () => {
  it('is told beside the rules', () => {
    const found = lint({ 'site.yml': playWith('tempalte: { src: a }') })
    expect(found).toMatchObject([{ rule: 'CONFIG_UNKNOWN_MODULE', severity: 'error' }])
  })
})

describe('a rule is switched off', () => {
  const line = (comment: string) => ({ 'group_vars/all.yml': `image: redis${comment}\n` })

  it.each([
    [' # noqa'],
    [' # noqa: image-unpinned'],
    [' # vpai-lint: off'],
    [' # vpai-lint: off other image-unpinned'],
  ])('by %j at the end of the line', comment => {
    expect(lint(line(comment))).toEqual([])
  })

  it('by a comment on the line above, and not by one for another rule', () => {
    expect(lint({ 'group_vars/all.yml': '# vpai-lint: off image-unpinned\nimage: redis\n' })).toEqual([])
    expect(ids(lint(line(' # noqa: mode-missing')))).toEqual(['image-unpinned'])
  })

  it('by the project', () => {
    expect(lint(line(''), ['image-unpinned'])).toEqual([])
  })
})
