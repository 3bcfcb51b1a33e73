/** Modules that no playbook uses, and why: not-compared.yml. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import * as z from 'zod'

export function readNotCompared(): Readonly<Record<string, string>> {
  const text = readFileSync(path.join(import.meta.dirname, 'not-compared.yml'), 'utf8')
  return z.record(z.string(), z.string()).parse(parse(text))
}
