/** docker_container against a real engine of its own: every kind of option settles, and does what it says. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { dockerContainer } from '../../src/modules/docker_container.ts'
import { useOuterEngine } from '../testbed/outer-engine.ts'
import { buildImage, converged, docker, IMAGE, keepsLaws, whyNoEngine } from './docker-laws.ts'

const missing = whyNoEngine()
if (missing) console.warn(`docker_container meets no engine: ${missing}`)

const NAME = `vpai-box-${process.pid}`
const NET = `vpai-net-${process.pid}`
const base = { name: NAME, image: IMAGE }
/** Starting takes longest: what does not need it goes without. */
const created = { ...base, state: 'present' }

describe.skipIf(missing)('docker_container on an engine', () => {
  let folder = ''
  let giveBack: () => Promise<void> = async () => undefined

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vpai-container-'))
    writeFileSync(join(folder, 'vars.env'), '# of the host\nFROM_FILE=a b\nBOTH=file\n')
    giveBack = await useOuterEngine(process.env.VPAI_TESTBED_CACHE ?? join(tmpdir(), 'vpai-testbed'))
    buildImage()
    docker('network', 'create', '--subnet', '10.213.77.0/24', NET)
    docker('network', 'create', `${NET}-b`)
  }, 120_000)
  afterEach(() => docker('rm', '--force', '--volumes', NAME))
  afterAll(async () => {
    if (folder === '') return
    docker('network', 'rm', NET, `${NET}-b`)
    await giveBack()
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  it.each<[string, object]>([
    [
      'limits and what engines keep of it',
      {
        memory: '64M',
        memory_swap: '128M',
        memory_reservation: '32M',
        cpus: 0.5,
        cpu_shares: 512,
        pids_limit: 50,
        oom_score_adj: 100,
        shm_size: '32M',
        ulimits: ['nofile:100:200', 'nproc:50'],
        sysctls: { 'net.ipv4.ip_forward': '1' },
        labels: { 'a.b': 'c="d"', empty: '' },
        log_driver: 'json-file',
        log_options: { 'max-size': '1m', 'max-file': 2 },
        restart_policy: 'on-failure',
        restart_retries: 3,
        platform: 'linux/amd64',
        healthcheck: {
          test: ['CMD', 'test', '-d', '/bin'],
          interval: '1s',
          retries: 2,
          start_period: '1m30s',
        },
      },
    ],
    [
      'what it runs and sees',
      {
        entrypoint: ['sh', '-c'],
        command: ['sleep 100000; echo "$0"', "it's"],
        user: '12:34',
        working_dir: '/tmp',
        hostname: 'box',
        domainname: 'example.org',
        tty: true,
        interactive: true,
        init: true,
        stop_signal: 'SIGKILL',
        stop_timeout: 3,
        groups: ['5'],
        volumes: ['@/:/folder:ro', '/anonymous'],
        tmpfs: ['/scratch:size=1m', '/scratch2'],
        mounts: [
          { target: '/t', type: 'tmpfs', tmpfs_size: '1M', tmpfs_mode: '1770' },
          { target: '/b', type: 'bind', source: '@', read_only: true, propagation: 'rprivate' },
          { target: '/v', labels: { a: 'b,c' }, no_copy: true },
        ],
      },
    ],
    [
      'rights and namespaces',
      {
        capabilities: ['NET_ADMIN'],
        cap_drop: ['cap_chown'],
        security_opts: ['no-new-privileges', 'seccomp=unconfined'],
        read_only: true,
        devices: ['/dev/null:/dev/nothing:r', '/dev/zero'],
        device_cgroup_rules: ['c 42:* rmw'],
        ipc_mode: 'host',
        pid_mode: 'host',
        cgroupns_mode: 'host',
        uts: 'host',
      },
    ],
    [
      'ports, names and networks',
      {
        published_ports: ['127.0.0.1:18471:80', '18480-18481:90-91/udp', '8080'],
        exposed_ports: ['7000-7002', '53/udp'],
        etc_hosts: { other: '10.0.0.1' },
        dns_servers: ['10.0.0.2'],
        dns_search_domains: ['example.org'],
        dns_opts: ['ndots:2'],
        networks: [
          { name: NET, ipv4_address: '10.213.77.9', aliases: ['web', 'www'] },
          { name: `${NET}-b`, aliases: ['back'] },
        ],
      },
    ],
    ['no network at all', { networks: [], state: 'present' }],
    [
      'a paused one with variables and the defaults of old',
      {
        paused: true,
        container_default_behavior: 'compatibility',
        env_file: '@/vars.env',
        env: { BOTH: 'task', LINES: 'a\nb', QUOTES: `"'$x #` },
      },
    ],
    ['a healthy one', { state: 'healthy', healthcheck: { test: 'true', interval: '1s' } }],
    [
      'exactly these',
      { state: 'present', env: { A: 'b' }, labels: { c: 'd' }, comparisons: { '*': 'strict' } },
    ],
  ])('makes %s and is done', (_what, options) => {
    keepsLaws(dockerContainer, JSON.parse(JSON.stringify({ ...base, ...options }).replaceAll('@', folder)))
  })

  it('hands every value of env over as it is, and puts none on a command line', () => {
    const env = { LINES: 'a\nb "c"', QUOTES: `'"$HOME #\\ `, EMPTY: '', SPACES: '  x  ', EQUALS: 'a=b=c' }
    const { actions } = converged(dockerContainer, { ...created, env })
    const seen = JSON.parse(docker('inspect', '--format', '{{json .Config.Env}}', NAME)) as string[]
    expect(seen).toEqual(
      expect.arrayContaining(Object.entries(env).map(([name, value]) => `${name}=${value}`)),
    )
    expect(
      JSON.stringify(actions.map(action => [action.do === 'run' ? [action.argv, action.script] : action])),
    ).not.toMatch(/\$HOME/)
  })

  it.each<[string, object, object, string, boolean]>([
    ['changes a limit in place', { memory: '64M' }, { memory: '256M' }, 'HostConfig.Memory', true],
    [
      'changes the restart policy in place',
      {},
      { restart_policy: 'always' },
      'HostConfig.RestartPolicy',
      true,
    ],
    ['makes it anew for another command', {}, { command: 'sleep 5000' }, 'Config.Cmd', false],
    ['makes it anew when asked to', {}, { recreate: true }, 'Config.Cmd', false],
    [
      'connects it to a network in place',
      {},
      { networks: [{ name: NET }], network_mode: 'default' },
      'NetworkSettings.Networks',
      true,
    ],
    ['leaves more variables alone', { env: { A: '1', B: '2' } }, { env: { A: '1' } }, 'Config.Env', true],
    [
      'ignores what it is told to',
      {},
      { command: 'sleep 9', comparisons: { command: 'ignore' } },
      'Config.Cmd',
      true,
    ],
  ])('%s', (_what, before, after, path, stays) => {
    converged(dockerContainer, { ...created, ...before })
    const id = docker('inspect', '--format', '{{.Id}}', NAME)
    const second = converged(dockerContainer, { ...created, ...after })
    expect(second.failed, JSON.stringify(second.result)).toBe(false)
    const now = docker('inspect', '--format', `{{.Id}} {{json .${path}}}`, NAME)
    expect(now.startsWith(id)).toBe(stays)
    if (!('recreate' in after)) expect(second.after).toMatchObject({ kind: 'ok' })
  })

  it('stops, starts, restarts and removes it', () => {
    converged(dockerContainer, base)
    keepsLaws(dockerContainer, { ...base, state: 'stopped', force_kill: true })
    expect(docker('inspect', '--format', '{{.State.Status}}', NAME)).toBe('exited')
    keepsLaws(dockerContainer, { name: NAME })
    const started = docker('inspect', '--format', '{{.State.StartedAt}}', NAME)
    const restarted = converged(dockerContainer, { name: NAME, restart: true, stop_timeout: 0 })
    expect(restarted).toMatchObject({ changed: true, failed: false })
    expect(docker('inspect', '--format', '{{.State.StartedAt}}', NAME)).not.toBe(started)
    expect(
      keepsLaws(dockerContainer, { name: NAME, state: 'absent', keep_volumes: false }).result.container,
    ).toEqual({})
  })

  it('tells the exit code and the output of one that is waited for', () => {
    const run = (command: string, more = {}) =>
      converged(dockerContainer, { ...base, detach: false, command: ['sh', '-c', command], ...more })
    expect(run('echo out; exit 3', { recreate: true })).toMatchObject({
      failed: true,
      result: { status: 3, container: { Output: 'out\n' } },
    })
    const { result } = run('echo fine', { cleanup: true, recreate: true })
    expect(result).toMatchObject({ status: 0, container: { Output: 'fine\n' } })
    expect(docker('ps', '--all', '--quiet', '--filter', `name=${NAME}`)).toBe('')
  })

  it('says why one does not become healthy', () => {
    const told = converged(dockerContainer, { ...base, state: 'healthy' })
    expect(told.result.msg).toMatch(/did not become healthy: it has no health check/)
  })
})
