/**
 * The Docker engine the test hosts run in. $DOCKER_HOST when one is offered; otherwise an own dockerd with its own
 * folders, socket and bridge, shared by the test processes that run at a time and ended with the last of them.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { identify, isAlive, type ProcessIdentity } from '../../src/sandbox/process-identity.ts'
import { exclusively } from './exclusive.ts'

/** Sets DOCKER_HOST of this process. Resolves to what gives the engine back. */
export async function useOuterEngine(cache: string): Promise<() => Promise<void>> {
  if (process.env.DOCKER_HOST !== undefined && (await answers(process.env.DOCKER_HOST)))
    return async () => undefined
  mkdirSync(join(cache, 'users'), { recursive: true })
  const socket = `unix://${join(cache, 'docker.sock')}`
  const own = join(cache, 'users', `${process.pid}-${Date.now()}`)
  await exclusively(join(cache, 'lock'), async () => {
    writeFileSync(own, JSON.stringify(identify(process.pid)))
    if (!(await answers(socket))) await startEngine(cache, socket)
  })
  process.env.DOCKER_HOST = socket
  return async () => {
    delete process.env.DOCKER_HOST
    await exclusively(join(cache, 'lock'), async () => {
      rmSync(own, { force: true })
      if (!hasUsers(cache)) await stopEngine(cache)
    })
  }
}

async function startEngine(cache: string, socket: string): Promise<void> {
  await stopEngine(cache)
  await makeBridge(cache)
  const log = openSync(join(cache, 'dockerd.log'), 'w')
  const folders = [
    '--data-root',
    join(cache, 'data'),
    '--exec-root',
    join(cache, 'exec'),
    '-p',
    join(cache, 'docker.pid'),
  ]
  const engine = spawn('dockerd', [...folders, '-H', socket, '--bridge', bridgeOf(cache).name], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  engine.unref()
  await new Promise((resolve, reject) => engine.once('spawn', resolve).once('error', reject))
  writeFileSync(join(cache, 'engine.json'), JSON.stringify(identify(engine.pid ?? 0)))
  for (let waited = 0; waited < 60_000; waited += 100) {
    if (await answers(socket)) return
    if (engine.exitCode !== null) break
    await sleep(100)
  }
  throw new Error(
    `dockerd does not answer:\n${readFileSync(join(cache, 'dockerd.log'), 'utf8').slice(-2000)}`,
  )
}

/** Ends the dockerd this test bed started, now or in a run that crashed. */
async function stopEngine(cache: string): Promise<void> {
  const record = join(cache, 'engine.json')
  if (existsSync(record)) {
    const engine = JSON.parse(readFileSync(record, 'utf8')) as ProcessIdentity | null
    if (engine !== null && isAlive(engine)) {
      process.kill(engine.pid, 'SIGTERM')
      for (let waited = 0; waited < 30_000 && isAlive(engine); waited += 50) await sleep(50)
    }
    rmSync(record)
  }
  await execa('ip', ['link', 'delete', bridgeOf(cache).name], { reject: false })
}

/** Two engines with different folders do not share a bridge. */
function bridgeOf(cache: string): { readonly name: string; readonly address: string } {
  const digest = createHash('sha256').update(cache).digest()
  return { name: `vpai-tb-${digest.toString('hex').slice(0, 6)}`, address: `10.213.${digest[0]}.1/24` }
}
async function makeBridge(cache: string): Promise<void> {
  const { name, address } = bridgeOf(cache)
  await execa('ip', ['link', 'add', 'name', name, 'type', 'bridge'])
  await execa('ip', ['address', 'add', address, 'dev', name])
  await execa('ip', ['link', 'set', name, 'up'])
}

function hasUsers(cache: string): boolean {
  const folder = join(cache, 'users')
  return readdirSync(folder).some(name => {
    const user = JSON.parse(readFileSync(join(folder, name), 'utf8') || 'null') as ProcessIdentity | null
    if (user !== null && isAlive(user)) return true
    rmSync(join(folder, name))
    return false
  })
}

async function answers(host: string): Promise<boolean> {
  return !(await execa('docker', ['-H', host, 'version'], { reject: false })).failed
}
