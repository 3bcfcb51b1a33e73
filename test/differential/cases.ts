/** The playbooks both sides play: one folder each under playbooks/, with a site.yml and, where needed, a case.yml. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'

const caseFile = z.strictObject({
  /** A host with systemd, its own Docker engine and a firewall; a plain container with sshd otherwise. */
  systemd: z.boolean().default(false),
  /** A host with a program for every module: databases, package managers, firewalls. */
  programs: z.boolean().default(false),
  /** Hosts end with a failure, because that is what the case is about; otherwise all of it must be played. */
  fails: z.boolean().default(false),
  /** Arguments of each run, one after the other on the same host. */
  runs: z.array(z.array(z.string())).default([[], []]),
  /** Inventories beside the one that the suite writes. */
  inventories: z.array(z.string()).default([]),
})

export interface Case extends z.infer<typeof caseFile> {
  readonly name: string
  readonly folder: string
}

const PLAYBOOKS = path.join(import.meta.dirname, 'playbooks')

export function allCases(): Case[] {
  return readdirSync(PLAYBOOKS).sort().map(readCase)
}

/** `shard` counts from 1. Every case is in one shard; those that take long are dealt out evenly too. */
export function casesOfShard(shard: number, shards: number): Case[] {
  const cases = allCases()
  const isLong = (one: Case) => one.systemd || one.programs
  const dealt = [...cases.filter(isLong), ...cases.filter(one => !isLong(one))]
  return dealt.filter((_case, index) => index % shards === shard - 1)
}

function readCase(name: string): Case {
  const folder = path.join(PLAYBOOKS, name)
  const file = path.join(folder, 'case.yml')
  return { name, folder, ...caseFile.parse(existsSync(file) ? parse(readFileSync(file, 'utf8')) : {}) }
}
