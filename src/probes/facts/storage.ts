/** Links to disks, LVM, and names of storage networks; and what processes may do. */
import type { Dict, Value } from '../../base/value.ts'
import type { Sections } from './sections.ts'

export function storageFacts(sections: Sections): Dict {
  const nqn = sections('hostnqn').find(line => line.startsWith('nqn.'))
  return {
    device_links: deviceLinks(sections),
    lvm: lvmFacts(sections('lvm')),
    fibre_channel_wwn: sections('wwn').map(line => line.trim().slice(2)),
    iscsi_iqn: sections('iscsi').flatMap(line => /^InitiatorName=(.*)/.exec(line)?.[1] ?? [])[0] ?? '',
    hostnqn: nqn?.trim() ?? '',
  }
}

/** As capsh says it, and as Ansible reads that; N/A where there is none. */
export function capabilityFacts(sections: Sections): Dict {
  const current = sections('caps').find(line => line.startsWith('Current:'))
  if (current === undefined) return { system_capabilities: 'N/A', system_capabilities_enforced: 'N/A' }
  if (current.split(':')[1]?.trim() === '=ep')
    return { system_capabilities: [], system_capabilities_enforced: 'False' }
  const names = (current.split('=')[1] ?? '').split(',').map(name => name.trim())
  return { system_capabilities: names, system_capabilities_enforced: 'True' }
}

type DevicesWithLinks = Readonly<Record<string, readonly string[]>>

/** ids, uuids, labels and masters, each by the name of the device. */
export function deviceLinks(sections: Sections): Readonly<Record<string, DevicesWithLinks>> {
  const kinds: Record<string, Record<string, string[]>> = { ids: {}, uuids: {}, labels: {}, masters: {} }
  for (const line of sections('links')) {
    const [kind = '', target = '', name = ''] = line.split('\t')
    const devices = kinds[kind]
    if (devices === undefined) continue
    const device = target.slice(target.lastIndexOf('/') + 1)
    devices[device] = [...(devices[device] ?? []), name].sort()
  }
  return kinds
}

/** Lines of vgs, lvs and pvs behind their names; sizes in GiB, as texts. Only root has any. */
function lvmFacts(lines: readonly string[]): Value {
  if (lines.length === 0) return 'N/A'
  const rows = lines.map(line => line.split(',').map(field => field.trim()))
  const of = (program: string) => rows.filter(([name]) => name === program).map(row => row.slice(1))
  const mapped = new Map(of('dm').map(([device = '', name = '']) => [device, `/dev/mapper/${name}`]))
  return {
    vgs: byName(of('vgs'), row => ({
      size_g: row.at(-2) ?? '',
      free_g: row.at(-1) ?? '',
      num_lvs: row[2] ?? '',
      num_pvs: row[1] ?? '',
    })),
    lvs: byName(of('lvs'), row => ({ size_g: row[3] ?? '', vg: row[1] ?? '' })),
    pvs: byName(
      of('pvs').map(([device = '', ...rest]) => [mapped.get(device) ?? device, ...rest]),
      row => ({ size_g: row[4] ?? '', free_g: row[5] ?? '', vg: row[1] ?? '' }),
    ),
  }
}

function byName(rows: readonly (readonly string[])[], read: (row: readonly string[]) => Dict): Dict {
  return Object.fromEntries(rows.filter(([name]) => name !== '').map(row => [row[0] ?? '', read(row)]))
}
