import { describe, expect, it } from 'vitest'
import type { Module } from '../../src/modules/contract.ts'
import { dockerNode } from '../../src/modules/docker_node.ts'
import { dockerSecret } from '../../src/modules/docker_secret.ts'
import { dockerStack } from '../../src/modules/docker_stack.ts'
import { dockerSwarm } from '../../src/modules/docker_swarm.ts'
import { dockerSwarmInfo } from '../../src/modules/docker_swarm_info.ts'
import { dockerSwarmService } from '../../src/modules/docker_swarm_service.ts'
import { anyModule } from '../../src/modules/shared/any-module.ts'
import { digest } from '../../src/modules/shared/digest.ts'
import { type Answers, brief, decideWith, drive } from './tables.ts'

const CLUSTER = {
  Version: { Index: 10 },
  Spec: { Name: 'default', Labels: { a: 'b' }, Raft: { ElectionTick: 10, HeartbeatTick: 1 } },
}
const says =
  (value: object): Answers =>
  () => ({ code: 0, stdout: JSON.stringify(value), stderr: '' })
const manager = says({ LocalNodeState: 'active', ControlAvailable: true, NodeID: 'n1', Cluster: CLUSTER })
const worker = says({ LocalNodeState: 'active', ControlAvailable: false, NodeID: 'n2' })
const alone = says({ LocalNodeState: 'inactive', ControlAvailable: false })
const node = says([
  {
    ID: 'n1',
    Spec: { Labels: { a: 'b', old: 'x' }, Role: 'worker', Availability: 'active' },
    Status: { State: 'ready' },
  },
])
const secret = (labels: object) => says([{ ID: 'i1', Spec: { Name: 's', Labels: labels } }])
const same = { ansible_key: digest('sha224', 'hunter2') }
const join = { state: 'join', join_token: 'hunter2', remote_addrs: 'm:2377' }

const service = says([
  {
    ID: 'v1',
    Version: { Index: 7 },
    Spec: {
      Name: 'svc',
      Labels: {},
      TaskTemplate: {
        ContainerSpec: { Image: 'app:1@sha256:a', Env: ['A=b'], StopGracePeriod: 10e9 },
        Resources: { Limits: { NanoCPUs: 500000000 } },
        ForceUpdate: 3,
      },
      Mode: { Replicated: { Replicas: 2 } },
      EndpointSpec: {
        Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'ingress' }],
      },
    },
  },
])
const svc = { name: 'svc', image: 'app:1' }

describe('docker_swarm_service', () => {
  it.each<[string, object, Answers, string]>([
    ['makes it', {}, says([]), 'state svc absent>present'],
    [
      'is done',
      {
        env: ['A=b'],
        limits: { cpus: 0.5 },
        publish: [{ target_port: 80, published_port: 8080 }],
        stop_grace_period: '10s',
      },
      service,
      'ok',
    ],
    ['leaves replicas alone', { replicas: -1 }, service, 'ok'],
    ['scales', { replicas: 5 }, service, 'replicas svc 2>5'],
    ['sees another image', { image: 'app:2' }, service, 'image svc app:1@sha256:a>app:2'],
    ['shows no variable', { env: { A: 'hunter2' } }, service, 'env svc other values>the values given'],
    [
      'sees a port too many',
      { publish: [] },
      service,
      'publish svc [{"Protocol":"tcp","TargetPort":80,"PublishedPort":8080,"PublishMode":"ingress"}]>[]',
    ],
    ['sees another label', { labels: { a: 'b' } }, service, 'labels svc {}>{"a":"b"}'],
    ['makes it anew for another mode', { mode: 'global' }, service, 'mode svc replicated>global'],
    ['starts its tasks anew', { force_update: true }, service, 'force_update svc >true'],
    ['removes it', { state: 'absent' }, service, 'state svc present>absent'],
    ['has nothing to remove', { state: 'absent' }, says([]), 'ok'],
  ])('%s', (_what, args, answers, expected) => {
    expect(brief(decideWith(dockerSwarmService, { ...svc, ...args }, answers))).toBe(expected)
  })

  it('sends what was asked for, with the version that was seen', () => {
    const verdict = decideWith(
      dockerSwarmService,
      { ...svc, env: { A: 'hunter2' }, force_update: true },
      service,
    )
    const answer = (script = '') => (script.includes('dial-stdio') ? 'HTTP/1.0 200 OK\r\n\r\n{}' : '[]')
    const [asked] = drive(verdict, one => ({ stdout: answer(one.do === 'run' ? one.script : '') })).actions
    const request = new TextDecoder().decode(asked?.do === 'run' ? asked.files?.request : undefined)
    expect(request).toContain('POST /services/v1/update?version=7 HTTP/1.0')
    expect(JSON.parse(request.split('\r\n\r\n')[1] ?? '')).toEqual({
      Name: 'svc',
      Mode: { Replicated: { Replicas: 2 } },
      TaskTemplate: { ContainerSpec: { Image: 'app:1', Env: ['A=hunter2'] }, ForceUpdate: 4 },
    })
  })
})

describe('swarm modules', () => {
  it.each<[string, Module, object, Answers, string]>([
    ['begins', anyModule(dockerSwarm), {}, alone, 'swarm swarm none>manager'],
    ['is done', anyModule(dockerSwarm), { labels: { a: 'b' }, election_tick: 10 }, manager, 'ok'],
    [
      'changes a setting',
      anyModule(dockerSwarm),
      { election_tick: 11 },
      manager,
      'election_tick swarm 10>11',
    ],
    [
      'changes tokens',
      anyModule(dockerSwarm),
      { rotate_worker_token: true },
      manager,
      'rotate_worker_token swarm >another token',
    ],
    [
      'shows no key',
      anyModule(dockerSwarm),
      { signing_ca_cert: 'x', signing_ca_key: 'hunter2' },
      manager,
      'signing_ca_cert swarm another>given; signing_ca_key swarm another>given',
    ],
    [
      'cannot change as a worker',
      anyModule(dockerSwarm),
      {},
      worker,
      'fail: this node is no manager of its swarm (active), so it cannot change it',
    ],
    ['joins', anyModule(dockerSwarm), join, alone, 'swarm m:2377 none>member'],
    ['has joined', anyModule(dockerSwarm), join, worker, 'ok'],
    ['leaves', anyModule(dockerSwarm), { state: 'absent' }, worker, 'swarm n2 member>none'],
    ['has left', anyModule(dockerSwarm), { state: 'absent' }, alone, 'ok'],
    [
      'tells managers only',
      anyModule(dockerSwarmInfo),
      {},
      worker,
      'fail: this engine is no manager of a swarm',
    ],
    [
      'labels',
      anyModule(dockerNode),
      { hostname: 'h', labels: { a: 'c', n: '1' } },
      node,
      'label a h b>c; label n h >1',
    ],
    [
      'replaces labels',
      anyModule(dockerNode),
      { hostname: 'h', labels: { a: 'b' }, labels_state: 'replace' },
      node,
      'label old h x>',
    ],
    [
      'removes labels',
      anyModule(dockerNode),
      { hostname: 'h', labels_to_remove: 'old, none' },
      node,
      'label old h x>',
    ],
    [
      'drains',
      anyModule(dockerNode),
      { hostname: 'h', availability: 'drain', role: 'worker' },
      node,
      'availability h active>drain',
    ],
    [
      'makes a secret',
      anyModule(dockerSecret),
      { name: 's', data: 'hunter2' },
      says([]),
      'state s absent>present',
    ],
    ['has the secret', anyModule(dockerSecret), { name: 's', data: 'hunter2' }, secret(same), 'ok'],
    [
      'has other data',
      anyModule(dockerSecret),
      { name: 's', data: 'hunter3' },
      secret(same),
      'data s other data>the data given',
    ],
    [
      'has another label',
      anyModule(dockerSecret),
      { name: 's', data: 'hunter2', labels: { a: 'b' } },
      secret(same),
      'label a s >b',
    ],
    ['does not know the data', anyModule(dockerSecret), { name: 's', data: 'hunter3' }, secret({}), 'ok'],
    [
      'makes it anew',
      anyModule(dockerSecret),
      { name: 's', data: 'hunter2', force: true },
      secret({}),
      'state s present>made anew',
    ],
    [
      'removes the secret',
      anyModule(dockerSecret),
      { name: 's', state: 'absent' },
      secret({}),
      'state s present>absent',
    ],
    [
      'deploys',
      anyModule(dockerStack),
      { name: 'st', compose: ['/c.yml'] },
      says([]),
      'opaque: docker stack deploy st',
    ],
    [
      'removes the stack',
      anyModule(dockerStack),
      { name: 'st', state: 'absent' },
      secret({}),
      'state st present>absent',
    ],
    ['has no stack', anyModule(dockerStack), { name: 'st', state: 'absent' }, says([]), 'ok'],
  ])('%s', (_what, module, args, answers, expected) => {
    expect(brief(decideWith(module, args, answers))).toBe(expected)
  })

  it.each<[string, Module, object, Answers]>([
    ['a token', anyModule(dockerSwarm), join, alone],
    ['a signing key', anyModule(dockerSwarm), { signing_ca_cert: 'x', signing_ca_key: 'hunter2' }, alone],
    ['a secret', anyModule(dockerSecret), { name: 's', data: 'hunter2' }, says([])],
  ])('hands %s over in a file', (_what, module, args, answers) => {
    const stdout = 'HTTP/1.0 201 Created\r\nA: b\r\n\r\n{"ID":"i2"}'
    const { actions } = drive(decideWith(module, args, answers), () => ({ stdout }))
    const [asked] = actions
    expect(new TextDecoder().decode(asked?.do === 'run' ? asked.files?.request : undefined)).toMatch(
      /hunter2|aHVudGVyMg/,
    )
    expect(
      JSON.stringify(actions.map(one => (one.do === 'run' ? [one.argv, one.script, one.env] : one))),
    ).not.toMatch(/hunter2|aHVudGVyMg/)
  })

  it('fails with the words of the engine', () => {
    const stdout = 'HTTP/1.0 409 Conflict\r\n\r\n{"message":"name conflicts"}'
    const { result } = drive(decideWith(dockerSecret, { name: 's', data: 'x' }, says([])), () => ({ stdout }))
    expect(result).toMatchObject({ failed: true, msg: 'docker could not make the secret s: name conflicts' })
  })

  it.each<[string, Module, object]>([
    ['a join without a token', anyModule(dockerSwarm), { state: 'join', remote_addrs: 'm' }],
    ['a removal of no node', anyModule(dockerSwarm), { state: 'remove' }],
    ['a secret of nothing', anyModule(dockerSecret), { name: 's' }],
    ['a stack of nothing', anyModule(dockerStack), { name: 'st' }],
  ])('refuses %s', (_what, module, args) => {
    expect(module.args().safeParse(args).success).toBe(false)
  })
})
