/**
 * Facts of hosts from run to run, in files like those of Ansible's jsonfile cache: one a host, facts with their prefix,
 * variables of set_fact without. A file older than the time given is not read; one that is damaged counts as missing.
 * What holds a secret is never written.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { VpaiError } from '../base/error.ts'
import type { SecretRegistry } from '../base/secret-registry.ts'
import { type Dict, isDict, isMapping, PyFloat, type Value } from '../base/value.ts'
import type { CachedFacts, FactCache } from '../engine/world.ts'
import { readYaml } from '../yaml/read-yaml.ts'

export interface FactCacheSettings {
  /** Absolute. */
  readonly folder: string
  /** 0: for ever. */
  readonly timeoutS: number
  readonly prefix: string
  readonly secrets: SecretRegistry
  /** Milliseconds, as Date.now(). */
  readonly now: () => number
}

export function factCache({ folder, timeoutS, prefix, secrets, now }: FactCacheSettings): FactCache {
  const fileOf = (host: string) => path.join(folder, `${prefix}${host.replaceAll('/', '_')}`)
  return {
    read(host) {
      const file = fileOf(host)
      const stats = statSync(file, { throwIfNoEntry: false })
      if (stats === undefined || (timeoutS > 0 && now() - stats.mtimeMs > timeoutS * 1000)) return null
      const { value } = readYaml(readFileSync(file, 'utf8'), { file, templates: false })
      return isDict(value) ? parted(value) : null
    },
    write(host, facts) {
      // ansible_local is among them as local, too.
      const named = Object.entries(facts.facts)
        .filter(([name]) => name !== 'ansible_local')
        .map(([name, value]) => [isFact(name) ? name : `ansible_${name}`, value] as const)
      const all = [...named, ...facts.kept].map(
        ([name, value]) => [name, JSON.stringify(value, jsonValue)] as const,
      )
      const kept = all.filter(([name, text]) => text !== undefined && !secrets.taints(`${name} ${text}`))
      const text = `{\n${kept.map(([name, value]) => `    ${JSON.stringify(name)}: ${value}`).join(',\n')}\n}\n`
      writeWhole(fileOf(host), text)
    },
  }
}

/** Own names begin with the prefix; others were set. */
function parted(value: Dict): CachedFacts {
  const entries = Object.entries(value)
  const facts = entries
    .filter(([name]) => name.startsWith('ansible_'))
    .map(([name, one]) => [name.slice(8), one])
  return {
    facts: { ...Object.fromEntries(facts), ...wholeNames(value) },
    kept: new Map(entries.filter(([name]) => !isFact(name))),
  }
}

/** What ansible_facts has under the name it is written with. */
function wholeNames({ module_setup, gather_subset, ansible_local }: Dict): Dict {
  return {
    ...(ansible_local === undefined ? {} : { ansible_local }),
    ...(module_setup === undefined ? {} : { module_setup }),
    ...(gather_subset === undefined ? {} : { gather_subset }),
  }
}

function isFact(name: string): boolean {
  return name.startsWith('ansible_') || name === 'module_setup' || name === 'gather_subset'
}

/** Throws FACT_CACHE_WRITE. Facts tell much of a host: nobody else needs to read them. */
function writeWhole(file: string, text: string): void {
  const beside = `${file}.${process.pid}.new`
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(beside, text, { mode: 0o600 })
    chmodSync(beside, 0o600)
    renameSync(beside, file)
  } catch (cause) {
    throw new VpaiError('FACT_CACHE_WRITE', `facts cannot be kept in ${file}: ${(cause as Error).message}`, {
      hint: 'fact_caching_connection in ansible.cfg names the folder.',
      cause,
    })
  }
}

function jsonValue(_key: string, value: unknown): unknown {
  if (value instanceof PyFloat) return value.v
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Map && isMapping(value as Value))
    return Object.fromEntries([...value].map(([k, v]) => [String(k), v]))
  return value
}
