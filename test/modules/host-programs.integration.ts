/** Modules that drive one program of the host, on copies of its state in a mount namespace of their own. */
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alternatives } from '../../src/modules/alternatives.ts'
import { at } from '../../src/modules/at.ts'
import type { Module } from '../../src/modules/contract.ts'
import { debconf } from '../../src/modules/debconf.ts'
import { dpkgSelections } from '../../src/modules/dpkg_selections.ts'
import { anyModule } from '../../src/modules/shared/any-module.ts'
import { converge, decideOn } from './harness.ts'
import { type Namespace, namespace } from './namespace.ts'
import { runScript, temporaryDirectory } from './shells.ts'

let space: Namespace | null = null
let top = ''

/** What the programs write to. */
const STATE = [
  '/etc/alternatives',
  '/var/lib/dpkg',
  '/var/cache/debconf',
  '/var/spool/cron/atjobs',
  '/var/log',
]

beforeAll(async () => {
  top = temporaryDirectory()
  space = await namespace(['--mount'])
  if (space === null) return
  const covers = STATE.map((path, index) => {
    const [upper, work] = [`${top}/${index}/upper`, `${top}/${index}/work`]
    return `[ ! -d ${path} ] || { mkdir -p ${upper} ${work} && chmod --reference=${path} ${upper} && chown --reference=${path} ${upper} &&
mount -t overlay overlay -o lowerdir=${path},upperdir=${upper},workdir=${work} ${path}; } || exit 1`
  })
  const script = [`mount -t tmpfs tmpfs ${top}`, ...covers].join('\n')
  expect(runScript(space.shell, script)).toMatchObject({ code: 0 })
})
afterAll(() => {
  space?.stop()
  rmSync(top, { recursive: true, force: true })
})

const CHOICE = { name: 'vpai-choice', path: '/bin/true', link: '/var/cache/debconf/vpai-choice' }
const FOLLOWER = { name: 'vpai-follower', path: '/bin/false', link: '/var/cache/debconf/vpai-follower' }

/** One after the other, each on what the one before left. */
const EXAMPLES: readonly (readonly [string, Module, object, string?])[] = [
  ['a choice', anyModule(alternatives), CHOICE, 'vpai-choice -> /bin/true'],
  [
    'a choice that is only there',
    anyModule(alternatives),
    { ...CHOICE, path: '/bin/false', state: 'present', priority: 10 },
  ],
  ['another choice', anyModule(alternatives), { name: 'vpai-choice', path: '/bin/false' }, '-> /bin/false'],
  [
    'the best choice',
    anyModule(alternatives),
    { name: 'vpai-choice', path: '/bin/false', state: 'auto' },
    '-> /bin/true',
  ],
  [
    'a link that follows',
    anyModule(alternatives),
    { ...CHOICE, priority: 60, subcommands: [FOLLOWER] },
    'vpai-follower -> /bin/false',
  ],
  ['no choice', anyModule(alternatives), { ...CHOICE, state: 'absent' }],
  ['a hold', anyModule(dpkgSelections), { name: 'dash', selection: 'hold' }],
  ['no hold', anyModule(dpkgSelections), { name: 'dash', selection: 'install' }],
  [
    'an answer',
    anyModule(debconf),
    { name: 'tzdata', question: 'tzdata/Areas', vtype: 'select', value: 'Asia' },
  ],
  [
    'a password',
    anyModule(debconf),
    { name: 'vpai-none', question: 'vpai/secret', vtype: 'password', value: 'x y' },
  ],
  ['a job', anyModule(at), { command: 'true one\ntrue two', count: 3, units: 'days', unique: true }],
  ['no job', anyModule(at), { command: 'true one\ntrue two', state: 'absent' }],
]

describe('on this machine', () => {
  test.for(EXAMPLES)('%s', ([, module, args, links]) => {
    if (space === null) return console.log('skipped: no mount namespaces here')
    const { shell } = space
    expect(decideOn(module, args, { shell })).toMatchObject({ kind: 'change' })
    const first = converge(module, args, { shell })
    expect(first).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    if (links === undefined) return
    expect(runScript(shell, 'ls -l /etc/alternatives').stdout.toString()).toContain(links)
  })
})
