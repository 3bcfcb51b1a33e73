import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readAnsibleCfg } from '../../src/files/ansible-cfg-file.ts'
import { expandLimitFiles, readInventoryFiles } from '../../src/files/inventory-files.ts'
import { buildInventory } from '../../src/inventory/build-inventory.ts'
import { explain } from '../../src/inventory/precedence.ts'

const PROJECT = path.resolve(import.meta.dirname, '../fixtures/inventory/project')

describe('a project', () => {
  const files = readInventoryFiles({ root: PROJECT, inventories: ['inventory'], playbookDir: '.' })
  const { inventory, problems } = buildInventory(files)

  test('is read in the order of names, without documents and folders of variables', () => {
    expect(files.sources.map(source => 'file' in source && source.file)).toEqual([
      'inventory/10-hosts.yml',
      'inventory/20-lab.ini',
      'inventory/more/hosts',
    ])
    expect(problems).toEqual([])
  })

  test('has its files of variables, those of a folder in the order of names', () => {
    expect(files.varsFiles.map(({ near, of, name, file }) => [near, of, name, file])).toEqual([
      ['inventory', 'group', 'all', 'inventory/group_vars/all/10-main.yml'],
      ['inventory', 'group', 'all', 'inventory/group_vars/all/20-more.yml'],
      ['inventory', 'group', 'web', 'inventory/group_vars/web.json'],
      ['inventory', 'host', 'web04.example.com', 'inventory/host_vars/web04.example.com.yml'],
      ['playbook', 'group', 'all', 'group_vars/all.yml'],
      ['playbook', 'group', 'prod', 'group_vars/prod'],
      ['playbook', 'host', 'web04.example.com', 'host_vars/web04.example.com'],
    ])
  })

  test('tells of a file that another one stands before', () => {
    expect(files.problems).toEqual([
      expect.objectContaining({
        code: 'INVENTORY_VARS_HIDDEN',
        severity: 'warning',
        position: { file: 'inventory/host_vars/web04.example.com.yaml', line: 1, column: 1 },
      }),
    ])
  })

  test('can explain a variable from the last file to the first', () => {
    const { winner, losers } = explain(inventory.hostLayers('web04.example.com'), 'who')!
    expect([winner, ...losers].map(({ value }) => value)).toEqual([
      'playbook host_vars',
      'inventory host_vars',
      'inventory host',
      'playbook group_vars prod',
      'inventory group_vars web',
      'playbook group_vars all',
      'inventory group_vars all',
      'inventory web',
      'inventory prod',
      'inventory all',
    ])
    expect(losers[1]?.position).toEqual({ file: 'inventory/10-hosts.yml', line: 16, column: 15 })
  })

  test('has the hosts of every source', () => {
    expect(inventory.groups.get('home')?.hosts).toEqual(['pia', 'pib', 'nas'])
    expect(inventory.variables('pia').get('tags')).toEqual(['x', 'y'])
    expect(inventory.hosts.get('web01.example.com')?.groups).toEqual(['edge', 'prod', 'web'])
    expect(inventory.variables('third.example.com').get('shared')).toBe('b')
  })
})

describe('reading', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'vpai-inventory-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))
  const write = (name: string, text: string, mode = 0o644) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    writeFileSync(path.join(root, name), text)
    chmodSync(path.join(root, name), mode)
  }

  test('hosts with a comma need no file', () => {
    write('group_vars/all.yml', 'a: 1\n')
    const files = readInventoryFiles({ root, inventories: ['web1,web2,'] })
    expect(files.sources).toEqual([{ kind: 'list', hosts: 'web1,web2,' }])
    expect(buildInventory(files).inventory.variables('web1').get('a')).toBe(1)
  })

  test('a missing inventory is told', () => {
    expect(readInventoryFiles({ root, inventories: ['nope.yml'] }).problems).toEqual([
      expect.objectContaining({ code: 'INVENTORY_MISSING' }),
    ])
  })

  test.each([
    ['a script', 'cloud.py', '#!/usr/bin/env python3\n', 0o755, 'program'],
    ['a script without the right', 'cloud.py', '#!/usr/bin/env python3\n', 0o644, 'program'],
    ['YAML on a file system without rights', 'hosts.yml', 'all: {}\n', 0o777, 'text'],
    ['INI on a file system without rights', 'hosts', 'web1\n', 0o777, 'text'],
    ['an executable of another kind', 'cloud.sh', 'echo {}\n', 0o755, 'program'],
  ])('%s is taken for what it is, and never run', (_, name, text, mode, kind) => {
    write(name, text, mode)
    expect(readInventoryFiles({ root, inventories: [name] }).sources[0]?.kind).toBe(kind)
  })

  test('what a program printed comes from the caller', () => {
    write('cloud.py', '#!/bin/sh\n', 0o755)
    const files = readInventoryFiles({
      root,
      inventories: ['cloud.py'],
      outputs: new Map([['cloud.py', '{"web": ["a"]}']]),
    })
    expect([...buildInventory(files).inventory.hosts.keys()]).toEqual(['a'])
  })

  test('a folder that links to itself is read once', () => {
    write('inventory/hosts', 'web1\n')
    symlinkSync('.', path.join(root, 'inventory/loop'))
    expect(readInventoryFiles({ root, inventories: ['inventory'] }).sources).toHaveLength(1)
  })

  test('an inventory outside the project is named by its whole path', () => {
    write('project/x', '')
    write('elsewhere/hosts', 'web1\n')
    const [source] = readInventoryFiles({
      root: path.join(root, 'project'),
      inventories: ['../elsewhere/hosts'],
    }).sources
    expect(source).toMatchObject({ file: path.join(root, 'elsewhere/hosts') })
  })

  test('a limit takes patterns from a file', () => {
    write('retry.txt', 'web1\n# not this\n\n!web2\n')
    expect(expandLimitFiles('db:@retry.txt', root)).toBe('db,web1,!web2')
    expect(() => expandLimitFiles('@nope', root)).toThrow(/not there/)
  })

  test('ansible.cfg is read', () => {
    cpSync(path.join(PROJECT, 'ansible.cfg'), path.join(root, 'ansible.cfg'))
    chmodSync(path.join(root, 'ansible.cfg'), 0o644)
    expect(readAnsibleCfg(root).settings).toEqual({ inventory: ['inventory'], forks: 20 })
    expect(readAnsibleCfg(path.join(root, 'nope'))).toEqual({ settings: {}, ignored: [], problems: [] })
  })

  test.each([
    ['its folder', (place: string) => chmodSync(place, 0o777)],
    ['it', (place: string) => chmodSync(path.join(place, 'ansible.cfg'), 0o666)],
  ])('ansible.cfg is ignored when everybody may write %s', (_, open) => {
    write('ansible.cfg', '[defaults]\nforks = 20\n')
    open(root)
    expect(readAnsibleCfg(root)).toMatchObject({
      settings: {},
      problems: [{ code: 'ANSIBLE_CFG_UNSAFE', severity: 'warning' }],
    })
  })
})
