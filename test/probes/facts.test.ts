import { describe, expect, test } from 'vitest'
import { factsProbe } from '../../src/probes/facts/facts.ts'
import { readFacts } from '../../src/probes/facts/read-facts.ts'

/** The script's output for sections given as texts. */
function answer(sections: Record<string, string>): string {
  const parts = Object.entries(sections).map(([name, text]) => `\n==${name}\n${text.replace(/^/gm, '|')}\n`)
  return `${parts.join('')}\n==end\n`
}

const facts = (sections: Record<string, string>) => readFacts(answer(sections)) as Record<string, never>

describe('distribution', () => {
  test.each([
    [
      'Debian',
      {
        os: 'ID=debian\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm',
        release: 'debian_version\t12.11',
      },
      '12.11',
      '12',
      'bookworm',
      'Debian',
    ],
    [
      'Ubuntu',
      {
        os: 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\nVERSION_CODENAME=noble',
        release: 'debian_version\ttrixie/sid',
      },
      '24.04',
      '24',
      'noble',
      'Debian',
    ],
    [
      'Alpine',
      { os: 'ID=alpine\nVERSION_ID=3.22.1', release: 'alpine-release\t3.22.1' },
      '3.22.1',
      '3',
      'NA',
      'Alpine',
    ],
    [
      'Rocky',
      {
        os: 'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\nVERSION="9.4 (Blue Onyx)"',
        release: 'redhat-release\tRocky Linux release 9.4 (Blue Onyx)',
      },
      '9.4',
      '9',
      'Blue Onyx',
      'RedHat',
    ],
    ['Fedora', { os: 'ID=fedora\nVERSION_ID=42\nVERSION="42 (Server)"' }, '42', '42', 'Server', 'RedHat'],
    ['Archlinux', { os: 'ID=arch\nNAME="Arch Linux"' }, 'NA', 'NA', 'NA', 'Archlinux'],
    [
      'Nobara',
      { os: 'ID=nobara\nID_LIKE="rhel fedora"\nNAME="Nobara Linux"\nVERSION_ID=40' },
      '40',
      '40',
      'NA',
      'RedHat',
    ],
  ])('%s', (name, sections, version, major, release, family) => {
    expect(facts(sections)).toMatchObject({
      distribution: name,
      distribution_version: version,
      distribution_major_version: major,
      distribution_release: release,
      os_family: family,
    })
  })
})

describe('network', () => {
  const sections = {
    net: 'br-1\t02:42:00:00:00:01\t1500\tup\t1\t-1\tbridge\t veth0\t\neth0.5\t52:54:00:00:00:05\t1400\tup\t1\t1000\tether\t\tvirtio_net\nlo\t00:00:00:00:00:00\t65536\tunknown\t772\t\tether\t\t',
    addr: '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever\n2: eth0.5@eth0    inet 10.1.2.3/20 brd 10.1.15.255 scope global eth0.5\\  valid\n2: eth0.5@eth0    inet 10.1.2.4/32 scope global eth0.5\n2: eth0.5@eth0    inet6 2001:db8::3/64 scope global',
    route4: '8.8.8.8 via 10.1.0.1 dev eth0.5 src 10.1.2.3 uid 0',
    dns: '# made\nnameserver 10.0.0.1\nnameserver ::1\nsearch a.example b.example\noptions edns0 timeout:2',
  }

  test('the default route has address, mask, gateway and interface', () => {
    expect(facts(sections).default_ipv4).toEqual({
      interface: 'eth0.5',
      gateway: '10.1.0.1',
      address: '10.1.2.3',
      broadcast: '10.1.15.255',
      netmask: '255.255.240.0',
      network: '10.1.0.0',
      prefix: '20',
      alias: 'eth0.5',
      type: 'ether',
      mtu: 1400,
      macaddress: '52:54:00:00:00:05',
    })
    expect(facts(sections).default_ipv6).toEqual({})
  })

  test('interfaces are facts under names a template can write', () => {
    const { interfaces, eth0_5, br_1, lo, all_ipv4_addresses } = facts(sections)
    expect(interfaces).toEqual(['br-1', 'eth0.5', 'lo'])
    expect(eth0_5).toMatchObject({
      ipv4_secondaries: [{ address: '10.1.2.4', netmask: '255.255.255.255' }],
      module: 'virtio_net',
    })
    expect(br_1).toMatchObject({ type: 'bridge', interfaces: ['veth0'] })
    expect(lo).toMatchObject({ type: 'loopback', active: true })
    expect(all_ipv4_addresses).toEqual(['10.1.2.3', '10.1.2.4'])
  })

  test('the resolver is read', () => {
    expect(facts(sections).dns).toEqual({
      nameservers: ['10.0.0.1', '::1'],
      search: ['a.example', 'b.example'],
      options: { edns0: true, timeout: '2' },
    })
  })
})

test('processors are counted by socket, core and thread', () => {
  const one = (n: number, socket: number) =>
    `processor\t: ${n}\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon\nphysical id\t: ${socket}\nsiblings\t: 4\ncpu cores\t: 2`
  expect(
    facts({ cpuinfo: [0, 1, 2, 3, 4, 5, 6, 7].map(n => one(n, n >> 2)).join('\n'), nproc: '6' }),
  ).toMatchObject({
    processor_count: 2,
    processor_cores: 2,
    processor_threads_per_core: 2,
    processor_vcpus: 8,
    processor_nproc: 6,
  })
})

test.each([
  [{ container: '[ -e /.dockerenv ]', virt: 'kvm' }, 'docker', 'guest'],
  [{ container: '[ -e /run/.containerenv ]\n[ -e /.dockerenv ]' }, 'podman', 'guest'],
  [{ virt: 'lxc' }, 'lxc', 'guest'],
  [{ virt: 'kvm' }, 'kvm', 'guest'],
  [{ dmi: 'sys_vendor\tVMware, Inc.\nproduct_name\tVMware Virtual Platform' }, 'VMware', 'guest'],
  [{ cpuinfo: 'flags\t\t: fpu hypervisor lm' }, 'kvm', 'guest'],
  [{ container: '[ -e /dev/kvm ]', virt: 'none' }, 'kvm', 'host'],
  [{}, 'NA', 'NA'],
])('virtualization %j is %s', (sections, type, role) => {
  expect(facts(sections)).toMatchObject({ virtualization_type: type, virtualization_role: role })
})

test('local facts are JSON or INI, and what is neither says so', () => {
  const local = 'fact a\n>{"x": [1]}\nfact b\n># comment\n>[General]\n>Key = some value\nfact c\n>nonsense'
  expect(facts({ local }).local).toEqual({
    a: { x: [1] },
    b: { General: { key: 'some value' } },
    c: 'error loading facts as JSON or ini - please check content: c.fact',
  })
})

test('the kernel line, users, mounts and environment are read', () => {
  const read = facts({
    cmdline: 'root=/dev/sda1 console=tty0 console=ttyS0 quiet',
    user: 'app\n1000\n100\n1000\n100\napp:x:1000:100:An App:/srv/app:/bin/ash',
    mounts: '/dev/sda1\t/srv/two\\040words\text4\trw,noatime\t4096 100 50 40 10 5\nnas:/x\t/mnt\tnfs4\trw\t',
    uuids: '/dev/sda1\tabcd-1',
    env: 'A=one\ntwo\nB=',
    meminfo: 'MemTotal:       2048000 kB\nMemFree:  1024000 kB',
    uptime: '123.45 99',
    uname: 'Linux\nweb1.example.org\n6.1.0\n#1\naarch64',
    root: '1:2\n9:2',
  })
  expect(read).toMatchObject({
    cmdline: { root: '/dev/sda1', console: 'ttyS0', quiet: true },
    proc_cmdline: { console: ['tty0', 'ttyS0'] },
    user_id: 'app',
    user_uid: 1000,
    user_dir: '/srv/app',
    user_shell: '/bin/ash',
    env: { A: 'one\ntwo', B: '' },
    memtotal_mb: 2000,
    uptime_seconds: 123,
    hostname: 'web1',
    nodename: 'web1.example.org',
    domain: 'example.org',
    architecture: 'aarch64',
    is_chroot: true,
  })
  expect(read.mounts).toMatchObject([
    { mount: '/srv/two words', size_total: 409_600, size_available: 163_840, block_used: 60, uuid: 'abcd-1' },
    { mount: '/mnt', fstype: 'nfs4' },
  ])
})

test('disks and partitions tell their sectors as numbers, and who holds them', () => {
  const disk = 'sda\t8192\t0\t1\tATA\tDisk 1\t4096\tnone [bfq]\t4096\t0\t'
  const read = facts({ block: `${disk}\n/sda1\t2048\t64\tvg-root vg-swap \nzram0\t0\t0\t0\t\t\t\t\t\t\t` })
  const links = { ids: [], uuids: [], labels: [], masters: [] }
  expect(read.devices).toEqual({
    sda: {
      links,
      ...{ sectors: 1024, sectorsize: '4096', size: '4.00 MB', removable: '0', rotational: '1', holders: [] },
      ...{ vendor: 'ATA', model: 'Disk 1', scheduler_mode: 'bfq', support_discard: '0' },
      partitions: {
        sda1: {
          ...{ sectors: 2048, start: '64', sectorsize: 512, size: '1.00 MB' },
          holders: ['vg-root', 'vg-swap'],
          links,
        },
      },
    },
    zram0: expect.objectContaining({ sectors: 0, size: '0.00 Bytes', vendor: null, scheduler_mode: '' }),
  })
})

test('a fact answer without its end is garbled', () => {
  expect(() => factsProbe.parse([{ kind: 'facts' }], Buffer.from('==os\n|ID=debian'))).toThrow(
    expect.objectContaining({ code: 'PROBE_GARBLED' }),
  )
})

test('what the firmware does not tell is NA, as roles expect it', () => {
  expect(facts({})).toMatchObject({ product_name: 'NA', system_vendor: 'NA', form_factor: 'NA' })
  expect(facts({ dmi: 'sys_vendor\tQEMU\nproduct_serial\t\nchassis_type\t1' })).toMatchObject({
    system_vendor: 'QEMU',
    product_serial: 'NA',
    form_factor: 'Other',
  })
})

describe('storage', () => {
  test('LVM in the shape, with the names of mapped devices', () => {
    const lvm = [
      'dm,/dev/dm-3,luks-1',
      'vgs,vg0,2,3,0,wz--n-,39.99,9.99',
      'lvs,root,vg0,-wi-ao----,20.00,,,,,,,,',
      'pvs,/dev/sda2,vg0,lvm2,a--,19.99,0',
      'pvs,/dev/dm-3,vg0,lvm2,a--,20.00,9.99',
    ].join('\n')
    expect(facts({ lvm }).lvm).toEqual({
      vgs: { vg0: { size_g: '39.99', free_g: '9.99', num_lvs: '3', num_pvs: '2' } },
      lvs: { root: { size_g: '20.00', vg: 'vg0' } },
      pvs: {
        '/dev/sda2': { size_g: '19.99', free_g: '0', vg: 'vg0' },
        '/dev/mapper/luks-1': { size_g: '20.00', free_g: '9.99', vg: 'vg0' },
      },
    })
    expect(facts({}).lvm).toBe('N/A')
  })

  test('links to devices, and the networks of storage', () => {
    const links =
      'ids\t../../sda\twwn-2\nids\t../../sda\tata-1\nlabels\t../../sda1\tboot\nmasters\tsda1\tdm-0'
    const iscsi = '# not this\nInitiatorName=iqn.1993-08.org.debian:01:ab'
    const found = facts({ links, wwn: '0x21000014ff52a9bb', iscsi, hostnqn: 'nqn.2014-08.org:x' })
    expect(found).toMatchObject({
      device_links: {
        ids: { sda: ['ata-1', 'wwn-2'] },
        uuids: {},
        labels: { sda1: ['boot'] },
        masters: { sda1: ['dm-0'] },
      },
      fibre_channel_wwn: ['21000014ff52a9bb'],
      iscsi_iqn: 'iqn.1993-08.org.debian:01:ab',
      hostnqn: 'nqn.2014-08.org:x',
    })
  })

  test.each([
    ['Current: =ep\nBounding set =x', 'False', []],
    ['Current: = cap_chown,cap_kill+ep', 'True', ['cap_chown', 'cap_kill+ep']],
    ['', 'N/A', 'N/A'],
  ])('capabilities: %s', (caps, enforced, names) => {
    expect(facts({ caps })).toMatchObject({
      system_capabilities: names,
      system_capabilities_enforced: enforced,
    })
  })
})
