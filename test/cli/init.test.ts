import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aPlace, type Place } from './io.ts'

let place: Place

beforeEach(() => {
  place = aPlace()
})
afterEach(() => place.remove())

const read = (name: string) => readFileSync(path.join(place.folder, name), 'utf8')

describe('vpai init', () => {
  it('makes a project that loads without a problem, named after its folder', async () => {
    const { code, out, err } = await place.run(['init'])
    expect(code).toBe(0)
    expect(out).toContain('made   roles/motd/tasks/main.yml')
    expect(out).not.toContain('there')
    expect(err).toContain('vpai plan prod')
    expect(read('vpai.yml')).toContain('name: shop\n')
    expect(read('.gitignore')).toContain('.vpai/\n')
    const checked = await place.run(['run', 'playbooks/site.yml', '--syntax-check'])
    expect(checked).toEqual({ code: 0, out: '1 play, 1 task: no problems\n', err: '' })
  })

  it('tells editors which schema each file has, by paths that lead somewhere', async () => {
    await place.run(['init'])
    const { 'yaml.schemas': schemas } = JSON.parse(read('.vscode/settings.json'))
    const named = Object.keys(schemas)
    expect(named).toContain('./.vpai/schemas/playbook.json')
    for (const name of named) expect(JSON.parse(read(name))).toHaveProperty('$schema')
    for (const file of [
      'vpai.yml',
      'inventory/hosts.yml',
      'playbooks/site.yml',
      'roles/motd/tasks/main.yml',
    ]) {
      const [, schema = ''] = /^# yaml-language-server: \$schema=(.+)$/m.exec(read(file)) ?? []
      expect(read(path.join(path.dirname(file), schema))).toContain('$schema')
    }
  })

  it('leads to the schemas again after the program has moved, with the next run', async () => {
    await place.run(['init'])
    const link = path.join(place.folder, '.vpai/schemas')
    rmSync(link)
    symlinkSync('/nowhere', link)
    place.write(
      'local.yml',
      '- { hosts: localhost, connection: local, gather_facts: false, tasks: [{ debug: }] }\n',
    )
    expect((await place.run(['run', 'local.yml'])).code).toBe(0)
    expect(readdirSync(link)).toContain('playbook.json')
  })

  it('never writes over a file, and says which were there', async () => {
    place.write('playbooks/site.yml', '# mine\n')
    const { code, out } = await place.run(['init'])
    expect(code).toBe(0)
    expect(out).toContain('there  playbooks/site.yml')
    expect(read('playbooks/site.yml')).toBe('# mine\n')
    expect((await place.run(['init'])).out).not.toContain('made')
  })

  it.each([
    ['Web Shop', 'web-shop'],
    ['_2nd.shop!', '2nd-shop'],
    ['Übung', 'bung'],
    ['...', 'project'],
  ])('calls a project in %j %s', async (folder, name) => {
    const target = folder === '...' ? path.join(folder, '!') : folder
    await place.run(['init', target])
    expect(read(path.join(target, 'vpai.yml'))).toContain(`name: ${name}\n`)
  })

  it('tells when something stands in the way', async () => {
    place.write('roles', 'a file')
    const { code, err } = await place.run(['init'])
    expect(code).toBe(1)
    expect(err).toContain('cannot write')
    expect(existsSync(path.join(place.folder, 'roles/motd'))).toBe(false)
  })
})
