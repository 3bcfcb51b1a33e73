/** What may be wrong with a host. Scripts are root's, with $target and $record; the host is thrown away afterwards. */

export interface HostFault {
  readonly name: string
  /** Makes it. */
  readonly make: string
  /** More variables of the host. */
  readonly variables?: Readonly<Record<string, unknown>>
  /** How the deploy ends, and what it says; null: it goes through all the same. `untouched`: it changed nothing. */
  readonly ends: { readonly code: number; readonly told: RegExp; readonly untouched?: true } | null
  /** Ends it; nothing: more arguments do, or there is nothing to mend. */
  readonly mend?: string
  /** Arguments of the deploy that goes through. */
  readonly then?: readonly string[]
}

const user = (
  shell: string,
  sudoers: string,
) => `useradd -m -s ${shell} deploy && echo deploy:right | chpasswd
mkdir -p /home/deploy/.ssh && cp /root/.ssh/authorized_keys /home/deploy/.ssh && chown -R deploy /home/deploy
echo 'deploy ALL=(ALL) ${sudoers}' >/etc/sudoers.d/deploy && chmod 440 /etc/sudoers.d/deploy
`
const FREE = 'NOPASSWD: ALL'
const AS_DEPLOY = { ansible_user: 'deploy', ansible_become: true }

const small = (folder: string, size: string) =>
  `mkdir -p ${folder} && mount -t tmpfs -o mode=1777,size=${size} tmpfs ${folder}\n`
const fill = (folder: string) => `dd if=/dev/zero of=${folder}/filling bs=1k 2>/dev/null || :\n`
const full = (folder: string) => `${small(folder, '64k')}${fill(folder)}`
const emptied = (folder: string) => `rm ${folder}/filling\n`
const readOnly = (folder: string) =>
  `mkdir -p ${folder} && mount --bind ${folder} ${folder} && mount -o remount,bind,ro ${folder}\n`
const TEMPORARY = ['/dev/shm', '/tmp', '/var/tmp', '/run']

/** sshd reads its settings anew. */
const sshd = (line: string) => `sed -i '1i ${line}' /run/vpai-sandbox/sshd_config
kill -HUP $(pgrep -o -x sshd)
`

/** The library tells every program of a session another time, from the first file that is written on. */
const clock = (jump: string) => `library=$(ls /usr/lib/*/faketime/libfaketime.so.1) || exit 1
echo +0 >/etc/faketimerc
${sshd(`SetEnv LD_PRELOAD='"$library"' FAKETIME_TIMESTAMP_FILE=/etc/faketimerc FAKETIME_NO_CACHE=1`)}
(
  until [ -e $target/app/app.conf ]; do sleep 0.05; done
  echo ${jump} >/etc/faketimerc
) >/dev/null 2>&1 </dev/null &
`
const JUMPED = '[ "$(date +%F)" != "$(env -u LD_PRELOAD date +%F)" ]'

export const HOST_FAULTS: readonly HostFault[] = [
  {
    name: 'a disk that fills up',
    make: small('$target', '48k'),
    ends: { code: 2, told: /No space left on device/ },
    mend: 'mount -o remount,size=10m $target',
  },
  {
    name: 'a disk that is full where its record is kept',
    make: full('$record'),
    ends: { code: 2, told: /record of this run cannot be kept: .*\n.*Is the disk full/, untouched: true },
    mend: emptied('$record'),
  },
  {
    name: 'a disk that fills up where its record is kept',
    make: small('$record', '36k'),
    ends: { code: 2, told: /record of this run.*Is the disk full/s },
    mend: 'mount -o remount,size=10m $record',
  },
  {
    name: 'a memory folder that is full',
    make: full('/dev/shm'),
    ends: null,
  },
  {
    name: 'a memory folder that fills up',
    make: small('/dev/shm', '12k'),
    ends: { code: 4, told: /cannot write to \/dev\/shm.*\n.*full\?/ },
    mend: 'mount -o remount,size=10m /dev/shm',
  },
  {
    name: 'no place for temporary files',
    // sshd has its own files in /run.
    make: `cp -a /run /root/run\n${TEMPORARY.map(folder => small(folder, '64k')).join('')}cp -a /root/run/. /run\n${TEMPORARY.map(fill).join('')}`,
    ends: { code: 4, told: /no directory for temporary files can be written to/ },
    mend: TEMPORARY.map(emptied).join(''),
  },
  {
    name: 'a file system that is mounted read-only',
    make: readOnly('$target'),
    ends: { code: 2, told: /Read-only file system/ },
    mend: 'mount -o remount,bind,rw $target',
  },
  {
    name: 'a file system that is mounted read-only where its record is kept',
    make: readOnly('$record'),
    ends: { code: 2, told: /record of this run cannot be kept: .*Read-only file system/, untouched: true },
    mend: 'mount -o remount,bind,rw $record',
  },
  {
    name: 'one session at a time',
    make: `${user('/bin/bash', FREE)}${sshd('MaxSessions 1')}`,
    variables: AS_DEPLOY,
    ends: null,
  },
  {
    name: 'a sudo that needs a password',
    make: user('/bin/bash', 'ALL'),
    variables: AS_DEPLOY,
    ends: { code: 2, told: /Cannot become root with sudo: a password is needed/ },
    then: ['-e', 'ansible_become_password=right'],
  },
  ...['fish', 'tcsh', 'zsh'].map(shell => ({
    name: `the login shell ${shell}`,
    make: user(`/usr/bin/${shell}`, FREE),
    variables: AS_DEPLOY,
    ends: null,
  })),
  {
    name: 'a .bashrc that talks',
    make: `${user('/bin/bash', FREE)}for n in $(seq 300); do echo "echo line $n of a greeting; echo and an error >&2"; done >/home/deploy/.bashrc`,
    variables: AS_DEPLOY,
    ends: null,
  },
  {
    name: 'a clock that jumps a day back while it is deployed to',
    make: clock('-1d'),
    ends: null,
    mend: JUMPED,
  },
  {
    name: 'a clock that jumps a year ahead while it is deployed to',
    make: clock('+1y'),
    ends: null,
    mend: JUMPED,
  },
  {
    name: 'a login shell that lets nobody in',
    make: user('/usr/sbin/nologin', FREE),
    variables: AS_DEPLOY,
    ends: { code: 2, told: /This account is currently not available/ },
    mend: 'usermod -s /bin/sh deploy',
  },
]
