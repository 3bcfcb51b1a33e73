import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BASE_IMAGE, fingerprint } from '../../src/sandbox/docker-image.ts'
import type { SandboxInfo } from '../../src/sandbox/index.ts'
import type { Check } from '../../src/verify/checks.ts'
import { startTestbed, type Testbed, whyNoTestbed } from '../testbed/index.ts'
import { ensureImage } from '../testbed/service-images.ts'
import { changed, FOR_THE_TESTBED, StackProject } from './stack-project.ts'

const reason = whyNoTestbed()
if (reason !== null) console.warn(`the applications are not deployed: ${reason}`)

/** No registry that can be reached here has these: each is a stand-in, run by the user that the real one has. */
const STAND_INS = {
  litellm: { reference: 'vpai-test/litellm:v1.81.3-stable', user: 0 },
  nocodb: { reference: 'nocodb/nocodb:0.301.2', user: 0 },
  openclaw: { reference: 'vpai-test/openclaw:2026.2.23', user: 1000 },
  sure: { reference: 'vpai-test/sure:0.7.4', user: 1000 },
  diun: { reference: 'crazymax/diun:4.31.0', user: 0 },
  'palais-base': { reference: 'vpai-test/palais-base:1.0.0', user: 1001 },
}

/** Each look of Docker starts a program in the container: thirteen a second would keep both processors busy. */
const INTERVALS = Object.fromEntries(
  ['n8n', 'litellm', 'nocodb', 'openclaw', 'sure', 'palais', 'diun'].map(name => [
    `${name}_health_interval`,
    '4s',
  ]),
)

const CONTAINERS = [
  ...['caddy', 'diun', 'litellm', 'n8n', 'nocodb', 'openclaw', 'palais', 'postgresql'],
  ...['qdrant', 'redis', 'sure-web', 'sure-worker'],
].map(name => `stack_${name}`)

describe.skipIf(reason !== null)('all applications of the stack', () => {
  const project = new StackProject()
  let testbed: Testbed
  let host: SandboxInfo
  const run = async (command: string) => {
    const { code, stdout, stderr } = await testbed.exec(host, command)
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${stdout}${stderr}`)
    return stdout.trim()
  }
  const running = () =>
    run("docker inspect -f '{{.Name}} {{.Id}} {{.State.StartedAt}}' $(docker ps -q) | sort")

  beforeAll(async () => {
    testbed = await startTestbed()
    host = testbed.hosts[0] as SandboxInfo
    const recipe = path.resolve(import.meta.dirname, '../images/application-stand-in')
    for (const { reference, user } of Object.values(STAND_INS)) {
      const tag = `vpai-testbed-application-stand-in-${user}:${fingerprint(recipe)}`
      await ensureImage(tag, recipe, { BASE: BASE_IMAGE, ACCOUNT: String(user) })
      await testbed.pushImage(tag, reference)
    }
    const source = path.join(project.folder, 'palais')
    mkdirSync(path.join(source, 'node_modules'), { recursive: true })
    writeFileSync(
      path.join(source, 'Dockerfile'),
      `FROM ${STAND_INS['palais-base'].reference}\nCOPY app.js /app/\n`,
    )
    writeFileSync(path.join(source, 'app.js'), 'one')
    writeFileSync(path.join(source, 'node_modules/large.js'), 'not sent')
    const images = Object.entries(STAND_INS).map(([name, { reference }]) => [`image_${name}`, reference])
    await project.prepare(host, {
      ...FOR_THE_TESTBED,
      ...INTERVALS,
      stack_health_interval: '3s',
      ...Object.fromEntries(images.filter(([name]) => name !== 'image_palais-base')),
      palais_enabled: true,
      palais_source: source,
      openrouter_api_key: 'sk-or-for-the-test',
      postgresql_uid: Number(await run('docker run --rm --entrypoint id postgres:18.1-bookworm -u postgres')),
    })
  })
  afterAll(async () => {
    project.remove()
    await testbed?.stop()
  })

  it('are deployed and healthy, each with what it needs of the others', async () => {
    const first = await project.deploy()
    expect(first.tasks.filter(task => task.status === 'failed')).toEqual([])
    expect(first.code).toBe(0)
    const health = await run("docker ps --format '{{.Names}} {{.Status}}' | sort")
    expect(health.split('\n').map(line => line.replace(/Up .*\((.*)\)/, '$1'))).toEqual(
      CONTAINERS.map(name => `${name} healthy`),
    )
  })

  it('are verified, each by what its role says', async () => {
    const { stdout, stderr } = await project.vpai([
      ...['verify', 'prod', '-i', 'inventory', '-i', 'testbed.yml', '--output', 'json'],
    ])
    if (!stdout.startsWith('{')) throw new Error(stdout + stderr)
    const checks: readonly Check[] = JSON.parse(stdout).hosts['vps-prod-01'].checks
    expect(checks.filter(({ result }) => result !== 'pass')).toEqual([])
    const named = new Set(checks.map(({ service }) => `stack_${service}`))
    expect(CONTAINERS.filter(name => !named.has(name))).toEqual([])
  })

  it('have their secrets in files of root alone, and settings that only their user reads', async () => {
    const files = await run(
      "cd /opt/stack/configs && stat -c '%a %u %n' */*.env */*.json */*/*.json diun/* 2>/dev/null | sort",
    )
    expect(files.split('\n')).toEqual([
      '400 0 diun/diun.yml',
      '400 1000 openclaw/gateway/openclaw.json',
      ...['litellm', 'n8n', 'nocodb', 'openclaw', 'palais', 'sure'].map(name => `600 0 ${name}/${name}.env`),
    ])
  })

  it('bring the image of the sandboxes, and that of Palais without what is made anew', async () => {
    expect(await run("docker image inspect -f '{{.Config.Labels.sandbox}}' openclaw-sandbox:2026.2.23")).toBe(
      'stand-in',
    )
    expect(await run('ls -A /opt/stack/palais-app')).toBe('Dockerfile\napp.js')
  })

  it('change nothing the second time, and restart nothing; a plan says so', async () => {
    const before = await running()
    const second = await project.deploy()
    expect(changed(second)).toEqual([])
    expect(second.stats).toMatchObject({ changed: 0, failed: 0 })
    const plan = await project.deploy([], 'plan')
    expect(plan.stats).toMatchObject({ changed: 0, late: 0 })
    expect(await running()).toBe(before)
  })

  it('restart alone when a file that they mount has changed, and are made anew when their image is', async () => {
    const before = (await running()).split('\n')
    writeFileSync(path.join(project.folder, 'palais/app.js'), 'two')
    const real = await project.deploy(['--no-snapshot', '-e', 'litellm_budget_global_daily=7'])
    expect(changed(real)).toEqual([
      'Models and budgets',
      'The source',
      'The image is built',
      'Restart LiteLLM',
      'Phase B runs',
    ])
    const after = (await running()).split('\n')
    const others = after.filter(line => !before.includes(line)).map(line => line.split(' ')[0])
    expect(others).toEqual(['/stack_litellm', '/stack_palais'])
    expect(await run('docker exec stack_palais cat /app/app.js')).toBe('two')
    expect(await run('docker exec stack_litellm grep max_budget /app/config.yaml')).toContain('7')
  })
})
