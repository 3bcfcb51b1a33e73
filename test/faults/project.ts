/** A project whose deploy has a bit of everything, on one host, in folders of its own. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Place } from './place.ts'

export interface FaultProject {
  readonly root: string
  readonly place: Place
  remove(): void
}

export function makeProject(root: string, place: Place): FaultProject {
  const hosts = { one: { ...place.variables, target: place.target } }
  const files = { ...FILES, 'inventory/hosts.yml': JSON.stringify({ all: { hosts } }) }
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  return {
    root,
    place,
    remove() {
      rmSync(root, { recursive: true })
      place.remove()
    },
  }
}

/** More than one packet takes. */
const MANY = Array.from({ length: 900 }, (_, line) => `line ${line} of many\n`).join('')

const SITE = `- hosts: all
  gather_facts: false
  roles: [app, web]
`

const APP = `- name: Folders
  file: { path: "{{ target }}/{{ item }}", state: directory, mode: "0750" }
  loop: [app, app/conf.d, app/data, log]
- name: Settings
  template: { src: app.conf.j2, dest: "{{ target }}/app/app.conf", mode: "0640" }
  notify: Restart the app
- name: Parts
  copy: { content: "part {{ item }}\\n", dest: "{{ target }}/app/conf.d/{{ item }}.conf" }
  loop: [a, b, c, d, e, f]
  notify: Reload the app
- name: A line
  lineinfile: { path: "{{ target }}/app/app.conf", line: "extra = yes" }
  notify: Restart the app
- name: A block
  blockinfile: { path: "{{ target }}/app/data/hosts", block: "10.0.0.1 one", create: true }
- name: Migrate
  shell: echo migrated >>{{ target }}/app/migrations
  args: { creates: "{{ target }}/app/migrations" }
- name: A table
  shell: cat >{{ target }}/app/table.new && mv {{ target }}/app/table.new {{ target }}/app/table
  args: { stdin: "{{ lookup('file', 'many') }}", creates: "{{ target }}/app/table" }
- name: A large file
  copy: { src: many, dest: "{{ target }}/app/many" }
- name: What is there
  command: ls {{ target }}/app/conf.d
  register: parts
  changed_when: false
- name: What runs each time
  shell: echo {{ item }} >>{{ target }}/log/runs
  loop: [one, two, three]
  when: counts is defined
- name: A list of it
  copy: { content: "{{ parts.stdout }}\\n", dest: "{{ target }}/app/parts" }
  notify: Reload the app
- name: A link
  file: { src: app.conf, dest: "{{ target }}/app/current", state: link }
`

const APP_HANDLERS = `- name: Restart the app
  shell: cat {{ target }}/app/app.conf >{{ target }}/log/running
- name: Reload the app
  shell: cat {{ target }}/app/conf.d/*.conf {{ target }}/app/parts >{{ target }}/log/loaded
`

const WEB = `- name: Sites
  file: { path: "{{ target }}/web/{{ item }}", state: directory }
  loop: [sites, tls]
- name: A site
  template: { src: site.conf.j2, dest: "{{ target }}/web/sites/{{ item }}.conf" }
  loop: [one, two, three]
  notify: Reload the web
- name: A key
  shell: head -c 16 /dev/zero | od -An -tx1 >{{ target }}/web/tls/key && chmod 600 {{ target }}/web/tls/key
  args: { creates: "{{ target }}/web/tls/key" }
  notify: Reload the web
- name: Old things
  file: { path: "{{ target }}/web/old", state: absent }
- meta: flush_handlers
- name: What runs once more
  shell: echo last >>{{ target }}/log/runs
  when: counts is defined
  notify: Tell the end
- name: The last
  copy: { content: "done\\n", dest: "{{ target }}/web/last", mode: "0600" }
  notify: Tell the end
`

const WEB_HANDLERS = `- name: Reload the web
  shell: cat {{ target }}/web/sites/*.conf >{{ target }}/log/web
- name: Tell the end
  copy: { content: "the end\\n", dest: "{{ target }}/log/end" }
`

const FILES: Readonly<Record<string, string>> = {
  'vpai.yml': 'name: faults\nshipped_roles: false\n',
  // A connection that says nothing is given up after six seconds.
  'home/.ssh/config': 'Host *\n  ServerAliveInterval 2\n  ServerAliveCountMax 2\n',
  'playbooks/site.yml': SITE,
  'roles/app/tasks/main.yml': APP,
  'roles/app/handlers/main.yml': APP_HANDLERS,
  'roles/app/files/many': MANY,
  'roles/app/templates/app.conf.j2': 'name = {{ inventory_hostname }}\nport = 8080\n',
  'roles/web/tasks/main.yml': WEB,
  'roles/web/handlers/main.yml': WEB_HANDLERS,
  'roles/web/templates/site.conf.j2': 'site {{ item }} of {{ inventory_hostname }}\n',
}
