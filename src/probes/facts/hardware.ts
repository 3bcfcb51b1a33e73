/** Memory, processors, mounts, disks and what the firmware tells. */
import type { Dict, Value } from '../../base/value.ts'
import { type Sections, tabbed } from './sections.ts'
import { deviceLinks } from './storage.ts'

export function hardwareFacts(sections: Sections): Dict {
  const [uptime = '0'] = (sections('uptime')[0] ?? '0').split(' ')
  const [one = '0', five = '0', fifteen = '0'] = (sections('loadavg')[0] ?? '').split(' ')
  return {
    ...memoryFacts(sections),
    ...processorFacts(sections),
    mounts: mountFacts(sections),
    devices: deviceFacts(sections),
    uptime_seconds: Math.floor(Number(uptime)),
    loadavg: { '1m': Number(one), '5m': Number(five), '15m': Number(fifteen) },
    ...firmwareFacts(sections),
  }
}

function memoryFacts(sections: Sections): Dict {
  const kib = new Map(
    sections('meminfo').map(line => {
      const [name = '', value = '0'] = line.split(/:\s+/)
      return [name, Number.parseInt(value, 10)] as const
    }),
  )
  const mb = (name: string): number => Math.floor((kib.get(name) ?? 0) / 1024)
  const nocacheFree = mb('MemFree') + mb('Buffers') + mb('Cached')
  return {
    memtotal_mb: mb('MemTotal'),
    memfree_mb: mb('MemFree'),
    swaptotal_mb: mb('SwapTotal'),
    swapfree_mb: mb('SwapFree'),
    memory_mb: {
      real: { total: mb('MemTotal'), used: mb('MemTotal') - mb('MemFree'), free: mb('MemFree') },
      nocache: { free: nocacheFree, used: mb('MemTotal') - nocacheFree },
      swap: {
        total: mb('SwapTotal'),
        free: mb('SwapFree'),
        used: mb('SwapTotal') - mb('SwapFree'),
        cached: mb('SwapCached'),
      },
    },
  }
}

/** Threads of all sockets are vcpus; sockets count physical ids, or processors where there are none (ARM). */
function processorFacts(sections: Sections): Dict {
  const fields = sections('cpuinfo').map(line => line.split(/\s*:\s*/) as [string, string?])
  const all = (name: string) => fields.filter(([key]) => key === name).map(([, value = '']) => value)
  const threads = all('processor').length || 1
  const sockets = new Set(all('physical id')).size || 1
  const cores = Number(all('cpu cores')[0] ?? 0) || Math.max(1, Math.floor(threads / sockets))
  const siblings = Number(all('siblings')[0] ?? 0) || Math.max(1, Math.floor(threads / sockets))
  return {
    processor: fields
      .filter(([key]) => ['processor', 'vendor_id', 'model name', 'cpu model', 'Hardware'].includes(key))
      .map(([, value = '']) => value),
    processor_count: sockets,
    processor_cores: cores,
    processor_threads_per_core: Math.max(1, Math.floor(siblings / cores)),
    processor_vcpus: threads,
    processor_nproc: Number(sections('nproc')[0] ?? threads),
  }
}

function mountFacts(sections: Sections): readonly Value[] {
  const uuids = tabbed(sections('uuids'))
  return sections('mounts').map(line => {
    const [device = '', mount = '', fstype = '', options = '', figures = ''] = line.split('\t')
    const uuid = uuids.get(device) ?? 'N/A'
    const facts: Dict = {
      mount: unescaped(mount),
      device: unescaped(device),
      fstype,
      options,
      uuid,
      dump: 0,
      passno: 0,
    }
    const [size = 0, total = 0, , available = 0, inodes = 0, inodesFree = 0] = figures.split(' ').map(Number)
    if (figures === '') return facts
    return {
      ...facts,
      size_total: total * size,
      size_available: available * size,
      block_size: size,
      block_total: total,
      block_available: available,
      // As Ansible counts: what is kept for root is used.
      block_used: total - available,
      inode_total: inodes,
      inode_available: inodesFree,
      inode_used: inodes - inodesFree,
    }
  })
}

/** /proc/mounts writes blanks as octal. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))

const SECTOR = 512

function deviceFacts(sections: Sections): Dict {
  const kinds = Object.entries(deviceLinks(sections))
  const links = (device: string): Dict =>
    Object.fromEntries(kinds.map(([kind, devices]) => [kind, [...(devices[device] ?? [])]]))
  const devices: Record<string, Record<string, Value>> = {}
  let partitions: Record<string, Value> = {}
  for (const line of sections('block')) {
    const fields = line.split('\t')
    const name = fields[0] ?? ''
    if (name.startsWith('/')) {
      partitions[name.slice(1)] = { ...partitionFacts(fields), links: links(name.slice(1)) }
      continue
    }
    partitions = {}
    devices[name] = { ...diskFacts(fields), links: links(name), partitions }
  }
  return devices
}

function partitionFacts(fields: readonly string[]): Dict {
  const [, size = '0', start = '', holders = ''] = fields
  const bytes = Number(size) * SECTOR
  return {
    ...{ sectors: Number(size), start, sectorsize: SECTOR, size: humanSize(bytes) },
    holders: words(holders),
  }
}

function diskFacts(fields: readonly string[]): Record<string, Value> {
  const [, size = '0', removable = '', rotational = '', vendor = '', model = '', block = ''] = fields
  const [scheduler = '', granularity = '', most = '', holders = ''] = fields.slice(7)
  const bytes = Number(size) * SECTOR
  const sectorsize = block === '' ? String(SECTOR) : block
  return {
    ...{ sectors: Math.floor(bytes / Number(sectorsize)), sectorsize, size: humanSize(bytes) },
    ...{ removable, rotational, holders: words(holders) },
    vendor: vendor.trim() === '' ? null : vendor.trim(),
    model: model.trim() === '' ? null : model.trim(),
    // The one in use stands in brackets.
    scheduler_mode: /\[(.*)\]/.exec(scheduler)?.[1] ?? '',
    support_discard: most === '0' ? '0' : granularity,
  }
}

const words = (text: string): string[] => text.split(' ').filter(word => word !== '')

function humanSize(bytes: number): string {
  const units = ['Bytes', 'KB', 'MB', 'GB', 'TB', 'PB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** power).toFixed(2)} ${units[power]}`
}

/** Facts are named after the files of /sys/class/dmi/id, but for two. */
function firmwareFacts(sections: Sections): Dict {
  const dmi = tabbed(sections('dmi'))
  // A machine without firmware tables, or one that shows them to nobody, says NA.
  const facts: Record<string, Value> = Object.fromEntries(FIRMWARE.map(name => [name, 'NA']))
  for (const [file, value] of dmi) {
    if (value === '') continue
    if (file === 'sys_vendor') facts.system_vendor = value
    else if (file === 'chassis_type') facts.form_factor = FORM_FACTORS[Number(value)] ?? 'Unknown'
    else facts[file] = value
  }
  return facts
}

const FIRMWARE = [
  ...['bios_date', 'bios_vendor', 'bios_version', 'form_factor', 'system_vendor'],
  ...['board_asset_tag', 'board_name', 'board_serial', 'board_vendor', 'board_version'],
  ...['chassis_asset_tag', 'chassis_serial', 'chassis_vendor', 'chassis_version'],
  ...['product_name', 'product_serial', 'product_uuid', 'product_version'],
]

const FORM_FACTORS: Readonly<Record<number, string>> = {
  1: 'Other',
  3: 'Desktop',
  6: 'Mini Tower',
  7: 'Tower',
  9: 'Laptop',
  10: 'Notebook',
  17: 'Main Server Chassis',
  23: 'Rack Mount Chassis',
  28: 'Blade',
  30: 'Tablet',
  35: 'Mini PC',
}
