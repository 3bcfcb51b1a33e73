/** trust and ssh against a real sshd on loopback. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { generateKey, type Sshd, sshdMissing, startSshd } from '../connections/sshd.ts'
import { aPlace, type Place } from './io.ts'
import { builtProgram } from './program.ts'

const missing = sshdMissing()
if (missing) console.warn(`skipped: ${missing}`)

describe.skipIf(missing)('with a host', () => {
  let sshd: Sshd
  let place: Place

  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(() => sshd.stop())
  beforeEach(() => {
    place = aPlace({
      'vpai.yml': 'name: shop\n',
      'inventory/hosts.yml': `prod:
  hosts:
    web1:
      ansible_host: "{{ address }}"
      ansible_port: ${sshd.port}
      ansible_user: ${sshd.user}
      ansible_ssh_private_key_file: ${sshd.privateKeyPath}
`,
      'inventory/group_vars/all/main.yml': 'address: 127.0.0.1\n',
    })
  })
  afterEach(() => place.remove())

  const known = () => path.join(place.folder, 'inventory/known_hosts')
  const fingerprint = () =>
    execFileSync('ssh-keygen', ['-lf', `${sshd.directory}/host_ed25519.pub`], { encoding: 'utf8' }).split(
      ' ',
    )[1]

  describe('vpai trust', () => {
    it('shows the fingerprint ssh-keygen shows, remembers it for the runs of the project, and knows it then', async () => {
      const { code, out } = await place.run(['trust', 'web1', '--yes'])
      expect(code).toBe(0)
      expect(out).toContain(fingerprint())
      expect(out).toContain('/etc/ssh/ssh_host_ed25519_key.pub')
      expect(readFileSync(known(), 'utf8')).toBe(`[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n`)
      expect((await place.run(['trust', 'web1'])).out).toContain('known already')
      const ran = await place.run(['exec', 'web1', '--', 'echo hello'])
      expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('hello') })
    })

    it('remembers nothing when nobody can be asked', async () => {
      const { code, out, err } = await place.run(['trust', 'web1'])
      expect(code).toBe(1)
      expect(out).toContain(fingerprint())
      expect(err).toContain('--yes')
      expect(existsSync(known())).toBe(false)
    })

    it('refuses a changed key in spite of --yes, and shows both fingerprints', async () => {
      const other = path.join(place.home, 'other')
      generateKey(other, ['-t', 'ed25519'])
      const [type, key] = readFileSync(`${other}.pub`, 'utf8').split(' ')
      const line = `[127.0.0.1]:${sshd.port} ${type} ${key}\n`
      writeFileSync(known(), line)
      const { code, err } = await place.run(['trust', 'web1', '--yes'])
      expect(code).toBe(4)
      const was = execFileSync('ssh-keygen', ['-lf', `${other}.pub`], { encoding: 'utf8' }).split(' ')[1]
      expect(err).toContain(was)
      expect(err).toContain('vpai trust web1')
      const ran = await place.run(['exec', 'web1', '--', 'true'])
      expect([ran.code, ran.out]).toEqual([4, expect.stringContaining('vpai trust web1')])
      expect(err).toContain(fingerprint())
      expect(readFileSync(known(), 'utf8')).toBe(line)
    })

    it('remembers the key of a host not set up yet for its final port as well', async () => {
      place.write(
        'inventory/host_vars/web1.yml',
        `ansible_port: 1\nbootstrap: { port: ${sshd.port}, user: root }\n`,
      )
      place.write('inventory/hosts.yml', 'prod: { hosts: { web1: { ansible_host: 127.0.0.1 } } }\n')
      expect((await place.run(['trust', 'web1', '--yes'])).code).toBe(0)
      expect(readFileSync(known(), 'utf8')).toBe(
        `[127.0.0.1]:1 ${sshd.hostKey}\n[127.0.0.1]:${sshd.port} ${sshd.hostKey}\n`,
      )
    })

    it('outside of a project remembers for the user', async () => {
      const argv = ['trust', 'box', '--yes', '-e', `ansible_host=127.0.0.1 ansible_port=${sshd.port}`]
      expect((await place.run(argv, { cwd: place.home })).code).toBe(0)
      expect(readFileSync(path.join(place.home, '.ssh/known_hosts'), 'utf8')).toContain(sshd.hostKey)
    })

    it.each([
      ['a port where nothing listens', ['web1', '-e', 'ansible_port=1'], 4, 'nothing listens'],
      ['this machine', ['web1', '-e', 'ansible_connection=local'], 1, 'not by ssh'],
    ])('tells of %s', async (_what, argv, expected, message) => {
      const { code, err } = await place.run(['trust', ...argv])
      expect([code, err]).toEqual([expected, expect.stringContaining(message)])
    })
  })

  describe('vpai doctor', () => {
    it('looks at the hosts of a pattern, reached or not', async () => {
      await place.run(['trust', 'web1', '--yes'])
      place.write(
        'inventory/more.yml',
        'prod: { hosts: { gone: { ansible_host: 127.0.0.1, ansible_port: 1 } } }\n',
      )
      const one = await place.run(['doctor', 'web1'])
      expect(one).toMatchObject({ code: 0, out: expect.stringContaining(`login        as ${sshd.user}`) })
      const { code, out } = await place.run(['doctor', 'prod', '--output', 'json'])
      expect(code).toBe(4)
      const { reports } = JSON.parse(out)
      expect(
        reports.map((report: { where: string; isReached: boolean }) => [report.where, report.isReached]),
      ).toEqual([
        ['this machine', true],
        ['web1', true],
        ['gone', false],
      ])
    })
  })

  describe('vpai ssh', () => {
    let program: string
    beforeAll(async () => {
      program = builtProgram()
    })
    afterAll(() => rmSync(path.dirname(program), { recursive: true }))
    const ssh = (...argv: string[]) =>
      spawnSync(process.execPath, [program, 'ssh', ...argv], {
        cwd: place.folder,
        encoding: 'utf8',
        env: { ...process.env, HOME: place.home },
      })

    it('runs a command there and passes its exit code on', async () => {
      await place.run(['trust', 'web1', '--yes'])
      const { status, stdout } = ssh('web1', '--', 'echo', '$((6*7));', 'exit 7')
      expect([stdout, status]).toEqual(['42\n', 7])
    })

    it('goes through a jump host with its own key', async () => {
      await place.run(['trust', 'web1', '--yes'])
      const hosts = `Host bastion\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  User ${sshd.user}\n  IdentityFile ${sshd.rsaKeyPath}\n  UserKnownHostsFile ${known()}\n`
      const config = path.join(place.home, '.ssh')
      execFileSync('mkdir', ['-p', config])
      writeFileSync(path.join(config, 'config'), hosts)
      const { status, stdout, stderr } = ssh(
        'web1',
        '-e',
        'ansible_ssh_common_args="-J bastion"',
        '--',
        'echo there',
      )
      expect([status, stdout, stderr]).toEqual([0, 'there\n', ''])
    })

    it('accepts the key pinned in the inventory and no other', () => {
      expect(ssh('web1', '-e', `{"vpai_host_key": "${fingerprint()}"}`, '--', 'echo pinned').stdout).toBe(
        'pinned\n',
      )
      const refused = ssh('web1', '-e', '{"vpai_host_key": "SHA256:abc"}', '--', 'echo pinned')
      expect(refused.stdout).toBe('')
      expect(refused.stderr).toContain('another key')
    })

    it('an unknown key is told before ssh is started', () => {
      const { status, stderr } = ssh('web1')
      expect(status).toBe(4)
      expect(stderr).toContain('vpai trust web1')
    })

    it('tells when there is no ssh program', async () => {
      await place.run(['trust', 'web1', '--yes'])
      const { code, err } = await place.run(['ssh', 'web1'], { env: { PATH: place.home } })
      expect(code).toBe(1)
      expect(err).toContain('there is no ssh program')
    })
  })
})
