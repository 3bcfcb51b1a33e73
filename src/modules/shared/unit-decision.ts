/** Started, stopped, enabled, masked: what systemd, OpenRC and init scripts have in common. */
import { quote } from '../../base/quote.ts'
import type { UnitSeen } from '../../probes/contract.ts'
import type { Change, RunAction } from '../contract.ts'

export type ServiceState = 'started' | 'stopped' | 'restarted' | 'reloaded'

export interface UnitWish {
  readonly name: string
  readonly state?: ServiceState
  readonly enabled?: boolean
  readonly masked?: boolean
}

export type UnitVerb = 'start' | 'stop' | 'restart' | 'reload' | 'enable' | 'disable' | 'mask' | 'unmask'

export interface UnitStep {
  readonly verb: UnitVerb
  readonly change: Change
}

const RUNNING = ['active', 'activating', 'reloading', 'refreshing']
/** Enabled by something else than a link of their own: neither enable nor disable does anything. */
const FIXED = ['static', 'generated', 'transient', 'indirect', 'alias']

export function unitSteps(wish: UnitWish, unit: UnitSeen): UnitStep[] {
  const steps: UnitStep[] = []
  const add = (verb: UnitVerb, what: string, from: string, to: string) =>
    steps.push({ verb, change: { what, subject: wish.name, from, to } })
  const masked = unit.fileState.startsWith('masked') || unit.load === 'masked'
  if (wish.masked === false && masked) add('unmask', 'masked', 'masked', 'unmasked')
  if (wish.enabled !== undefined && !FIXED.includes(unit.fileState)) {
    const enabled = unit.fileState === 'enabled'
    if (wish.enabled && !enabled) add('enable', 'enabled', unit.fileState || 'disabled', 'enabled')
    if (!wish.enabled && (enabled || unit.fileState === 'enabled-runtime'))
      add('disable', 'enabled', unit.fileState, 'disabled')
  }
  const running = RUNNING.includes(unit.active)
  if (wish.state === 'started' && !running) add('start', 'state', unit.active, 'started')
  if (wish.state === 'stopped' && (running || unit.active === 'deactivating'))
    add('stop', 'state', unit.active, 'stopped')
  if (wish.state === 'restarted') add(running ? 'restart' : 'start', 'state', unit.active, 'restarted')
  if (wish.state === 'reloaded') add(running ? 'reload' : 'start', 'state', unit.active, 'reloaded')
  if (wish.masked === true && !masked) add('mask', 'masked', unit.fileState || 'unmasked', 'masked')
  return steps
}

export interface InitWords {
  readonly manager: 'sysvinit' | 'openrc'
  /** Behind the verb. */
  readonly words: string
  /** Of OpenRC. */
  readonly runlevel: string
}

/** Commands of hosts without systemd. Enabling by links where no tool for it is there. */
export function initAction(verb: UnitVerb, name: string, more: InitWords): RunAction {
  const argument = more.words === '' ? [] : more.words.split(/\s+/)
  if (more.manager === 'openrc') {
    if (verb === 'enable') return { do: 'run', argv: ['rc-update', 'add', name, more.runlevel] }
    if (verb === 'disable') return { do: 'run', argv: ['rc-update', 'del', name, more.runlevel] }
    return {
      do: 'run',
      argv: ['rc-service', name, verb, ...argument],
      failure: `Unable to ${verb} service ${name}`,
    }
  }
  if (verb === 'enable' || verb === 'disable')
    return { do: 'run', script: sysvEnable(name, verb), failure: `Unable to ${verb} service ${name}` }
  return {
    do: 'run',
    argv: [`/etc/init.d/${name}`, verb, ...argument],
    failure: `Unable to ${verb} service ${name}`,
  }
}

function sysvEnable(name: string, verb: 'enable' | 'disable'): string {
  const word = quote(name)
  const on = verb === 'enable'
  return `if command -v update-rc.d >/dev/null 2>&1; then ${on ? `update-rc.d ${word} defaults && ` : ''}update-rc.d ${word} ${verb}
elif command -v chkconfig >/dev/null 2>&1; then chkconfig ${word} ${on ? 'on' : 'off'}
else for d in /etc/rc2.d /etc/rc3.d /etc/rc4.d /etc/rc5.d; do [ -d "$d" ] || continue
rm -f "$d"/S[0-9][0-9]${word}; ${on ? `ln -s ../init.d/${word} "$d"/S50${word}` : ':'}; done; fi`
}
