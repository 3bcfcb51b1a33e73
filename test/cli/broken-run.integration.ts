/** Runs that end for everybody at once: what is told, and what the process exits with. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { aPlace, type Place } from './io.ts'

let place: Place

afterEach(() => place.remove())

const INVENTORY = `
all:
  hosts:
    h1: { ansible_connection: local }
    h2: { ansible_connection: local }
`

function project(site: string): Place {
  place = aPlace({ 'vpai.yml': 'name: shop\n', 'inventory/hosts.yml': INVENTORY, 'site.yml': site })
  return place
}

describe('a run that breaks off', () => {
  it('still writes the whole document of --output json', async () => {
    const { run } = project(`
- hosts: all
  gather_facts: false
  vars_files: ["{{ what }}.yml"]
  tasks: [{ command: "true" }]
`)
    const ran = await run(['run', 'site.yml', '--output', 'json', '-e', 'what=gone'])
    expect(ran.code).toBe(1)
    expect(ran.err).toContain('VARS_FILE_MISSING')
    expect(JSON.parse(ran.out)).toMatchObject({ exitCode: 1, interrupted: false })
  })

  it('because of one host leaves all it ended for --limit @retry', async () => {
    const { run, folder } = project(`
- hosts: all
  gather_facts: false
  any_errors_fatal: true
  tasks:
    - command: "false"
      when: inventory_hostname == 'h1'
`)
    expect((await run(['run', 'site.yml'])).code).toBe(2)
    expect(readFileSync(path.join(folder, '.vpai/retry'), 'utf8')).toBe('h1\nh2\n')
    const listed = await run(['run', 'site.yml', '--limit', '@retry', '--list-hosts'])
    expect(listed.out).toContain('hosts (2)')
  })
})
