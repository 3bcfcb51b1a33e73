/** What tests need of Debian: installed as root, else named. */
import { spawnSync } from 'node:child_process'

/** null when all are there (now); else why not, for people. */
export function installPackages(packages) {
  const missing = packages.filter(name => !isInstalled(name))
  if (missing.length === 0) return null
  if (!has('dpkg-query')) return `this is not Debian or Ubuntu; it needs: ${missing.join(' ')}`
  if (process.getuid() !== 0) return `needs these packages (apt-get install ${missing.join(' ')})`
  console.log(`installing ${missing.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
  const install = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  })
  return install.status === 0 ? null : `apt-get could not install ${missing.join(' ')}`
}

function isInstalled(name) {
  const asked = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Abbrev}', name], { encoding: 'utf8' })
  return asked.status === 0 && asked.stdout.startsWith('ii')
}

function has(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}
