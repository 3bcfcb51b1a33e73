import { describe, expect, it } from 'vitest'
import { dockerContainerExec } from '../../src/modules/docker_container_exec.ts'
import { dockerLogin } from '../../src/modules/docker_login.ts'
import { dockerPrune } from '../../src/modules/docker_prune.ts'
import { type Answers, brief, decideWith, drive, lines, textContent } from './tables.ts'

const config =
  (auths: object | null): Answers =>
  key => {
    if (key.kind === 'user') return { exists: true, name: 'root', home: '/root' }
    return key.kind === 'content' && auths !== null ? textContent(JSON.stringify({ auths })) : undefined
  }
const auth = (text: string) => ({ auth: Buffer.from(text).toString('base64') })

describe('docker_login.decide', () => {
  const login = { registry_url: 'ghcr.io', username: 'ada', password: 'hunter2' }
  it.each<[string, object, object | null, string]>([
    ['logs in', login, null, 'login ghcr.io >ada'],
    ['is done', login, { 'ghcr.io': auth('ada:hunter2') }, 'ok'],
    [
      'is done with the address written out',
      { ...login, registry_url: 'https://ghcr.io/v2/' },
      { 'ghcr.io': auth('ada:hunter2') },
      'ok',
    ],
    ['changes the password', login, { 'ghcr.io': auth('ada:old') }, 'login ghcr.io present>ada'],
    ['trusts a credential store', login, { 'ghcr.io': {} }, 'ok'],
    [
      'logs in again when told so',
      { ...login, reauthorize: true },
      { 'ghcr.io': auth('ada:hunter2') },
      'login ghcr.io present>ada',
    ],
    ['logs out', { registry_url: 'ghcr.io', state: 'absent' }, { 'ghcr.io': {} }, 'login ghcr.io present>'],
    ['is done when logged out', { registry_url: 'ghcr.io', state: 'absent' }, null, 'ok'],
  ])('%s', (_why, args, auths, says) => {
    expect(brief(decideWith(dockerLogin, args, config(auths)))).toBe(says)
  })

  it('hands the password over on standard input only', () => {
    const { actions } = drive(decideWith(dockerLogin, login, config(null)))
    expect(actions).toMatchObject([{ stdin: 'hunter2' }])
    expect(lines(actions)).toEqual([
      'docker --config /root/.docker login --username ada --password-stdin ghcr.io',
    ])
  })
})

describe('docker_container_exec', () => {
  const args = {
    container: 'db',
    command: "psql -c 'select 1'",
    env: { PGPASSWORD: 'hunter2' },
    user: 'postgres',
    stdin: 'x',
  }

  it('keeps values of env out of the command line', () => {
    const { actions } = drive(decideWith(dockerContainerExec, args))
    expect(lines(actions)).toEqual([
      'docker exec --interactive --user postgres --env=PGPASSWORD db psql -c select 1',
    ])
    expect(actions[0]).toMatchObject({ env: { PGPASSWORD: 'hunter2' }, stdin: 'x\n' })
  })

  it.each<[string, number, object]>([
    ['a change', 0, { rc: 0, changed: true }],
    ['a failure', 2, { rc: 2, failed: true, msg: 'non-zero return code' }],
  ])('reports %s', (_why, code, result) => {
    expect(drive(decideWith(dockerContainerExec, args), () => ({ code })).result).toMatchObject(result)
  })

  it('warns in check mode of a secret among the arguments, and leaves it to the engine where it runs', () => {
    const args = { container: 'db', argv: ['login', 'hunter2'] }
    const [checked, run] = [true, false].map(check =>
      decideWith(dockerContainerExec, args, undefined, { check }),
    )
    expect(checked).toMatchObject({ warnings: [expect.stringContaining('`stdin:`')] })
    expect(run).toMatchObject({ warnings: [] })
  })
})

describe('docker_prune', () => {
  it.each<[string, object, string[]]>([
    [
      'containers with filters',
      { containers: true, containers_filters: { until: '24h', label: ['a', 'b'] } },
      ['docker container prune --force --filter until=24h --filter label=a --filter label=b'],
    ],
    [
      'all unused images',
      { images: true, images_filters: { dangling: false } },
      ['docker image prune --force --all'],
    ],
    [
      'networks, then volumes',
      { networks: true, volumes: 'yes' },
      ['docker network prune --force', 'docker volume prune --force'],
    ],
  ])('removes %s', (_why, args, commands) => {
    expect(lines(drive(decideWith(dockerPrune, args)).actions)).toEqual(commands)
  })

  it.each<[string, string, object]>([
    [
      'nothing',
      'Total reclaimed space: 0B\n',
      { containers: [], containers_space_reclaimed: 0, changed: false },
    ],
    [
      'what went',
      'Deleted Containers:\nabc\n\nTotal reclaimed space: 1MB\n',
      { containers: ['abc'], containers_space_reclaimed: 1_000_000, changed: true },
    ],
  ])('reports %s', (_why, stdout, result) => {
    expect(drive(decideWith(dockerPrune, { containers: true }), () => ({ stdout })).result).toEqual(result)
  })

  it('is done when nothing is asked', () => {
    expect(brief(decideWith(dockerPrune, {}))).toBe('ok')
  })

  it.each([
    [dockerLogin, { state: 'absent' }],
    [dockerContainerExec, { container: 'a', command: 'b' }],
    [dockerPrune, {}],
  ] as const)('refuses a key it does not know', (module, args) => {
    expect(module.args().safeParse({ ...args, colour: 'red' }).success).toBe(false)
    expect(module.args().safeParse(args).success).toBe(true)
  })
})
