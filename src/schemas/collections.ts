/** Which collection a module belongs to in Ansible: the first part of its full name. */

export function fullName(module: string): string {
  const [collection = 'ansible.builtin'] =
    Object.entries(COLLECTIONS).find(([, belongs]) => belongs(module)) ?? []
  return `${collection}.${module}`
}

const words = (text: string) => {
  const names = new Set(text.split(' '))
  return (name: string) => names.has(name)
}

const isGeneral = words(
  'alternatives archive htpasswd ini_file locale_gen modprobe npm sefcontext timezone ufw xml',
)

const COLLECTIONS: Readonly<Record<string, (name: string) => boolean>> = {
  'ansible.posix': words('at authorized_key firewalld mount seboolean selinux synchronize sysctl'),
  'community.general': isGeneral,
  'community.docker': name => name.startsWith('docker_'),
  'community.crypto': name => /^(?:openss[hl]|x509)_/.test(name),
  'community.postgresql': name => name.startsWith('postgresql_'),
  'community.mysql': name => name.startsWith('mysql_'),
  'hetzner.hcloud': name => name.startsWith('hcloud_'),
}
