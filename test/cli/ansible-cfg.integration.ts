/** Settings of ansible.cfg that a run can show. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { aPlace, type Place } from './io.ts'

let place: Place
beforeEach(() => {
  place = aPlace({ 'vpai.yml': 'name: shop\n', 'inventory/hosts': 'h ansible_connection=local\n' })
})
afterEach(() => place.remove())

const run = (...more: string[]) => place.run(['run', 'site.yml', '--output', 'plain', ...more])

it('facts are kept from run to run, and gathered again when they are not wanted from the cache', async () => {
  place.write(
    'ansible.cfg',
    '[defaults]\ngathering = smart\nfact_caching = jsonfile\nfact_caching_connection = .facts\n',
  )
  place.write('site.yml', '- hosts: all\n  tasks: [{debug: {msg: "on {{ ansible_distribution }}"}}]\n')
  expect((await run()).out).toContain('Gathering Facts')
  const file = path.join(place.folder, '.facts/h')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    ansible_system: 'Linux',
    module_setup: true,
  })
  place.write('.facts/h', '{"ansible_distribution": "FromCache", "module_setup": true}')
  const second = await run()
  expect(second.out).toContain('on FromCache')
  expect(second.out).not.toContain('Gathering Facts')
  place.write('ansible.cfg', '')
  expect((await run()).out).not.toContain('FromCache')
})

it('set_fact with cacheable is known in the next run', async () => {
  place.write('ansible.cfg', '[defaults]\ngathering = explicit\nfact_caching = jsonfile\n')
  place.write(
    'site.yml',
    '- hosts: all\n  tasks:\n    - debug: {msg: "it was {{ colour | default(\'none\') }}"}\n    - set_fact: {colour: red, cacheable: true}\n    - set_fact: {shape: round}\n',
  )
  expect((await run()).out).toContain('it was none')
  expect((await run()).out).toContain('it was red')
  expect(readFileSync(path.join(place.folder, '.vpai/facts/h'), 'utf8')).not.toContain('round')
})

it('diffs are shown, and handlers forced, when it says so', async () => {
  place.write('ansible.cfg', '[defaults]\nforce_handlers = true\n[diff]\nalways = true\n')
  place.write(
    'site.yml',
    `- hosts: all
  gather_facts: false
  tasks:
    - copy: {content: "a new line\\n", dest: "${place.home}/f", mode: "0600"}
      notify: mark
    - fail: {msg: stop}
  handlers:
    - name: mark
      copy: {content: x, dest: "${place.home}/marked", mode: "0600"}
`,
  )
  const { out } = await run()
  expect(out).toContain('+a new line')
  expect(existsSync(path.join(place.home, 'marked'))).toBe(true)
})

it('what has no effect is named once, what is about Ansible itself is not', async () => {
  place.write(
    'ansible.cfg',
    '[defaults]\nnocows = 1\nstdout_callback = yaml\nstrategy = free\njinja2_extensions = x\n',
  )
  place.write('site.yml', '- hosts: all\n  gather_facts: false\n  tasks: [{debug: {msg: a}}]\n')
  const { err } = await run()
  expect(err).toContain('These settings of ansible.cfg have no effect here: strategy, jinja2_extensions')
  expect(err).not.toContain('nocows')
})
