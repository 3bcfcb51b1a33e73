/** When hosts are logged in to: a real sshd behind a port that counts. */
import net from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Sshd, sshdMissing, startSshd } from '../connections/sshd.ts'
import { aPlace, type Place } from './io.ts'

const missing = sshdMissing()
if (missing) console.warn(`skipped: ${missing}`)

const GOOD = '- { hosts: prod, gather_facts: false, tasks: [ { stat: { path: /etc } } ] }\n'
/** Whether the host is needed is known when the task's turn comes. */
const PERHAPS = `- hosts: prod
  gather_facts: false
  tasks: [ { stat: { path: /etc }, when: "lookup('env', 'NEEDED') != ''" } ]
`
const WITH_ROLE = '- { hosts: prod, gather_facts: false, roles: [ old ] }\n'
const BROKEN = '- { hosts: prod, tasks: [ { stat: { path: /etc }, whenn: true } ] }\n'

describe.skipIf(missing)('a host that is logged in to', () => {
  let sshd: Sshd
  let door: net.Server
  let place: Place
  let logins = 0
  let open = 0

  beforeAll(async () => {
    sshd = await startSshd()
    door = net.createServer(client => {
      logins++
      open++
      const onward = net.connect(sshd.port, '127.0.0.1')
      client.on('close', () => open--)
      for (const end of [client, onward]) end.on('error', () => undefined)
      client.pipe(onward).pipe(client)
    })
    await new Promise<void>(resolve => door.listen(0, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    door.close()
    await sshd.stop()
  })
  beforeEach(() => {
    logins = 0
    const { port } = door.address() as net.AddressInfo
    place = aPlace({
      'vpai.yml': 'name: shop\n',
      'inventory/hosts.yml': `prod:
  hosts:
    web1:
      ansible_host: 127.0.0.1
      ansible_port: ${port}
      ansible_user: ${sshd.user}
      ansible_ssh_private_key_file: ${sshd.privateKeyPath}
      ansible_host_key: ${sshd.hostKey}
`,
      'site.yml': GOOD,
    })
  })
  afterEach(() => place.remove())

  const run = (...args: string[]) => place.run(['run', 'site.yml', ...args])

  /** Logins of a run, which all are over at its end. */
  async function loginsOf(...args: string[]): Promise<{ code: number; logins: number }> {
    logins = 0
    const { code } = await run(...args)
    await expect.poll(() => open).toBe(0)
    return { code, logins }
  }

  it('is logged in to once in each run', async () => {
    const runs = [await loginsOf(), await loginsOf(), await loginsOf()]
    expect(runs).toEqual(Array(3).fill({ code: 0, logins: 1 }))
  })

  it('is logged in to before the playbook is read, when the last run did and the project is the same', async () => {
    place.write('site.yml', PERHAPS)
    const perhaps = async (needed: string) => {
      logins = 0
      const { code } = await place.run(['run', 'site.yml'], { env: { NEEDED: needed } })
      await expect.poll(() => open).toBe(0)
      return { code, logins }
    }
    expect(await perhaps('')).toEqual({ code: 0, logins: 0 })
    expect(await perhaps('yes')).toEqual({ code: 0, logins: 1 })
    expect(await perhaps('')).toEqual({ code: 0, logins: 1 })
  })

  it.each([
    ['a playbook with an error', (): void => void place.write('site.yml', BROKEN)],
    ['a file of a role that was not there', () => place.write('roles/old/vars/main.yml', 'where: [\n')],
    ['a variable that is gone', () => place.write('inventory/group_vars/prod.yml', 'other: 1\n')],
  ])('is not spoken to when the project is another: %s', async (_what, change) => {
    place.write('inventory/group_vars/prod.yml', 'where: /etc\n')
    place.write('site.yml', WITH_ROLE)
    place.write('roles/old/tasks/main.yml', '- stat: { path: "{{ where }}" }\n')
    expect(await loginsOf()).toEqual({ code: 0, logins: 1 })
    change()
    expect(await loginsOf()).toEqual({ code: 1, logins: 0 })
  })

  it.each([
    ['a listing', ['--list-tasks']],
    ['a run on other hosts', ['--limit', 'localhost,']],
    ['a run of other tags', ['--tags', 'none']],
  ])('is left alone by %s', async (_what, args) => {
    await run()
    place.write('site.yml', BROKEN)
    expect((await loginsOf(...args)).logins).toBe(0)
  })

  it('is not logged in to twice when the play says who to be there', async () => {
    place.write('site.yml', GOOD.replace('hosts: prod', 'hosts: prod, vars: { ansible_host: localhost }'))
    const runs = [await loginsOf(), await loginsOf(), await loginsOf()]
    expect(runs.map(one => one.logins)).toEqual([1, 1, 1])
  })

  it('is dialled where the inventory says now', async () => {
    await run()
    logins = 0
    const { code, out } = await run('-e', 'ansible_port=1')
    expect([code, logins]).toEqual([4, 0])
    expect(out).toContain('127.0.0.1:1')
  })
})
