/**
 * `.vpai/asked/<id>/<host>.json`: what hosts were looked at for, by identity, one folder for each kind of run (its
 * playbooks and tags). Only the user may read it. A damaged file counts as missing: it is only a guess at what to ask.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { KeyStore } from '../engine/world.ts'
import { keySchema } from '../probes/key-schema.ts'
import { askedFolder } from './logins.ts'

const file = z.record(z.string(), z.array(keySchema))

/** Kinds of runs that are remembered. */
const MOST = 20

/** `like`: whatever makes two runs look at other things. */
export function askedKeys(stateDirectory: string, like: readonly unknown[]): KeyStore {
  const folder = askedFolder(stateDirectory, like)
  const fileOf = (host: string) => path.join(folder, `${encodeURIComponent(host)}.json`)
  let isReady = false
  return {
    read: host => new Map(Object.entries(parsed(fileOf(host)))),
    write(host, keys) {
      if (!isReady) {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        removeOld(path.dirname(folder), path.basename(folder))
        isReady = true
      }
      const unfinished = path.join(folder, `.${randomBytes(6).toString('hex')}`)
      writeFileSync(unfinished, JSON.stringify(Object.fromEntries(keys)), { mode: 0o600 })
      renameSync(unfinished, fileOf(host))
    },
  }
}

function parsed(name: string): z.output<typeof file> {
  try {
    return file.parse(JSON.parse(readFileSync(name, 'utf8')))
  } catch {
    // Missing or damaged: the run asks what it needs when it needs it.
    return {}
  }
}

function removeOld(all: string, own: string): void {
  const age = (name: string) => statSync(path.join(all, name)).mtimeMs
  const others = readdirSync(all).filter(name => name !== own)
  const old = others.sort((one, other) => age(other) - age(one)).slice(MOST - 1)
  for (const name of old) rmSync(path.join(all, name), { recursive: true, force: true })
}
