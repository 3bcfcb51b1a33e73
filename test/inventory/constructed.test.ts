import { describe, expect, it } from 'vitest'
import { Template } from '../../src/base/value.ts'
import { buildInventory } from '../../src/inventory/build-inventory.ts'
import type { Evaluate } from '../../src/inventory/plugin-inventory.ts'
import { createSecretRegistry } from '../../src/secrets/registry.ts'
import { Templar } from '../../src/template/index.ts'
import { codes, text } from './build.ts'

const secrets = createSecretRegistry()
const evaluate: Evaluate = {
  expression: (source, scope) => new Templar({ scope, secrets }).expression(source),
  render: (value, scope) =>
    new Templar({ scope, secrets }).value(typeof value === 'string' ? new Template(value) : value),
}
const HOSTS = text('web: {hosts: {a: {env: prod, n: 8080}, b: {}}}')
const build = (plugin: string, extraVars = {}) =>
  buildInventory({ sources: [HOSTS, text(`plugin: constructed\n${plugin}`, 'c.yml')], evaluate, extraVars })

describe('constructed', () => {
  it('passes over what a host cannot be asked, and says it with strict', () => {
    const written = 'groups: {production: env == "prod"}\n'
    const { inventory, problems } = build(written)
    expect([problems, inventory.groups.get('production')?.hosts]).toEqual([[], ['a']])
    expect(build(`strict: true\n${written}`).problems).toEqual([
      expect.objectContaining({
        code: 'INVENTORY_CONSTRUCTED',
        message: expect.stringContaining('b: group production'),
      }),
    ])
  })

  it('sees variables made by compose in groups', () => {
    const { inventory } = build('compose: {kind: "\'x\' ~ n"}\nkeyed_groups: [{key: kind, prefix: k}]\n')
    expect(inventory.groups.get('k_x8080')?.hosts).toEqual(['a'])
    expect(inventory.variables('a').get('kind')).toBe('x8080')
  })

  it.each([
    ['a prefix of nothing', '{key: n, leading_separator: false}', 'leading_separator: false\n', '_080'],
    ['a separator of its own', '{key: env, prefix: e, separator: "-"}', '', 'e_prod'],
    ['a name that begins with a digit', '{key: n, separator: ""}', '', '_080'],
  ])('names a group after %s', (_, entry, more, name) => {
    const { inventory } = build(`${more}keyed_groups: [${entry}]\n`)
    expect(inventory.groups.get(name)?.hosts).toEqual(['a'])
  })

  it('sees variables of the command line when told to', () => {
    const written = 'compose: {from_line: x}\n'
    expect(build(written, { x: 1 }).inventory.variables('a').get('from_line')).toBeUndefined()
    expect(
      build(`use_extra_vars: true\n${written}`, { x: 1 }).inventory.variables('a').get('from_line'),
    ).toBe(1)
  })

  it.each([
    ['an unknown key', 'plugin: constructed\ncomposed: {}\n', 'INVENTORY_CONSTRUCTED'],
    ['a generator without layers', 'plugin: generator\nhosts: {name: x}\n', 'INVENTORY_CONSTRUCTED'],
    ['an unknown plugin', 'plugin: aws_ec2\n', 'INVENTORY_PLUGIN'],
  ])('%s is an error', (_, source, code) => {
    expect(codes(buildInventory({ sources: [HOSTS, text(source, 'c.yml')], evaluate }))).toEqual([code])
  })
})
