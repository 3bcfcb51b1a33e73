/** What belongs together when one is locked out: the files, services and rules that are one way back only as a whole. */
export type Area = 'ssh' | 'sudo' | 'login' | 'firewall' | 'network'

interface Kept {
  /** Files and folders; `~` is the home of the user who logs in. */
  readonly paths: readonly string[]
  readonly units?: readonly string[]
  readonly checks?: readonly string[]
  /** Things of the program that take no name. */
  readonly also?: readonly ('account' | 'ruleset')[]
}

export const AREAS: Readonly<Record<Area, Kept>> = {
  ssh: {
    paths: ['/etc/ssh/sshd_config', '/etc/ssh/sshd_config.d', '/etc/ssh/authorized_keys'],
    units: ['ssh.service', 'sshd.service', 'ssh.socket', 'sshd.socket'],
    checks: ['sshd'],
  },
  sudo: { paths: ['/etc/sudoers', '/etc/sudoers.d', '/etc/doas.conf', '/etc/doas.d'], checks: ['sudo'] },
  login: {
    paths: ['/etc/pam.d', '/etc/pam.conf', '/etc/security', '/etc/nologin', '~/.ssh'],
    also: ['account'],
  },
  firewall: {
    paths: [
      '/etc/ufw',
      '/etc/default/ufw',
      '/etc/nftables.conf',
      '/etc/nftables.d',
      '/etc/nftables',
      '/etc/sysconfig/nftables.conf',
      '/etc/iptables',
      '/etc/firewalld',
    ],
    units: ['ufw.service', 'nftables.service', 'firewalld.service', 'netfilter-persistent.service'],
    checks: ['nft'],
    also: ['ruleset'],
  },
  network: {
    paths: [
      '/etc/netplan',
      '/etc/systemd/network',
      '/etc/network',
      '/etc/wireguard',
      '/etc/tailscale',
      '/etc/default/tailscaled',
    ],
    units: ['systemd-networkd.service', 'networking.service', 'tailscaled.service', 'wg-quick@*.service'],
  },
}

/** What the program is to keep of an area. */
export function thingsOf(area: Area): string[] {
  const { paths, units = [], checks = [], also = [] } = AREAS[area]
  return [
    ...checks.map(check => `check:${check}`),
    ...paths.map(path => `path:${path}`),
    ...units.map(unit => `unit:${unit}`),
    ...also,
  ]
}

/** The area of a path; null when nobody is locked out by it. */
export function areaOfPath(path: string, login: string): Area | null {
  for (const [area, pattern] of PATHS) if (pattern.test(path)) return area
  return isLoginPath(path, login) ? 'login' : null
}

/** Itself and all below it. */
const PATHS: readonly (readonly [Area, RegExp])[] = [
  ['ssh', /^\/etc\/ssh(\/(sshd_config|authorized_keys)[^/]*(\/.*)?)?$/],
  ['sudo', /^\/etc\/(sudoers[^/]*|doas\.conf|doas\.d)(\/.*)?$/],
  ['login', /^\/etc\/(pam\.d|pam\.conf|security|nologin|passwd|shadow|group|gshadow)(\/.*)?$/],
  [
    'firewall',
    /^\/etc\/(default\/ufw|ufw|nftables[^/]*|sysconfig\/nftables\.conf|iptables|firewalld)(\/.*)?$/,
  ],
  [
    'network',
    /^\/etc\/(netplan|systemd\/network|network(\/interfaces[^/]*)?|wireguard|tailscale|default\/tailscaled)(\/.*)?$/,
  ],
]

/** Keys that let in, and the folders whose modes sshd looks at. */
function isLoginPath(path: string, login: string): boolean {
  const home = login === 'root' ? '/root' : `/home/${login}`
  const below = path.startsWith('~/') ? path.slice(1) : path.startsWith(home) ? path.slice(home.length) : null
  return below !== null && /^(\/\.ssh(\/(authorized_keys[^/]*|environment|rc))?)?$/.test(below)
}

/** The area of a service by its name, with or without `.service`. */
export function areaOfUnit(name: string): Area | null {
  const unit = name.replace(/\.(service|socket)$/, '')
  if (/^sshd?(@.*)?$/.test(unit)) return 'ssh'
  if (/^(nftables|ufw|firewalld|iptables|ip6tables|netfilter-persistent)$/.test(unit)) return 'firewall'
  return /^(wg-quick(@.*)?|tailscaled|networking|systemd-networkd|NetworkManager)$/.test(unit)
    ? 'network'
    : null
}
