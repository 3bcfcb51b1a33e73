import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Report } from '../../src/cli/doctor/finding.ts'
import { aPlace, type Place } from './io.ts'

let place: Place

beforeEach(() => {
  place = aPlace({ 'inventory/hosts.yml': 'prod: { hosts: { web1: } }\n' })
})
afterEach(() => place.remove())

const onMachine = async () => {
  const { code, out } = await place.run(['doctor', '--output', 'json'])
  const [machine] = (JSON.parse(out) as { reports: Report[] }).reports
  return { code, of: (what: string) => machine?.findings.find(finding => finding.what === what) }
}

describe('vpai doctor', () => {
  it('warns of what is missing, which is no failure', async () => {
    const { code, of } = await onMachine()
    expect(code).toBe(0)
    expect(of('node')?.level).toBe('ok')
    expect(of('project')).toMatchObject({ level: 'ok', found: 'shop, 1 host' })
    expect(of('ssh key')?.level).toBe('warn')
    expect(of('age identity')?.level).toBe('warn')
    expect(of('git')).toMatchObject({ level: 'warn', advice: expect.stringContaining('install git') })
  })

  it('fails for an identity and a key that others may read, and a secrets file that does not open', async () => {
    await place.run(['secrets', 'init'])
    chmodSync(path.join(place.home, '.config/vpai/identity'), 0o644)
    mkdirSync(path.join(place.home, '.ssh'))
    writeFileSync(path.join(place.home, '.ssh/id_ed25519'), '', { mode: 0o644 })
    const { code, of } = await onMachine()
    expect(code).toBe(2)
    expect(of('age identity')).toMatchObject({ level: 'fail', advice: expect.stringContaining('chmod 600') })
    expect(of('ssh key')).toMatchObject({ level: 'fail', advice: expect.stringContaining('chmod 600') })
    expect(of('secrets')?.level).toBe('fail')
  })

  it('says that the secrets open', async () => {
    await place.run(['secrets', 'init'])
    expect((await onMachine()).of('secrets')).toMatchObject({
      level: 'ok',
      found: 'inventory/secrets.age opens',
    })
  })

  it('tells an agent that is gone', async () => {
    const env = { SSH_AUTH_SOCK: path.join(place.home, 'gone') }
    expect((await place.run(['doctor'], { env })).out).toContain('does not answer')
  })

  it('fails for a project that does not load, with the place', async () => {
    place.write('inventory/hosts.yml', 'prod: [\n')
    const { code, of } = await onMachine()
    expect(code).toBe(2)
    expect(of('project')).toMatchObject({
      level: 'fail',
      found: expect.stringContaining('inventory/hosts.yml:'),
    })
  })

  it.each([
    ['an unknown host', ['nope'], {}, 1, 'nope'],
    ['no inventory', ['all'], { cwd: '/' }, 1, 'no inventory'],
  ])('is told of %s', async (_what, argv, changes, expected, message) => {
    const { code, err } = await place.run(['doctor', ...argv], changes)
    expect([code, err]).toEqual([expected, expect.stringContaining(message)])
  })

  it('writes plain lines without colour where NO_COLOR is set', async () => {
    const { out } = await place.run(['doctor'], { stdoutIsTty: true, env: { NO_COLOR: '1' } })
    expect(out).not.toContain('\u001b')
    expect((await place.run(['doctor'], { stdoutIsTty: true })).out).toContain('\u001b[32m')
  })
})
