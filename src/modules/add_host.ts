import { z } from 'zod'
import type { Dict, Value } from '../base/value.ts'
import { defineModule } from './contract.ts'

const NAMES = ['name', 'hostname', 'host']
const GROUPS = ['groups', 'group', 'groupname']

const schema = () =>
  z
    .record(
      z.string(),
      z.custom<Value>(value => value !== undefined),
    )
    .refine(args => NAMES.some(name => typeof args[name] === 'string'), {
      message: 'name is required',
      path: ['name'],
    })

export type AddHostArgs = z.output<ReturnType<typeof schema>>

/** Adds a host to the inventory of this run; every other argument is a variable of it. */
export const addHost = defineModule<AddHostArgs>({
  name: 'add_host',
  summary: 'Adds a host for this run',
  args: schema,
  settles: true,
  controller: true,
  forAll: true,
  keys: () => [],
  decide(args) {
    const name = String(NAMES.map(key => args[key]).find(value => value !== undefined))
    const groups = listOf(GROUPS.map(key => args[key]).find(value => value !== undefined))
    const vars = Object.entries(args).filter(([key]) => !NAMES.includes(key) && !GROUPS.includes(key))
    const [host_name, port] = withoutPort(name)
    const host_vars: Dict = { ...(port === null ? {} : { ansible_port: port }), ...Object.fromEntries(vars) }
    return { kind: 'ok', result: { add_host: { host_name, groups, host_vars } } }
  },
})

function listOf(groups: Value | undefined): readonly string[] {
  if (groups === undefined || groups === null) return []
  const names: readonly Value[] = Array.isArray(groups) ? groups : String(groups).split(',')
  return names.map(name => String(name).trim()).filter(name => name !== '')
}

/** host:22, but not an IPv6 address. */
function withoutPort(name: string): readonly [string, number | null] {
  const match = /^([^:]+|\[[^\]]+\]):(\d+)$/.exec(name)
  return match === null ? [name, null] : [match[1] ?? name, Number(match[2])]
}
