/** Which system it is: distribution, architecture, managers, security, virtualization. */
import type { Dict } from '../../base/value.ts'
import { assignments, type Sections, tabbed } from './sections.ts'

export function platformFacts(sections: Sections): Dict {
  const [system = 'Linux', node = '', kernel = '', kernelVersion = '', machine = ''] = sections('uname')
  const fqdn = sections('fqdn')[0] || node
  const dot = fqdn.indexOf('.')
  const machineId = releaseFiles(sections).get('machine-id') ?? ''
  return {
    system,
    kernel,
    kernel_version: kernelVersion,
    machine,
    architecture: ARCHITECTURES[machine] ?? machine,
    userspace_architecture: ARCHITECTURES[machine] ?? machine,
    userspace_bits: /64|s390x/.test(machine) ? '64' : '32',
    nodename: node,
    hostname: node.split('.')[0] ?? node,
    fqdn,
    domain: dot < 0 ? '' : fqdn.slice(dot + 1),
    machine_id: machineId,
    ...distributionFacts(sections),
    pkg_mgr: packageManager(sections),
    service_mgr: serviceManager(sections),
    ...securityFacts(sections),
  }
}

const ARCHITECTURES: Readonly<Record<string, string>> = {
  i486: 'i386',
  i586: 'i386',
  i686: 'i386',
  amd64: 'x86_64',
}

const releaseFiles = (sections: Sections) => tabbed(sections('release'))

function distributionFacts(sections: Sections): Dict {
  const os = assignments(sections('os'))
  const files = releaseFiles(sections)
  const id = os.ID ?? ''
  const debian = files.get('debian_version') ?? ''
  const name = NAMES[id] ?? (os.NAME ?? id).split(' ')[0] ?? ''
  const version = distributionVersion(id, os, files)
  return {
    distribution: name === '' ? 'NA' : name,
    distribution_version: version === '' ? 'NA' : version,
    distribution_major_version: version.split('.')[0] || 'NA',
    distribution_minor_version: version.split('.')[1] ?? 'NA',
    distribution_release: os.VERSION_CODENAME ?? codename(os, debian),
    distribution_file_path: '/etc/os-release',
    distribution_file_parsed: true,
    distribution_file_variety: name,
    os_family: familyOf(name, `${id} ${os.ID_LIKE ?? ''}`),
    lsb: lsbFacts(sections, os),
  }
}

/** Debian's os-release holds the major version only; the point release stands in debian_version. */
function distributionVersion(
  id: string,
  os: Readonly<Record<string, string>>,
  files: ReadonlyMap<string, string>,
): string {
  const debian = files.get('debian_version') ?? ''
  if (id === 'debian' && /^\d+(\.\d+)?$/.test(debian)) return debian
  if (id === 'alpine') return files.get('alpine-release') ?? os.VERSION_ID ?? ''
  const redhat = /release (\d+(?:\.\d+)*)/.exec(files.get('redhat-release') ?? '')?.[1]
  return (RED_HATS.has(id) ? redhat : undefined) ?? os.VERSION_ID ?? ''
}

const codename = (os: Readonly<Record<string, string>>, debian: string): string =>
  /\(([^)]+)\)/.exec(os.VERSION ?? '')?.[1] ?? (debian.includes('/') ? (debian.split('/')[0] ?? 'NA') : 'NA')

const RED_HATS = new Set(['rhel', 'centos', 'rocky', 'almalinux', 'ol', 'fedora'])

const NAMES: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  raspbian: 'Debian',
  linuxmint: 'Linux Mint',
  pop: 'Pop!_OS',
  kali: 'Kali',
  devuan: 'Devuan',
  alpine: 'Alpine',
  fedora: 'Fedora',
  centos: 'CentOS',
  rhel: 'RedHat',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  ol: 'OracleLinux',
  amzn: 'Amazon',
  arch: 'Archlinux',
  manjaro: 'Manjaro',
  'opensuse-leap': 'openSUSE Leap',
  'opensuse-tumbleweed': 'openSUSE Tumbleweed',
  sles: 'SLES',
  gentoo: 'Gentoo',
  void: 'Void',
  nixos: 'NixOS',
}

/** What each family's members say of themselves in ID and ID_LIKE, the closest first. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/\b(debian|ubuntu)\b/, 'Debian'],
  [/\b(rhel|fedora|centos|rocky|almalinux|ol|amzn)\b/, 'RedHat'],
  [/\balpine\b/, 'Alpine'],
  [/\b(arch|manjaro)\b/, 'Archlinux'],
  [/\b(suse|opensuse|sles)\b/, 'Suse'],
  [/\bgentoo\b/, 'Gentoo'],
]

function familyOf(name: string, ids: string): string {
  return FAMILIES.find(([pattern]) => pattern.test(ids))?.[1] ?? name
}

function lsbFacts(sections: Sections, os: Readonly<Record<string, string>>): Dict {
  const lsb = assignments(sections('lsb'))
  const release = lsb.DISTRIB_RELEASE ?? os.VERSION_ID
  if (release === undefined) return {}
  return {
    id: lsb.DISTRIB_ID ?? NAMES[os.ID ?? ''] ?? os.ID ?? '',
    release,
    major_release: release.split('.')[0] ?? release,
    codename: lsb.DISTRIB_CODENAME ?? os.VERSION_CODENAME ?? '',
    description: lsb.DISTRIB_DESCRIPTION ?? os.PRETTY_NAME ?? '',
  }
}

function packageManager(sections: Sections): string {
  const tools = sections('tools')
  const found = MANAGERS.find(([tool]) => tools.includes(tool))
  return found?.[1] ?? 'unknown'
}

const MANAGERS: readonly (readonly [string, string])[] = [
  ['apt-get', 'apt'],
  ['dnf5', 'dnf5'],
  ['dnf', 'dnf'],
  ['yum', 'yum'],
  ['apk', 'apk'],
  ['pacman', 'pacman'],
  ['zypper', 'zypper'],
  ['emerge', 'portage'],
  ['xbps-install', 'xbps'],
  ['opkg', 'opkg'],
  ['pkg', 'pkgng'],
  ['brew', 'homebrew'],
]

function serviceManager(sections: Sections): string {
  const booted = sections('booted')
  const init = sections('init')[0] ?? ''
  if (booted.includes('[ -d /run/systemd/system ]') || init === 'systemd') return 'systemd'
  if (booted.includes('[ -e /sbin/openrc ]')) return 'openrc'
  if (init === 'runit') return 'runit'
  if (init === 'dinit') return 'dinit'
  if (booted.includes('[ -d /etc/init.d ]')) return 'sysvinit'
  return init === '' ? 'service' : init
}

function securityFacts(sections: Sections): Dict {
  const booted = sections('booted')
  const config = assignments(sections('selinuxconf'))
  const mode = sections('selinux')[0]?.toLowerCase()
  const isSelinux = booted.includes('[ -d /sys/fs/selinux ]') && mode !== undefined && mode !== 'disabled'
  const [here, outside] = sections('root')
  return {
    apparmor: { status: booted.includes('[ -d /sys/kernel/security/apparmor ]') ? 'enabled' : 'disabled' },
    selinux: isSelinux
      ? {
          status: 'enabled',
          mode,
          config_mode: config.SELINUX ?? 'unknown',
          type: config.SELINUXTYPE ?? 'unknown',
        }
      : { status: 'disabled' },
    selinux_python_present: false,
    fips: sections('fips')[0] === '1',
    is_chroot: here !== undefined && outside !== undefined && here !== outside,
  }
}
