/**
 * `make demo`: the main job on a throw-away host of this machine. Writes only to a temporary folder, which
 * it removes; the host, too, is gone at the end. KEEP=1 keeps both. BACKEND=docker takes a container as the
 * host, where there is a Docker engine.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const vpai = path.join(root, 'dist', 'vpai.mjs')
const project = path.join(mkdtempSync(path.join(tmpdir(), 'vpai-demo-')), 'project')
const started = Date.now()
/** Nothing is left at home. */
const env = {
  ...process.env,
  VPAI_AGE_IDENTITY: path.join(path.dirname(project), 'identity'),
  VPAI_CODE_CACHE: path.join(path.dirname(project), 'code'),
}
const inventories = ['-i', 'inventory', '-i', 'sandbox.yml']

cpSync(path.join(root, 'examples', 'demo'), project, { recursive: true })
const isDocker = process.env.BACKEND === 'docker'
let failed = false
let isUp = false
try {
  const what = isDocker ? 'in a container' : 'in namespaces of this machine'
  tell(`A throw-away host, ${what}, reached over real SSH`)
  must(0, ['sandbox', 'up', ...(isDocker ? ['--backend', 'docker'] : [])])
  isUp = true
  standIn()
  tell('The wizard: answers from a file, secrets generated and encrypted')
  must(0, ['wizard', '--answers', 'answers.yml'])
  run('sh', ['-c', 'ls -l inventory; head -c 22 inventory/secrets.age; echo " … (encrypted)"'])
  tell('First deploy: phases, templates, a secret, a service whose health is polled')
  must(0, ['deploy', 'prod', '--yes', ...inventories])
  tell('Second deploy: nothing to do')
  must(0, ['deploy', 'prod', '--yes', ...inventories])
  noChanges()
  tell('Somebody edits a file on the host by hand')
  must(0, [
    'exec',
    'prod',
    ...inventories,
    '--',
    "sed -i 's/^greeting=.*/greeting=Hacked/' /opt/demo/etc/guestbook.conf",
  ])
  tell('The plan shows exactly that (exit code 2: changes are waiting)')
  must(2, ['plan', 'prod', ...inventories])
  tell('The next deploy puts it right')
  must(0, ['deploy', 'prod', '--yes', ...inventories])
} catch (error) {
  failed = true
  console.error(`\ndemo: ${error.message}`)
  if (!isUp && !isDocker) console.error('With a Docker engine: BACKEND=docker make demo')
} finally {
  if (!process.env.KEEP) {
    if (isUp) run(process.execPath, [vpai, 'sandbox', 'down'])
    rmSync(path.dirname(project), { recursive: true, force: true })
  }
}
console.log(
  failed
    ? '\nThe demo did not finish.'
    : `\nDone in ${Math.round((Date.now() - started) / 1000)} s. Everything is gone again.`,
)
process.exitCode = failed ? 1 : 0

function tell(text) {
  const colour = process.stdout.isTTY && !process.env.NO_COLOR
  console.log(colour ? `\n\u001b[1m### ${text}\u001b[0m` : `\n### ${text}`)
}

function run(program, args) {
  return spawnSync(program, args, { cwd: project, env, stdio: 'inherit' }).status
}

function must(code, args) {
  console.log(`$ vpai ${args.map(one => (/[\s'"]/.test(one) ? JSON.stringify(one) : one)).join(' ')}`)
  const status = run(process.execPath, [vpai, ...args])
  if (status !== code) throw new Error(`vpai ${args[0]} ended with ${status} instead of ${code}`)
}

/** The wizard's inventory names a host at a documentation address; a second inventory says that the sandbox stands in for it. */
function standIn() {
  const state = JSON.parse(readFileSync(path.join(project, '.vpai/sandbox/default/sandbox.json'), 'utf8'))
  const { port, user, privateKeyPath, knownHostsPath } = state.info ?? state
  const host = {
    ansible_host: '127.0.0.1',
    ansible_port: port,
    ansible_user: user,
    ansible_ssh_private_key_file: privateKeyPath,
    vpai_known_hosts_file: knownHostsPath,
  }
  writeFileSync(
    path.join(project, 'sandbox.yml'),
    JSON.stringify({ all: { hosts: { 'vps-prod-01': host } } }, null, 2),
  )
}

function noChanges() {
  const { stdout } = spawnSync(
    process.execPath,
    [vpai, 'deploy', 'prod', '--yes', ...inventories, '--output', 'json'],
    { cwd: project, env, encoding: 'utf8' },
  )
  const stats = Object.values(JSON.parse(stdout).stats)
  if (stats.some(one => one.changed > 0)) throw new Error('a deploy of a converged host reported changes')
}
