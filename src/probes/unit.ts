/**
 * Services: one `systemctl show` for all units; without systemd, what OpenRC or the init scripts tell.
 * Template units (name@.service) have no state and make `show` give up, so they are asked one by one.
 */
import { quote, quoteAll } from '../base/quote.ts'
import { garbled, textOf } from './answer.ts'
import type { Key, Probe, UnitSeen } from './contract.ts'

type UnitKey = Extract<Key, { kind: 'unit' }>

export const unitProbe: Probe<UnitKey> = {
  kind: 'unit',
  id: key => `${scopeOf(key)} ${key.name}`,
  script(keys) {
    const blocks = SCOPES.flatMap(scope => {
      const names = keys.filter(key => scopeOf(key) === scope).map(key => key.name)
      return names.length === 0 ? [] : [scopeScript(scope, names)]
    })
    return `${ASK}\n${blocks.join('\n')}\necho ==end`
  },
  parse(keys, stdout) {
    const text = textOf(stdout)
    if (!text.endsWith('==end\n')) throw garbled('services', 'it ends too early')
    const records = readRecords(text)
    return keys.map(key => {
      const record = records.get(`${scopeOf(key)} ${key.name}`)
      if (record === undefined) throw garbled(`the service ${key.name}`, 'there is none')
      return seenOf(record)
    })
  },
}

const SCOPES = ['system', 'user'] as const
const scopeOf = (key: UnitKey): 'system' | 'user' => key.scope ?? 'system'
const isTemplate = (name: string): boolean => /@(\.|$)/.test(name)

/** What decisions need and what people look at; all of `show` would be 8 KB a unit. */
const PROPERTIES = [
  'Id',
  'Names',
  'Description',
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'UnitFilePreset',
  'NeedDaemonReload',
  'FragmentPath',
  'DropInPaths',
  'Type',
  'Result',
  'MainPID',
  'NRestarts',
  'ExecMainStatus',
  'ActiveEnterTimestamp',
  'StateChangeTimestamp',
  'CanReload',
].join(',')

/**
 * h NAME starts an answer. `show` answers in argument order with a blank line between; when it prints another
 * number of records than was asked, every unit is asked again by itself.
 */
const ASK = `h() { printf '==unit %s %s\\n' "$c" "$1"; }
sd() { if [ "$c" = user ]; then XDG_RUNTIME_DIR=\${XDG_RUNTIME_DIR:-/run/user/$(id -u)} systemctl --user "$@"; else systemctl "$@"; fi; }
each() { for n do h "$n"; echo manager=systemd; sd show -p ${PROPERTIES} -- "$n" 2>/dev/null || echo LoadState=not-found; done; }
show() {
  o=$(sd show -p ${PROPERTIES} -- "$@" 2>/dev/null)
  if [ "$(printf '%s\\n' "$o" | grep -c '^LoadState=')" = $# ]; then
    for n do h "$n"; done; echo ==batch; printf '%s\\n' "$o"
  else each "$@"; fi
}
template() { for n do h "$n"; echo manager=systemd; s=$(sd is-enabled -- "$n" 2>/dev/null)
  case $s in ''|not-found) echo LoadState=not-found;; *) printf 'LoadState=loaded\\nActiveState=inactive\\nUnitFileState=%s\\n' "$s";; esac; done; }
other() { for n do h "$n"; b=\${n%.service}; f=/etc/init.d/$b
  if command -v rc-service >/dev/null 2>&1; then echo manager=openrc; k=openrc
  elif [ -d /etc/init.d ]; then echo manager=sysvinit; k=sysv; else echo manager=none; k=none; fi
  if [ "$k" = none ] || [ ! -x "$f" ]; then echo LoadState=not-found; continue; fi
  printf 'LoadState=loaded\\nFragmentPath=%s\\n' "$f"
  if [ "$k" = openrc ]; then rc-service "$b" status >/dev/null 2>&1; else "$f" status >/dev/null 2>&1; fi </dev/null
  if [ $? = 0 ]; then printf 'ActiveState=active\\nSubState=running\\n'; else printf 'ActiveState=inactive\\nSubState=dead\\n'; fi
  e=disabled; if [ "$k" = openrc ]; then set -- /etc/runlevels/*/"$b"; else set -- /etc/rc[2345].d/S[0-9][0-9]"$b"; fi
  [ ! -e "$1" ] && [ ! -L "$1" ] || e=enabled; echo UnitFileState=$e
done; }
if command -v systemctl >/dev/null 2>&1 && [ -d /run/systemd/system ]; then booted=1; else booted=; fi`

function scopeScript(scope: string, names: readonly string[]): string {
  const templates = names.filter(isTemplate)
  const plain = names.filter(name => !isTemplate(name))
  const shown = [
    plain.length > 0 ? `show ${quoteAll(plain)}` : '',
    templates.length > 0 ? `template ${quoteAll(templates)}` : '',
  ].filter(part => part !== '')
  // `other` changes its arguments, so each name gets a call.
  const others = names.map(name => `other ${quote(name)}`)
  return `c=${scope}\nif [ -n "$booted" ]; then ${shown.join('; ')}; else ${others.join('; ')}; fi`
}

type Record_ = ReadonlyMap<string, string>

function readRecords(text: string): ReadonlyMap<string, Record_> {
  const records = new Map<string, Record_>()
  let waiting: string[] = []
  let current = new Map<string, string>()
  let batch = false
  for (const line of text.split('\n')) {
    const heading = /^==unit (.*)$/.exec(line)?.[1]
    if (heading !== undefined) {
      if (batch) waiting = []
      batch = false
      waiting.push(heading)
      current = new Map()
      records.set(heading, current)
    } else if (line === '==batch' || (batch && line === '')) {
      if (line === '==batch') batch = true
      const next = waiting.shift()
      current = new Map([['manager', 'systemd']])
      if (next !== undefined) records.set(next, current)
    } else if (line === '' || line === '==end') {
      if (!batch) waiting = []
    } else {
      const at = line.indexOf('=')
      if (at > 0) current.set(line.slice(0, at), line.slice(at + 1))
    }
  }
  return records
}

function seenOf(record: Record_): UnitSeen {
  const { manager = 'none', ...properties } = Object.fromEntries(record)
  return {
    load: record.get('LoadState') ?? 'not-found',
    active: record.get('ActiveState') ?? 'inactive',
    sub: record.get('SubState') ?? 'dead',
    fileState: record.get('UnitFileState') ?? '',
    needsReload: record.get('NeedDaemonReload') === 'yes',
    properties,
    manager: MANAGERS.find(known => known === manager) ?? 'none',
  }
}

const MANAGERS: readonly UnitSeen['manager'][] = ['systemd', 'sysvinit', 'openrc', 'none']
