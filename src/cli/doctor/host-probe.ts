/** What a host has of the things runs make use of: one script, and what its answers mean. */
import { type Finding, fail, ok, warn } from './finding.ts'

/** Prints `name=value` lines. Asks nothing, changes nothing. */
export const HOST_SCRIPT = `
echo "uid=$(id -u)"
echo "user=$(id -un)"
echo "time=$(date +%s)"
for p in timeout setsid sudo doas docker systemctl apt-get dnf apk; do
  if command -v $p >/dev/null 2>&1; then echo "$p=yes"; fi
done
if sudo -n true >/dev/null 2>&1; then echo root=sudo; elif doas -n true >/dev/null 2>&1; then echo root=doas; fi
if ls --version 2>/dev/null | grep -qi coreutils; then echo tools=coreutils
elif ls --help 2>&1 | grep -qi busybox; then echo tools=busybox; fi
if docker info >/dev/null 2>&1; then echo docker=running; fi
if [ -d /run/systemd/system ]; then echo systemctl=running; fi
for d in / /var /tmp; do
  df -Pk $d 2>/dev/null | tail -n 1 | { read -r fs size used free rest; echo "disk=$d $size $free"; }
done
if [ -r /etc/os-release ]; then . /etc/os-release; echo "os=$PRETTY_NAME"; fi
`

export interface HostAnswers {
  readonly stdout: string
  /** Seconds since the epoch here, in the middle of the request. */
  readonly localTime: number
}

export function hostFindings({ stdout, localTime }: HostAnswers): readonly Finding[] {
  const lines = stdout.split('\n').map(line => line.split(/=(.*)/s))
  const answers = new Map(lines.map(([name = '', value = '']) => [name, value]))
  const disks = lines.filter(([name]) => name === 'disk').map(([, value = '']) => value)
  const has = (name: string) => answers.has(name)
  return [
    ok('system', answers.get('os') ?? 'unknown'),
    becomeRoot(answers),
    has('timeout') && has('setsid')
      ? ok('time limits', 'timeout and setsid are there')
      : warn(
          'time limits',
          `${['timeout', 'setsid'].filter(name => !has(name)).join(' and ')} missing`,
          'Tasks work; one that hangs is ended less thoroughly. Install coreutils and util-linux, or busybox.',
        ),
    has('tools')
      ? ok('tools', answers.get('tools') ?? '')
      : warn('tools', 'neither coreutils nor busybox', 'Modules are tried on these two; others may differ.'),
    packages(has),
    service(answers, 'systemctl', 'systemd'),
    service(answers, 'docker', 'docker'),
    disk(disks),
    clock(Number(answers.get('time')), localTime),
  ]
}

function becomeRoot(answers: ReadonlyMap<string, string>): Finding {
  const user = answers.get('user') ?? 'unknown'
  if (answers.get('uid') === '0') return ok('root', 'logged in as root')
  const without = answers.get('root')
  if (without) return ok('root', `${user} becomes root with ${without}, without a password`)
  if (answers.has('sudo') || answers.has('doas')) {
    return warn(
      'root',
      `${user} needs a password to become root, or may not`,
      'Give it with -K, or let the user use sudo without one (NOPASSWD in /etc/sudoers.d).',
    )
  }
  return warn(
    'root',
    `${user} is not root, and there is neither sudo nor doas`,
    'Log in as root, install sudo, or use become_method: su.',
  )
}

function packages(has: (name: string) => boolean): Finding {
  const found = ['apt-get', 'dnf', 'apk'].find(has)
  if (found === 'apt-get' || found === 'dnf') return ok('packages', found)
  return warn('packages', found ?? 'no apt or dnf', 'The modules apt, dnf and package cannot be used there.')
}

function service(answers: ReadonlyMap<string, string>, program: string, name: string): Finding {
  if (answers.get(program) === 'running') return ok(name, 'running')
  if (!answers.has(program)) return ok(name, 'not installed')
  return name === 'docker'
    ? warn(name, 'installed, but this user cannot reach it', 'Fine when roles use it as root; else start it.')
    : warn(
        name,
        'installed, but it does not run the system',
        'The modules systemd and service do not work there.',
      )
}

/** Kilobytes; below this no package can be unpacked. */
const TOO_LITTLE = 200 * 1024
const LITTLE = 1024 * 1024

function disk(disks: readonly string[]): Finding {
  const found = disks.map(line => {
    const [mount = '', , free = '0'] = line.split(' ')
    return { mount, free: Number(free) }
  })
  const [least] = [...found].sort((a, b) => a.free - b.free)
  if (least === undefined) return warn('disk', 'df told nothing', 'Look yourself: df -h')
  const shown = found.map(({ mount, free }) => `${mount} ${size(free)}`).join(', ')
  if (least.free < TOO_LITTLE) return fail('disk', `free: ${shown}`, `Make room in ${least.mount}.`)
  if (least.free < LITTLE) return warn('disk', `free: ${shown}`, `${least.mount} is nearly full.`)
  return ok('disk', `free: ${shown}`)
}

function size(kilobytes: number): string {
  const gigabytes = kilobytes / 1024 / 1024
  return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GB` : `${Math.round(kilobytes / 1024)} MB`
}

function clock(there: number, here: number): Finding {
  const apart = Math.round(Math.abs(there - here))
  if (Number.isNaN(apart)) return warn('clock', 'date told nothing', 'Look yourself: date')
  if (apart <= 5) return ok('clock', 'the same as here')
  const found = `${apart} s ${there > here ? 'ahead of' : 'behind'} this machine`
  const advice = 'Turn on time synchronisation; certificates and logs depend on it.'
  return apart > 300 ? fail('clock', found, advice) : warn('clock', found, advice)
}
