/**
 * What root of a throw-away host may try, with how it must end: `refused`, or `inside` (it works, and the machine
 * sees nothing of it). `needs` is a program without which the attempt says nothing.
 */
import { existsSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'

export interface Attempt {
  readonly title: string
  readonly command: string
  readonly ends: 'refused' | 'inside' | 'either'
  readonly needs?: string
}

const MARK = 'vpai-escape'

export const ATTEMPTS: readonly Attempt[] = [
  { title: 'writing a kernel sysctl', command: 'echo 77 > /proc/sys/kernel/panic', ends: 'refused' },
  { title: 'writing a vm sysctl', command: 'echo 7 > /proc/sys/vm/swappiness', ends: 'inside' },
  { title: 'writing a net sysctl', command: 'echo 77 > /proc/sys/net/ipv4/ip_default_ttl', ends: 'inside' },
  {
    title: 'lifting the read-only mount of sysctl',
    command: 'mount -o remount,rw,bind /proc/sys',
    ends: 'refused',
  },
  { title: 'unmounting /proc/sys', command: 'umount /proc/sys', ends: 'refused' },
  { title: 'mounting a second /proc', command: 'mount -t proc proc /mnt', ends: 'refused' },
  { title: 'mounting the devices of the machine', command: 'mount -t devtmpfs d /mnt', ends: 'refused' },
  { title: 'writing to /sys', command: 'echo 1 > /sys/class/net/lo/mtu', ends: 'refused' },
  {
    title: 'pulling the magic SysRq',
    command: '[ -e /proc/sysrq-trigger ] && echo h > /proc/sysrq-trigger',
    ends: 'refused',
  },
  { title: 'changing the hostname', command: `hostname ${MARK}`, ends: 'inside' },
  { title: 'setting the clock', command: 'date -s 2020-01-01', ends: 'refused' },
  { title: 'making a device of memory', command: 'mknod /tmp/mem c 1 1', ends: 'refused' },
  { title: 'making a block device', command: 'mknod /tmp/disk b 254 0', ends: 'refused' },
  { title: 'rebooting', command: 'reboot -f', ends: 'refused' },
  {
    title: 'adding an nftables table',
    command: 'nft add table inet vpai_escape',
    ends: 'inside',
    needs: 'nft',
  },
  {
    title: 'adding an iptables chain',
    command: 'iptables -N VPAI_ESCAPE',
    ends: 'inside',
    needs: 'iptables',
  },
  { title: 'writing to /etc', command: `touch /etc/${MARK}`, ends: 'inside' },
  { title: 'writing to /root', command: `touch /root/${MARK}`, ends: 'inside' },
  { title: 'writing to /home', command: `touch /home/${MARK}`, ends: 'inside' },
  { title: 'writing to /usr', command: `touch /usr/${MARK}`, ends: 'either' },
  { title: 'writing to /usr/local/bin', command: `touch /usr/local/bin/${MARK}`, ends: 'inside' },
  { title: 'writing to /opt', command: `touch /opt/${MARK}`, ends: 'inside' },
  { title: 'writing to /var/lib', command: `touch /var/lib/${MARK}`, ends: 'inside' },
  { title: 'reading the key files of the machine', command: 'cat /etc/ssh/ssh_host_*_key', ends: 'refused' },
  { title: 'seeing processes of the machine', command: `kill -0 ${process.pid}`, ends: 'refused' },
]

/** Everything the attempts could have changed; equal before and after when nothing got out. */
export function lookAtMachine(): Record<string, string | boolean> {
  const files = ['/etc', '/root', '/home', '/usr', '/usr/local/bin', '/opt', '/var/lib'].map(
    dir => `${dir}/${MARK}`,
  )
  return {
    hostname: hostname(),
    year: new Date().getFullYear() >= 2021,
    ...Object.fromEntries(files.map(file => [file, existsSync(file)])),
    ...Object.fromEntries(
      ['kernel/panic', 'vm/swappiness', 'net/ipv4/ip_default_ttl'].map(key => [
        key,
        readFileSync(`/proc/sys/${key}`, 'utf8'),
      ]),
    ),
  }
}
