/** A project whose deploys leave releases on this machine, for tests of what is done with them. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { aPlace, type Place } from './io.ts'

const HOSTS = 'all: { children: { prod: { hosts: { one: { ansible_connection: local } } } } }\n'
export const SITE = `
- hosts: all
  gather_facts: false
  vars: { made: "{{ inventory_dir | dirname }}/made" }
  tasks:
    - file: { path: "{{ made }}", state: directory }
    - copy: { content: "{{ text }}\\n", dest: "{{ made }}/open", mode: "0644" }
      notify: Tell
    - copy: { content: "hidden {{ text }}\\n", dest: "{{ made }}/closed", mode: "0600" }
    - copy: { content: "x", dest: "{{ made }}/later" }
      when: text == 'two'
  handlers:
    - name: Tell
      shell: cat {{ made }}/open >>{{ inventory_dir }}/../told
`
const FILES = { 'inventory/hosts.yml': HOSTS, 'playbooks/site.yml': SITE, 'vpai.yml': 'name: shop\n' }

export function deploy(place: Place, text: string, ...flags: string[]) {
  place.write('inventory/group_vars/all.yml', `text: ${text}\n`)
  return place.run(['deploy', 'prod', '--yes', ...flags])
}

export async function deployed(...texts: readonly string[]): Promise<Place> {
  const made = aPlace(FILES)
  onTestFinished(() => made.remove())
  for (const text of texts) {
    const { code, err } = await deploy(made, text)
    expect([code, err]).toEqual([0, ''])
  }
  return made
}

export const made = ({ folder }: Place, name: string) => path.join(folder, 'made', name)
export const told = ({ folder }: Place) => readFileSync(path.join(folder, 'told'), 'utf8')
