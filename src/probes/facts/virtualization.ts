/** Container or virtual machine, and whose. */
import type { Dict } from '../../base/value.ts'
import { type Sections, tabbed } from './sections.ts'

export function virtualizationFacts(sections: Sections): Dict {
  const [type, role] = detect(sections)
  const isGuest = role === 'guest'
  return {
    virtualization_type: type,
    virtualization_role: role,
    virtualization_tech_guest: isGuest ? [type] : [],
    virtualization_tech_host: role === 'host' ? [type] : [],
  }
}

function detect(sections: Sections): readonly [string, string] {
  const container = containerOf(sections)
  if (container !== null) return [container, 'guest']
  const told = SYSTEMD_NAMES[sections('virt')[0] ?? '']
  if (told !== undefined) return [told, 'guest']
  const dmi = tabbed(sections('dmi'))
  const vendor = `${dmi.get('sys_vendor') ?? ''} ${dmi.get('product_name') ?? ''} ${dmi.get('bios_vendor') ?? ''}`
  const known = VENDORS.find(([pattern]) => pattern.test(vendor))?.[1]
  if (known !== undefined) return [known, 'guest']
  const marks = sections('container')
  if (marks.includes('[ -d /proc/xen ]')) return ['xen', 'guest']
  if (sections('cpuinfo').some(line => /^flags.*\bhypervisor\b/.test(line))) return ['kvm', 'guest']
  return marks.includes('[ -e /dev/kvm ]') ? ['kvm', 'host'] : ['NA', 'NA']
}

function containerOf(sections: Sections): string | null {
  const marks = sections('container')
  if (marks.includes('[ -e /run/.containerenv ]')) return 'podman'
  if (marks.includes('[ -e /.dockerenv ]')) return 'docker'
  if (marks.some(mark => mark.includes('docker|containerd'))) return 'docker'
  if (marks.some(mark => mark.includes('container=lxc') || mark.includes('/dev/lxd'))) return 'lxc'
  if (marks.some(mark => mark.includes('/proc/vz'))) return 'openvz'
  const told = sections('virt')[0] ?? ''
  return ['docker', 'podman', 'lxc', 'systemd-nspawn', 'wsl'].includes(told)
    ? told
    : told === 'lxc-libvirt'
      ? 'lxc'
      : null
}

const SYSTEMD_NAMES: Readonly<Record<string, string>> = {
  kvm: 'kvm',
  qemu: 'kvm',
  amazon: 'kvm',
  google: 'kvm',
  oracle: 'virtualbox',
  vmware: 'VMware',
  microsoft: 'VirtualPC',
  xen: 'xen',
  parallels: 'parallels',
  bhyve: 'bhyve',
}

const VENDORS: readonly (readonly [RegExp, string])[] = [
  [/QEMU|KVM|Google Compute|Amazon EC2|OpenStack|Hetzner|DigitalOcean/i, 'kvm'],
  [/VirtualBox/, 'virtualbox'],
  [/VMware/, 'VMware'],
  [/Microsoft Corporation Virtual/, 'VirtualPC'],
  [/Xen/, 'xen'],
  [/Parallels/, 'parallels'],
]
