/** Keywords that plays, roles, blocks and tasks share: each at each of its places, and what is seen without it. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { VpaiError } from '../../src/base/error.ts'
import { SHARED_KEYWORDS } from '../../src/config/keywords.ts'
import type { ConnectTarget } from '../../src/engine/world.ts'
import { type Place, type Seen, type Written, watch, written } from './keyword-stage.ts'
import type { Stage } from './stage.ts'

interface Case {
  readonly keyword: Written
  readonly tasks: readonly Written[]
  /** Further keywords of the play, with and without the keyword. */
  readonly play?: Written
  readonly stage?: Partial<Stage>
  readonly prepare?: (dir: string) => void
  readonly sees: (seen: Seen) => unknown
  readonly is: unknown
  /** It is accepted, and nothing is to be seen of it. */
  readonly isIdle?: boolean
}

const results = ({ results: lines }: Seen) => lines
const firstOf = ({ events }: Seen) =>
  events.flatMap(event => (event.type === 'task.result' ? [event] : []))[0]
const dialled = (name: keyof ConnectTarget) => (seen: Seen) => seen.dials[0]?.[name]

const who = [{ name: 'who', command: 'id -un' }]
const output = (seen: Seen) => firstOf(seen)?.result.stdout
const said = (seen: Seen) => seen.file('said').split(' ').slice(0, 2).join(' ').trim()

/** Writes down how it is called, and hands on to the program that takes such arguments. */
function aBecomeProgram(dir: string): void {
  const script = `#!/bin/sh\necho "$*" >>${dir}/said\ncase $1 in -[A-Z]|-n) exec sudo "$@";; *) exec su "$@";; esac\n`
  writeFileSync(path.join(dir, 'as'), script, { mode: 0o755 })
}
const becoming = { ansible_become: true, ansible_become_user: 'nobody', ansible_become_exe: '{{ dir }}/as' }

/** The two hosts would meet in the folder. */
const alone = [{ name: 'alone', shell: 'mkdir {{ dir }}/in && sleep 0.3 && rmdir {{ dir }}/in' }]
const breaksOnFirst = [
  { name: 'breaks', command: 'false', when: "inventory_hostname == 'h1'" },
  { name: 'later', command: 'true' },
]
const two = { hosts: ['h1', 'h2'] }
const unreachable = {
  dial: () => {
    throw new VpaiError('SSH_TIMEOUT', 'nobody there')
  },
}

const CASES: Readonly<Record<string, Case>> = {
  vars: {
    keyword: { vars: { word: 'hello' } },
    tasks: [{ name: 'says', debug: { msg: "{{ word | default('nothing') }}" } }],
    sees: seen => firstOf(seen)?.result.msg,
    is: 'hello',
  },
  environment: {
    keyword: { environment: { WORD: 'hello' } },
    tasks: [{ name: 'says', shell: 'echo "$WORD"' }],
    sees: output,
    is: 'hello',
  },
  become: {
    keyword: { become: true },
    play: { vars: { ansible_become_user: 'nobody', ansible_become_method: 'sudo' } },
    tasks: who,
    sees: output,
    is: 'nobody',
  },
  become_user: {
    keyword: { become_user: 'nobody' },
    play: { become: true },
    tasks: who,
    sees: output,
    is: 'nobody',
  },
  become_method: {
    keyword: { become_method: 'ansible.builtin.su' },
    play: { vars: becoming },
    tasks: who,
    prepare: aBecomeProgram,
    sees: seen => said(seen) !== '' && said(seen) !== '-H -n',
    is: true,
  },
  become_exe: {
    keyword: { become_exe: '{{ dir }}/as' },
    play: { become: true, become_user: 'nobody' },
    tasks: who,
    prepare: aBecomeProgram,
    sees: said,
    is: '-H -n',
  },
  become_flags: {
    keyword: { become_flags: '-E' },
    play: { vars: becoming },
    tasks: who,
    prepare: aBecomeProgram,
    sees: said,
    is: '-E -n',
  },
  remote_user: { keyword: { remote_user: 'me' }, tasks: who, sees: dialled('remoteUser'), is: 'me' },
  port: { keyword: { port: 2222 }, tasks: who, sees: dialled('port'), is: 2222 },
  connection: { keyword: { connection: 'local' }, tasks: who, sees: dialled('connection'), is: 'local' },
  no_log: {
    keyword: { no_log: true },
    tasks: [{ name: 'says', debug: { msg: 'a word' } }],
    sees: seen => JSON.stringify(seen.events).includes('a word'),
    is: false,
  },
  check_mode: {
    keyword: { check_mode: true },
    tasks: [{ name: 'writes', copy: { content: 'x', dest: '{{ dir }}/file' } }],
    sees: seen => seen.file('file'),
    is: '',
  },
  diff: {
    keyword: { diff: true },
    tasks: [{ name: 'writes', copy: { content: 'x\n', dest: '{{ dir }}/file' } }],
    sees: seen => firstOf(seen)?.changes.some(change => change.diff?.includes('+x')),
    is: true,
  },
  ignore_errors: {
    keyword: { ignore_errors: true },
    tasks: [{ name: 'breaks', command: 'false' }],
    sees: results,
    is: ['h1 breaks: ignored'],
  },
  ignore_unreachable: {
    keyword: { ignore_unreachable: true },
    tasks: [
      { name: 'asks', command: 'true' },
      { name: 'goes on', debug: { msg: 'x' } },
    ],
    stage: unreachable,
    sees: seen => seen.results.includes('h1 goes on: ok'),
    is: true,
  },
  any_errors_fatal: {
    keyword: { any_errors_fatal: true },
    tasks: breaksOnFirst,
    stage: two,
    sees: seen => seen.results.includes('h2 later: changed'),
    is: false,
  },
  run_once: {
    keyword: { run_once: true },
    tasks: [{ name: 'acts', command: 'true' }],
    stage: two,
    sees: results,
    is: ['h1 acts: changed'],
  },
  throttle: {
    keyword: { throttle: 1 },
    tasks: alone,
    stage: two,
    sees: seen => [...seen.results].sort(),
    is: ['h1 alone: changed', 'h2 alone: changed'],
  },
  timeout: {
    keyword: { timeout: 1 },
    tasks: [{ name: 'sleeps', command: 'sleep 1.8' }],
    sees: results,
    is: ['h1 sleeps: failed'],
  },
  delegate_to: {
    keyword: { delegate_to: 'h2' },
    tasks: who,
    stage: two,
    play: { hosts: 'h1' },
    sees: seen => seen.dials.map(({ name }) => name),
    is: ['h2'],
  },
  delegate_facts: {
    keyword: { delegate_facts: true },
    tasks: [
      { name: 'asks', setup: {}, delegate_to: 'h2' },
      { name: 'says', debug: { msg: "{{ hostvars['h2'].ansible_facts.kernel is defined }}" } },
    ],
    stage: two,
    play: { hosts: 'h1' },
    sees: ({ events }) =>
      events.flatMap(event =>
        event.type === 'task.result' && event.name === 'says' ? event.result.msg : [],
      ),
    is: [true],
  },
  module_defaults: {
    keyword: { module_defaults: { debug: { msg: 'by default' } } },
    tasks: [{ name: 'says', debug: {} }],
    sees: seen => firstOf(seen)?.result.msg,
    is: 'by default',
  },
  debugger: {
    keyword: { debugger: 'never' },
    tasks: who,
    sees: results,
    is: ['h1 who: changed'],
    isIdle: true,
  },
  collections: {
    keyword: { collections: ['community.general'] },
    tasks: who,
    sees: results,
    is: ['h1 who: changed'],
    isIdle: true,
  },
  guard: {
    keyword: { guard: true },
    tasks: [{ name: 'writes', copy: { content: 'x', dest: '{{ dir }}/x' } }],
    stage: { isRemote: true, options: { check: true } },
    // Whoever is not root is told that it cannot be guarded.
    sees: seen => /lock-out guard|lock us out/.test(JSON.stringify(firstOf(seen))),
    is: true,
  },
  when: { keyword: { when: false }, tasks: who, sees: results, is: ['h1 who: skipped'] },
  tags: {
    keyword: { tags: ['wanted'] },
    tasks: who,
    stage: { options: { tags: ['wanted'] } },
    sees: results,
    is: ['h1 who: changed'],
  },
}

const PLACES: readonly Place[] = ['play', 'role', 'block', 'task']
const table = Object.entries(CASES).flatMap(([name, one]) =>
  PLACES.filter(place => SHARED_KEYWORDS[name]?.levels.includes(place)).map(
    place => [name, place, one] as const,
  ),
)

describe('the keywords that are shared', () => {
  it('have a case each', () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(SHARED_KEYWORDS).sort())
  })

  it.each(table)('%s of a %s has its effect', async (_name, place, one) => {
    const { stage, prepare } = one
    expect(await watch({ ...written(place, one.keyword, one), stage, prepare }, one.sees)).toEqual(one.is)
  })

  it.each(Object.entries(CASES).filter(([, { isIdle }]) => isIdle !== true))(
    '%s makes a difference',
    async (_name, one) => {
      const { stage, prepare } = one
      expect(await watch({ ...written('play', {}, one), stage, prepare }, one.sees)).not.toEqual(one.is)
    },
  )
})
