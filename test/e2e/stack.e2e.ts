import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SandboxInfo } from '../../src/sandbox/index.ts'
import type { Check } from '../../src/verify/checks.ts'
import { verifyDocument } from '../../src/verify/document.ts'
import { startTestbed, type Testbed, whyNoTestbed } from '../testbed/index.ts'
import { changed, FOR_THE_TESTBED, StackProject } from './stack-project.ts'

const reason = whyNoTestbed()
if (reason !== null) console.warn(`the stack is not deployed: ${reason}`)

/** applications.long.ts has them. */
const NO_MORE_APPLICATIONS = {
  ...{ litellm_enabled: false, nocodb_enabled: false, openclaw_enabled: false, sure_enabled: false },
  diun_enabled: false,
}

describe.skipIf(reason !== null)('the first phases of the stack', () => {
  const project = new StackProject()
  let testbed: Testbed
  let host: SandboxInfo
  const run = async (command: string) => {
    const { code, stdout, stderr } = await testbed.exec(host, command)
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${stdout}${stderr}`)
    return stdout.trim()
  }
  const containers = () =>
    run(
      "docker ps --format '{{.Names}} {{.ID}} {{.Image}}' | sort; docker inspect -f '{{.State.StartedAt}}' $(docker ps -q | sort)",
    )

  beforeAll(async () => {
    testbed = await startTestbed()
    host = testbed.hosts[0] as SandboxInfo
    const postgresUid = await run('docker run --rm --entrypoint id postgres:18.1-bookworm -u postgres')
    await project.prepare(host, {
      ...FOR_THE_TESTBED,
      ...NO_MORE_APPLICATIONS,
      postgresql_uid: Number(postgresUid),
    })
  })
  afterAll(async () => {
    project.remove()
    await testbed?.stop()
  })

  it('are deployed: five healthy containers, five networks, databases and collections', async () => {
    const first = await project.deploy()
    expect(first.tasks.filter(task => task.status === 'failed')).toEqual([])
    expect(first.code).toBe(0)
    const health = await run("docker ps --format '{{.Names}} {{.Status}}' | sort")
    expect(health.split('\n').map(line => line.replace(/Up .*\((.*)\)/, '$1'))).toEqual([
      'stack_caddy healthy',
      'stack_n8n healthy',
      'stack_postgresql healthy',
      'stack_qdrant healthy',
      'stack_redis healthy',
    ])
    expect((await run("docker network ls --format '{{.Name}}' | grep ^stack_ | sort")).split('\n')).toEqual(
      ['backend', 'egress', 'frontend', 'monitoring', 'sandbox'].map(name => `stack_${name}`),
    )
    const databases = await run(
      'docker exec stack_postgresql psql -U postgres -Atc "select datname from pg_database order by 1"',
    )
    expect(databases.split('\n')).toContain('n8n')
  })

  it('say which real versions stand behind the pinned names', async () => {
    for (const name of ['postgresql', 'redis', 'caddy']) {
      expect(await run(`docker logs stack_${name} 2>&1 | grep -m1 'real version'`)).toMatch(
        /^real version \S+ under pinned name \S+:\S+$/,
      )
    }
  })

  it('change nothing the second time, and restart no container', async () => {
    const before = await containers()
    const second = await project.deploy()
    expect(changed(second)).toEqual([])
    expect(second.stats).toMatchObject({ changed: 0, failed: 0 })
    expect(await containers()).toBe(before)
  })

  it('are verified from the host itself, and what does not hold is named', async () => {
    const verify = async () => {
      const { code, stdout, stderr } = await project.vpai([
        ...['verify', 'prod', '-i', 'inventory', '-i', 'testbed.yml', '--output', 'json'],
      ])
      if (!stdout.startsWith('{')) throw new Error(`verify ended with ${code}: ${stdout}${stderr}`)
      const document = JSON.parse(stdout)
      expect(verifyDocument.parse(document)).toEqual(document)
      const checks: readonly Check[] = document.hosts['vps-prod-01'].checks
      const ill = checks.filter(({ result }) => result !== 'pass')
      return {
        code,
        count: checks.length,
        ill: ill.map(({ service, name, why }) => `${service}: ${name}: ${why}`),
      }
    }
    const well = await verify()
    expect(well).toMatchObject({ code: 0, ill: [] })
    expect(well.count).toBeGreaterThan(12)
    const psql = (text: string) => run(`docker exec stack_postgresql psql -U postgres -qc '${text}'`)
    await psql('alter database n8n rename to lost')
    await run('docker stop -t 1 stack_redis')
    const ill = await verify().finally(async () => {
      await psql('alter database lost rename to n8n')
      await run('docker start stack_redis; until docker exec stack_redis true; do sleep 0.2; done')
    })
    expect(ill).toEqual({
      code: 2,
      count: well.count,
      ill: [
        'redis: runs and is healthy: stack_redis is exited',
        expect.stringMatching(/^redis: Redis answers: ended with 1: .*not running/),
        'postgresql: all databases are there: missing: n8n',
      ],
    })
  })

  it('are predicted exactly on a converged host: no change, nothing known only after apply', async () => {
    const plan = await project.deploy([], 'plan')
    console.log(
      `converged host: ${plan.stats.changed} changes predicted, ${plan.stats.late} known after apply`,
    )
    expect(plan.code).toBe(0)
    expect(plan.stats).toMatchObject({ changed: 0, late: 0 })
  })

  it('change one task and run its handler once when a template is edited, as the plan said', async () => {
    cpSync(path.resolve('roles/redis'), path.join(project.folder, 'roles/redis'), { recursive: true })
    const template = path.join(project.folder, 'roles/redis/templates/redis.conf.j2')
    writeFileSync(template, `${readFileSync(template, 'utf8')}# edited\n`)
    const plan = await project.deploy([], 'plan')
    const real = await project.deploy()
    expect(changed(real)).toEqual(['Settings', 'Restart Redis'])
    expect(real.tasks.map(task => task.name)).toContain('Every database of PostgreSQL is kept')
    const verdicts = new Map(real.tasks.map(task => [task.taskId, task.status]))
    const late = plan.tasks.filter(({ status }) => status === 'late')
    const wrong = plan.tasks.filter(
      ({ taskId, status }) =>
        status !== 'late' && (status === 'changed') !== (verdicts.get(taskId) === 'changed'),
    )
    expect(plan.code).toBe(2)
    expect(changed(plan)).toEqual(['Settings'])
    console.log(
      `edited template: ${wrong.length} wrong verdicts, ${late.length} of ${plan.tasks.length} known after apply`,
    )
    expect(wrong).toEqual([])
    // It says itself whether it had anything to restart.
    expect(late.map(task => task.name)).toEqual(['Restart Redis'])
    expect(late.length).toBeLessThanOrEqual(plan.tasks.length / 10)
    expect((await project.deploy()).stats.changed).toBe(0)
  })

  it('make anew only the application whose file of variables changed', async () => {
    const started = (name: string) => run(`docker inspect -f '{{.Id}} {{.State.StartedAt}}' stack_${name}`)
    const others = ['postgresql', 'redis', 'qdrant', 'caddy']
    const [n8n, before] = [await started('n8n'), await Promise.all(others.map(started))]
    const real = await project.deploy(['--no-snapshot', '-e', 'n8n_executions_max_age=24'])
    expect(changed(real)).toEqual(['Settings and secrets', 'Phase B runs'])
    expect(await Promise.all(others.map(started))).toEqual(before)
    expect(await started('n8n')).not.toBe(n8n)
    expect(await run('docker exec stack_n8n printenv EXECUTIONS_DATA_MAX_AGE')).toBe('24')
    expect(await run('stat -c "%a %U" /opt/stack/configs/n8n/n8n.env')).toBe('600 root')
  })

  it('take an application away that is no longer enabled, and keep its data', async () => {
    const off = await project.deploy(['--no-snapshot', '-e', '{"n8n_enabled": false}'])
    expect(changed(off)).toEqual([
      'Routes',
      'Reload Caddy',
      'Phase B is gone',
      'The Compose file of phase B is gone',
      'What is saved',
    ])
    expect(await run("docker ps -a --format '{{.Names}}' | sort")).not.toContain('n8n')
    expect(await run('stat -c %u /opt/stack/data/n8n')).toBe('1000')
    expect((await project.deploy(['-e', '{"n8n_enabled": false}'])).stats.changed).toBe(0)
  })

  it('stop at the pull of an unknown tag, with the image and the answer of the registry, and leave the old container', async () => {
    const before = await run("docker inspect -f '{{.Id}} {{.State.StartedAt}}' stack_redis")
    const failed = await project.deploy(['-e', 'image_redis=127.0.0.1:5000/library/redis:9.9-nowhere'])
    expect(failed.code).toBe(2)
    const [task] = failed.tasks.filter(one => one.status === 'failed')
    expect(task?.name).toBe('Phase A runs')
    expect(task?.reason).toContain('127.0.0.1:5000/library/redis:9.9-nowhere')
    expect(task?.reason).toMatch(/manifest.*(unknown|not found)/)
    expect(await run("docker inspect -f '{{.Id}} {{.State.StartedAt}}' stack_redis")).toBe(before)
  })

  it('stop after the polls when a container turns unhealthy, with its last 30 log lines', async () => {
    const failed = await project.deploy([
      '--no-snapshot',
      '-e',
      'image_redis=127.0.0.1:5000/vpai-test/unhealthy:1.0',
      '-e',
      'stack_health_retries=8',
    ])
    expect(failed.code).toBe(2)
    const [task] = failed.tasks.filter(one => one.status === 'failed')
    expect(task?.reason).toContain('stack_redis is unhealthy after 8 looks')
    expect(task?.name).toBe('Data services are healthy')
    const lines = task?.reason?.split('\n').filter(line => line.startsWith('broken release')) ?? []
    expect(lines).toHaveLength(30)
    expect(lines.at(-1)).toContain('line 40 of 40')
  })
})
