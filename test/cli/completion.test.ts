import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { complete } from '../../src/cli/candidates.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { aPlace, type Place } from './io.ts'

describe('complete', () => {
  const words = (...typed: string[]) => complete(typed, COMMANDS).candidates.map(({ word }) => word)

  it.each([
    ['commands', ['de'], ['deploy']],
    ['sub-commands', ['secrets', 're'], ['rekey', 'recipients']],
    ['flags of the command', ['deploy', 'prod', '--fo'], ['--force-handlers', '--forks']],
    ['flags of the program', ['--v'], ['--version']],
    ['choices of a flag', ['run', '--output', ''], ['pretty', 'plain', 'json', 'ndjson']],
    ['choices that begin so', ['run', '--output', 'p'], ['pretty', 'plain']],
    ['shells', ['completion', ''], ['bash', 'zsh', 'fish']],
    ['actions', ['secrets', 'recipients', 'a'], ['add']],
    ['nothing for a free text', ['run', '--tags', 'd'], []],
    ['nothing for a file', ['run', 'pl'], []],
    ['nothing behind --', ['exec', 'web1', '--', 'de'], []],
    ['nothing for a command it does not know', ['nope', ''], []],
  ])('gives %s', (_what, typed, expected) => {
    expect(words(...typed)).toEqual(expected)
  })

  it('leaves hidden commands out', () => {
    expect(words('')).toContain('run')
    expect(words('__')).toEqual([])
  })

  it.each([
    ['environment', ['deploy', '']],
    ['environment', ['plan', '--tags', 'a', '']],
    ['host', ['exec', '']],
    ['host', ['ssh', 'w']],
    ['host', ['run', 'site.yml', '--limit', '']],
    [null, ['explain', 'web1', '']],
    [null, ['deploy', 'prod', '']],
  ])('wants %s after %j', (wanted, typed) => {
    expect(complete(typed, COMMANDS).wanted).toBe(wanted)
  })
})

describe('vpai __complete', () => {
  let place: Place
  beforeEach(() => {
    place = aPlace({
      'inventory/hosts.yml': 'prod: { hosts: { web1: , db1: } }\nstaging: { hosts: { web2: } }\n',
      'other.ini': '[lab]\nbox\n',
    })
  })
  afterEach(() => place.remove())

  it.each([
    ['environments', ['deploy', ''], 'prod\nstaging\n'],
    ['hosts and groups', ['exec', 'w'], 'web1\nweb2\n'],
    ['the last name of a pattern', ['exec', 'prod:!w'], 'prod:!web1\nprod:!web2\n'],
    ['what the given inventory has', ['deploy', '-i', 'other.ini', ''], 'lab\n'],
    ['commands with what they do', ['doct'], 'doctor\twhat is missing on this machine and on the hosts\n'],
  ])('prints %s', async (_what, words, out) => {
    expect(await place.run(['__complete', '--', ...words])).toEqual({ code: 0, out, err: '' })
  })

  it('leaves out names a shell would act on', async () => {
    place.write('inventory/hosts.yml', 'prod: { hosts: { web1: , "w$(id)": , "w`id`": , "w id": } }\n')
    expect((await place.run(['__complete', '--', 'exec', 'w'])).out).toBe('web1\n')
  })

  it.each([
    ['inventory/hosts.yml', 'prod: [\n'],
    ['vpai.yml', 'nope: 1\n'],
  ])('says nothing of a broken %s', async (file, text) => {
    place.write(file, text)
    expect(await place.run(['__complete', '--', 'deploy', 'x'])).toEqual({ code: 0, out: '', err: '' })
  })
})

describe('vpai completion', () => {
  let place: Place
  beforeEach(() => {
    place = aPlace()
  })
  afterEach(() => place.remove())

  it.each(['bash', 'zsh', 'fish'])('%s prints a script that shell accepts', async shell => {
    const { code, out } = await place.run(['completion', shell])
    expect(code).toBe(0)
    expect(out).toContain('vpai __complete -- ')
    const checked = spawnSync(shell, ['-n', place.write('script', out)], { encoding: 'utf8' })
    if (checked.error) console.warn(`not checked: ${shell} is not installed`)
    else expect([checked.status, checked.stderr]).toEqual([0, ''])
  })

  it('in bash takes words as they are and runs nothing in them', async () => {
    const { out } = await place.run(['completion', 'bash'])
    const script = `vpai() { printf 'deploy\\tto $(echo x)\\n$(touch %s)\\n' ${place.folder}/ran; }
${out}
COMP_WORDS=(vpai de) COMP_CWORD=1; _vpai; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
    expect(stdout).toBe(`deploy\n$(touch ${place.folder}/ran)\n`)
    expect(existsSync(path.join(place.folder, 'ran'))).toBe(false)
  })

  it('of another shell is told', async () => {
    const { code, err } = await place.run(['completion', 'bsh'])
    expect([code, err]).toEqual([1, expect.stringContaining('bash')])
  })
})
