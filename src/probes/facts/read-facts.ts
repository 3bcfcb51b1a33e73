/** The facts script's answer as ansible_facts without the prefix. */
import type { Dict, Value } from '../../base/value.ts'
import { hardwareFacts } from './hardware.ts'
import { localFacts } from './local-facts.ts'
import { networkFacts } from './network.ts'
import { platformFacts } from './platform.ts'
import { factSections, type Sections } from './sections.ts'
import { capabilityFacts, storageFacts } from './storage.ts'
import { virtualizationFacts } from './virtualization.ts'

export function readFacts(text: string): Dict {
  const sections = factSections(text)
  return {
    ...networkFacts(sections),
    ...platformFacts(sections),
    ...virtualizationFacts(sections),
    ...hardwareFacts(sections),
    ...storageFacts(sections),
    ...capabilityFacts(sections),
    ...userFacts(sections),
    ...hostKeyFacts(sections),
    date_time: dateFacts(sections('date')),
    env: environmentFacts(sections('env')),
    cmdline: commandLine(sections('cmdline')[0] ?? '', false),
    proc_cmdline: commandLine(sections('cmdline')[0] ?? '', true),
    local: localFacts(sections('local')),
    gather_subset: ['all'],
    module_setup: true,
  }
}

function userFacts(sections: Sections): Dict {
  const [name = '', uid = '0', gid = '0', realUid = uid, realGid = gid, passwd = ''] = sections('user')
  const [, , , , gecos = '', home = '', shell = ''] = passwd.split(':')
  return {
    user_id: name,
    user_uid: Number(uid),
    user_gid: Number(gid),
    user_gecos: gecos,
    user_dir: home,
    user_shell: shell,
    real_user_id: Number(realUid),
    effective_user_id: Number(uid),
    real_group_id: Number(realGid),
    effective_group_id: Number(gid),
  }
}

function dateFacts(lines: readonly string[]): Dict {
  const [
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '',
    epoch = '',
    offset = '',
    zone = '',
  ] = lines
  const [weekday = '', weekdayNumber = '', , week = '', utc = '', nanos = '0'] = lines.slice(9)
  const micros = (/^\d{9}$/.test(nanos) ? nanos : '000000000').slice(0, 6)
  const date = `${year}-${month}-${day}`
  const time = `${hour}:${minute}:${second}`
  return {
    year,
    month,
    weekday,
    weekday_number: weekdayNumber,
    weeknumber: week,
    day,
    hour,
    minute,
    second,
    epoch,
    epoch_int: epoch,
    date,
    time,
    iso8601: `${utc}Z`,
    iso8601_micro: `${utc}.${micros}Z`,
    iso8601_basic: `${year}${month}${day}T${hour}${minute}${second}${micros}`,
    iso8601_basic_short: `${year}${month}${day}T${hour}${minute}${second}`,
    tz: zone,
    tz_dst: zone,
    tz_offset: offset,
  }
}

/** A value may go on over several lines; a line without a name is the next line of the one before. */
function environmentFacts(lines: readonly string[]): Dict {
  const env: Record<string, string> = {}
  let last = ''
  for (const line of lines) {
    const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/.exec(line) ?? []
    if (name !== undefined) {
      env[name] = value
      last = name
    } else if (last !== '') env[last] += `\n${line}`
  }
  return env
}

/** Words without a value are true. With `all`, a name given several times has a list. */
function commandLine(text: string, all: boolean): Dict {
  const facts: Record<string, Value> = {}
  for (const word of text.split(' ').filter(one => one !== '')) {
    const at = word.indexOf('=')
    const [name, value]: [string, Value] = at < 0 ? [word, true] : [word.slice(0, at), word.slice(at + 1)]
    const before = facts[name]
    if (!all || before === undefined) facts[name] = value
    else facts[name] = Array.isArray(before) ? [...before, value] : [before, value]
  }
  return facts
}

/** ssh-ed25519 AAAA… as ssh_host_key_ed25519_public, and its type beside it. */
function hostKeyFacts(sections: Sections): Dict {
  const facts: Record<string, Value> = {}
  for (const line of sections('hostkeys')) {
    const [type = '', key = ''] = line.split(' ')
    const short = /rsa|dsa|dss|ecdsa|ed25519/.exec(type.replace('ssh-dss', 'dsa'))?.[0]
    if (short === undefined || key === '') continue
    const name = type.includes('ecdsa') ? 'ecdsa' : short
    facts[`ssh_host_key_${name}_public`] = key
    facts[`ssh_host_key_${name}_public_keytype`] = type
  }
  return facts
}
