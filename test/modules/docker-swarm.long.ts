/** The swarm modules on an engine that nobody else uses: begun, filled, looked at and left. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dockerConfig } from '../../src/modules/docker_config.ts'
import { dockerNode } from '../../src/modules/docker_node.ts'
import { dockerNodeInfo } from '../../src/modules/docker_node_info.ts'
import { dockerSecret } from '../../src/modules/docker_secret.ts'
import { dockerStack } from '../../src/modules/docker_stack.ts'
import { dockerStackInfo } from '../../src/modules/docker_stack_info.ts'
import { dockerStackTaskInfo } from '../../src/modules/docker_stack_task_info.ts'
import { dockerSwarm } from '../../src/modules/docker_swarm.ts'
import { dockerSwarmInfo } from '../../src/modules/docker_swarm_info.ts'
import { dockerSwarmService } from '../../src/modules/docker_swarm_service.ts'
import { useOuterEngine } from '../testbed/outer-engine.ts'
import { converged, docker, keepsLaws, whyNoEngine } from './docker-laws.ts'

const offered =
  process.env.DOCKER_HOST === undefined ? null : 'the engine of $DOCKER_HOST is not made a swarm'
const missing = offered ?? whyNoEngine()
if (missing) console.warn(`no swarm is begun: ${missing}`)

const begin = {
  advertise_addr: '127.0.0.1',
  listen_addr: '127.0.0.1:23771',
  labels: { of: 'tests' },
  election_tick: 11,
}

describe.skipIf(missing)('on a swarm of one', () => {
  let folder = ''
  let giveBack: () => Promise<void> = async () => undefined

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vpai-swarm-'))
    giveBack = await useOuterEngine(join(tmpdir(), `vpai-swarm-engine-${process.pid}`))
  }, 120_000)
  afterAll(async () => {
    if (folder === '') return
    await giveBack()
    rmSync(folder, { recursive: true, force: true })
    rmSync(join(tmpdir(), `vpai-swarm-engine-${process.pid}`), { recursive: true, force: true })
  }, 60_000)

  it('it is begun, and changed in place', () => {
    expect(converged(dockerSwarmInfo, {})).toMatchObject({
      failed: true,
      verdict: { result: { docker_swarm_active: false } },
    })
    const { result } = keepsLaws(dockerSwarm, begin)
    expect(result.swarm_facts).toEqual({
      JoinTokens: {
        Worker: expect.stringMatching(/^SWMTKN-1-/),
        Manager: expect.stringMatching(/^SWMTKN-1-/),
      },
    })
    keepsLaws(dockerSwarm, {
      ...begin,
      labels: { of: 'tests', a: 'b' },
      autolock_managers: true,
      name: 'default',
    })
    const told = converged(dockerSwarmInfo, { nodes: true, services: true, tasks: true, unlock_key: true })
    expect(told.result).toMatchObject({
      swarm_facts: { Spec: { Labels: { a: 'b' }, Raft: { ElectionTick: 11 } } },
      swarm_unlock_key: expect.stringMatching(/^SWMKEY-1-/),
      nodes: [{ Status: 'ready', ManagerStatus: 'Leader' }],
      services: [],
    })
  })

  it('a node takes labels and another availability', () => {
    const hostname = docker('info', '--format', '{{.Name}}')
    keepsLaws(dockerNode, { hostname, labels: { a: 'b', c: 'd' }, availability: 'drain' })
    keepsLaws(dockerNode, { hostname, labels: { a: 'b' }, labels_state: 'replace', availability: 'active' })
    expect(converged(dockerNodeInfo, { self: true }).result).toMatchObject({
      nodes: [{ Spec: { Labels: { a: 'b' } } }],
    })
  })

  it('a secret and a config are made, made anew for other data, and removed', () => {
    const first = keepsLaws(dockerSecret, { name: 's', data: 'hunter2 "é"', labels: { a: 'b' } })
    expect(first.result).toMatchObject({ secret_name: 's', secret_id: expect.stringMatching(/^\w{25}$/) })
    expect(
      JSON.stringify(
        first.actions.map(action => (action.do === 'run' ? [action.argv, action.script] : action)),
      ),
    ).not.toContain('hunter2')
    keepsLaws(dockerSecret, { name: 's', data: 'hunter3' })
    writeFileSync(join(folder, 'data'), 'é\n')
    keepsLaws(dockerConfig, { name: 'c', data_src: join(folder, 'data') })
    expect(docker('config', 'inspect', '--format', '{{json .Spec.Data}}', 'c')).toBe(
      `"${Buffer.from('é\n').toString('base64')}"`,
    )
    for (const data of ['1', '2', '3'])
      keepsLaws(dockerConfig, { name: 'r', data, rolling_versions: true, versions_to_keep: 2 })
    expect(docker('config', 'ls', '--format', '{{.Name}}').split('\n').sort()).toEqual(['c', 'r_v2', 'r_v3'])
    keepsLaws(dockerSecret, { name: 's', state: 'absent' })
    keepsLaws(dockerConfig, { name: 'r', state: 'absent', rolling_versions: true })
  })

  it('a service is made with all it may have, changed in place, and removed', () => {
    converged(dockerSecret, { name: 'key', data: 'hunter2' })
    docker('network', 'create', '--driver', 'overlay', 'mesh')
    const args = {
      name: 'svc',
      image: 'vpai-none:1',
      replicas: 0,
      command: 'sh -c',
      args: ['sleep 1'],
      env: { A: 'a b', LINES: 'a\nb' },
      labels: { l: 'm' },
      container_labels: { c: 'd' },
      cap_add: ['NET_ADMIN'],
      dns: ['10.0.0.2'],
      hosts: { h: '1.2.3.4' },
      healthcheck: { test: ['CMD', 'true'], interval: '5s', retries: 2 },
      limits: { cpus: 0.5, memory: '64M' },
      reservations: { memory: '32M' },
      logging: { driver: 'json-file', options: { 'max-size': '1m' } },
      mounts: [
        { source: '/tmp', target: '/t', readonly: true },
        { type: 'volume', source: 'v', target: '/v', labels: { a: 'b' } },
        { type: 'tmpfs', target: '/u', tmpfs_size: '1M', tmpfs_mode: 448 },
      ],
      networks: [{ name: 'mesh', aliases: ['web'] }],
      placement: {
        constraints: ['node.role==worker'],
        preferences: [{ spread: 'node.labels.a' }],
        replicas_max_per_node: 2,
      },
      publish: [{ published_port: 18473, target_port: 80, mode: 'host' }],
      restart_config: { condition: 'on-failure', delay: '2s', max_attempts: 3, window: '1m' },
      update_config: { parallelism: 2, delay: '1s', failure_action: 'rollback', order: 'start-first' },
      rollback_config: { parallelism: 0, monitor: '3s' },
      secrets: [{ secret_name: 'key', filename: 'k', mode: 256 }],
      stop_grace_period: '3s',
      user: '1:2',
      working_dir: '/tmp',
      read_only: true,
      init: true,
      tty: true,
      endpoint_mode: 'vip',
    }
    const first = keepsLaws(dockerSwarmService, args)
    expect(
      JSON.stringify(
        first.actions.map(action => (action.do === 'run' ? [action.argv, action.script] : action)),
      ),
    ).not.toContain('a b')
    const changed = keepsLaws(dockerSwarmService, {
      ...args,
      env: ['A=c'],
      publish: [],
      limits: { memory: '96M' },
    })
    expect(changed.result).toMatchObject({ changes: ['env', 'limits.memory', 'publish'], rebuilt: false })
    keepsLaws(dockerSwarmService, {
      name: 'svc',
      image: 'vpai-none:1',
      mode: 'global',
      placement: { constraints: ['node.role==worker'] },
    })
    keepsLaws(dockerSwarmService, { name: 'svc', state: 'absent' })
  })

  it('a stack is deployed, told of, and removed', () => {
    const compose = [{ version: '3.8', services: { web: { image: 'vpai-none:1', deploy: { replicas: 0 } } } }]
    const first = converged(dockerStack, { name: 'st', compose })
    expect(first).toMatchObject({
      failed: false,
      changed: true,
      result: { stack_spec_diff: { st_web: { before: null } } },
    })
    expect(converged(dockerStack, { name: 'st', compose }).changed).toBe(false)
    expect(converged(dockerStackInfo, {}).result).toMatchObject({ results: [{ Name: 'st', Services: '1' }] })
    expect(converged(dockerStackTaskInfo, { name: 'st' }).failed).toBe(true)
    keepsLaws(dockerStack, { name: 'st', state: 'absent', absent_retries: 5 })
  })

  it('it is left', () => {
    expect(converged(dockerSwarm, { state: 'remove', node_id: 'none' }).changed).toBe(false)
    expect(converged(dockerSwarm, { state: 'absent' }).result.msg).toMatch(
      /could not leave the swarm: .*manager/,
    )
    keepsLaws(dockerSwarm, { state: 'absent', force: true })
    const join = { state: 'join', join_token: 'hunter2', remote_addrs: ['127.0.0.1:1'] }
    const refused = converged(dockerSwarm, join)
    expect(refused.result.msg).toMatch(/could not join the swarm: /)
    expect(
      JSON.stringify(
        refused.actions.map(action => (action.do === 'run' ? [action.argv, action.script] : action)),
      ),
    ).not.toContain('hunter2')
  })
})
