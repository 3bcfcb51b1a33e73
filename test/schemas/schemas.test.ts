import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { complaints, schemaOf } from './validate.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')

const folders = [
  'roles',
  'playbooks',
  'templates/init',
  'examples',
  'test/fixtures/projects',
  'test/differential/playbooks',
  'test/canary/host',
]
const files = folders.flatMap(folder =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map(name => `${folder}/${name}`)
    .filter(file => file.endsWith('.yml') && schemaOf(file, read(file)) !== undefined)
    .sort(),
)

describe('the schemas take what ships', () => {
  it('which are many files', () => {
    expect(files.length).toBeGreaterThan(60)
  })

  it.each(files)('%s', file => {
    expect(complaints(schemaOf(file, read(file)) ?? '', read(file), file)).toEqual([])
  })
})

const BROKEN = 'test/fixtures/broken'

describe('the schemas refuse', () => {
  it.each([
    ['unknown-keyword/site.yml', ['wehn', 'notfy', 'blok']],
    ['unknown-argument/site.yml', ['desst']],
    ['unknown-module/site.yml', ['tempalte', 'some.strange.thing']],
    ['unknown-loop/site.yml', ['with_itmes']],
    ['play-keywords/site.yml', ['gather_fact', 'when', 'register']],
    ['import-keywords/site.yml', ['loop', 'with_items', 'become', 'becom', 'include', 'import_playbook']],
    ['loop-control/site.yml', ['lable']],
    ['bad-prompts/site.yml', ['privat']],
    ['block-mistakes/site.yml', ['register', 'loop']],
    ['module-defaults/site.yml', ['group/docker', 'ansible.builtin.fil', 'ownr', 'nmae']],
    ['inventory-unknown-key/hosts.yml', ['host', 'var']],
  ])('the unknown keys of %s', (name, keys) => {
    const file = `${BROKEN}/${name}`
    const said = complaints(schemaOf(file, read(file)) ?? '', read(file), file)
    const unknown = said.flatMap(line => /"additionalProperty":"([^"]+)"/.exec(line)?.[1] ?? [])
    expect(unknown).toEqual(expect.arrayContaining(keys))
  })

  it.each([
    ['vpai.json', 'forsk: 3', 'forsk'],
    ['vpai.json', 'lint: { skpi: [] }', 'skpi'],
    ['answers.json', 'domian_name: example.org', 'domian_name'],
    ['meta.json', 'dependncies: []', 'dependncies'],
    ['argument_specs.json', 'argument_spec: {}', 'argument_spec'],
    ['handlers.json', '- { name: x, debug: { msg: hi }, listne: y }', 'listne'],
    ['tasks.json', '- { debug: { msg: hi }, listen: y }', 'listen'],
  ])('with %s: %s', (schema, text, key) => {
    expect(complaints(schema, text, 'a.yml').join()).toContain(`"additionalProperty":"${key}"`)
  })

  it.each([
    ['tasks.json', '- { command: ls, ignore_errors: perhaps }'],
    ['tasks.json', '- { command: ls, retries: many }'],
    ['tasks.json', '- { file: { path: /x, state: missing } }'],
    ['tasks.json', '- { file: { path: /x, force: perhaps } }'],
    ['playbook.json', '- { hosts: all, strategy: debug }'],
    ['playbook.json', '- { tasks: [] }'],
    ['vpai.json', 'forks: 0'],
    ['answers.json', 'notification_method: pigeon'],
    ['argument_specs.json', 'argument_specs: { main: { options: { x: { type: strng } } } }'],
    ['vars.json', 'my-name: 1'],
  ])('with %s the value in %s', (schema, text) => {
    expect(complaints(schema, text, 'a.yml')).not.toEqual([])
  })
})

describe('the schemas take what templates and YAML make of values', () => {
  it.each([
    '- { command: ls, ignore_errors: "{{ maybe }}", retries: "3", become: yes }',
    '- { file: { path: 7, state: "{{ state }}", mode: 0644, force: "no" } }',
    '- { apt: { name: "a,b", update_cache: "{{ x }}" } }',
    '- { community.docker.docker_container: { name: x, image: "{{ y }}", published_ports: 80 } }',
    '- { ansible.legacy.copy: { src: a, dest: /a } }',
    '- { service: name=x state=started }',
    '- { file: "{{ arguments }}" }',
    '- { set_fact: { anything: [1] }, with_dict: { a: 1 } }',
    '- { debug: , args: { msg: hi } }',
    '- { meta: flush_handlers }',
    '- { ansible.builtin.include_role: { name: x, apply: { become: true } }, loop: [1] }',
  ])('%s', text => {
    expect(complaints('tasks.json', text, 'a.yml')).toEqual([])
  })
})
