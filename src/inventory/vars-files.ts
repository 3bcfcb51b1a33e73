/** group_vars and host_vars: files to blocks of variables, by the group or host they are for. */

import { nearestName } from '../base/did-you-mean.ts'
import type { Problem } from '../base/error.ts'
import type { Vault } from '../base/vault.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { type VarBlock, varBlock } from './draft.ts'
import type { VarsFile } from './model.ts'
import { variableNameProblems } from './variable-names.ts'

/** In reading order; find() gives those of one group or host. */
export interface VarsBlocks {
  find(of: VarsFile['of'], near: VarsFile['near'], name: string): readonly VarBlock[]
}

export interface KnownNames {
  readonly hosts: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
  readonly vault?: Vault | undefined
}

export function readVarsFiles(
  files: readonly VarsFile[],
  known: KnownNames,
): { readonly blocks: VarsBlocks; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const blocks = new Map<string, VarBlock[]>()
  for (const file of files) {
    const read = readVarsFile(file, known.vault)
    problems.push(...read.problems, ...misspelt(file, known))
    if (read.block === undefined) continue
    const key = keyOf(file.of, file.near, file.name)
    blocks.set(key, [...(blocks.get(key) ?? []), read.block])
  }
  return { blocks: { find: (of, near, name) => blocks.get(keyOf(of, near, name)) ?? [] }, problems }
}

function keyOf(of: VarsFile['of'], near: VarsFile['near'], name: string): string {
  return `${of} ${near} ${name}`
}

function readVarsFile(
  { file, text }: VarsFile,
  vault: Vault | undefined,
): { block?: VarBlock; problems: readonly Problem[] } {
  const start = { file, line: 1, column: 1 }
  const document = readYaml(text, { file, templates: true, vault })
  const block = varBlock(document.value, {
    origin: start,
    positionOf: name => document.positionOfKey([name]),
  })
  if (block !== undefined) return { block, problems: [...document.problems, ...variableNameProblems(block)] }
  const hint = 'Each line is a variable: name: value'
  const problem: Problem = {
    code: 'INVENTORY_VARS_SHAPE',
    message: `${file} must be a mapping of variables`,
    hint,
    position: start,
  }
  return { problems: [...document.problems, problem] }
}

/** Files for other inventories are common, so only a name that is nearly right is worth a word. */
function misspelt({ of, name, file }: VarsFile, { hosts, groups }: KnownNames): Problem[] {
  const names = of === 'host' ? hosts : groups
  const nearest = names.has(name) || LOCAL.includes(name) ? undefined : nearestName(name, names)
  if (nearest === undefined || names.size > 5000) return []
  const message = `There is no ${of} "${name}", so ${file} is read for nobody`
  const position = { file, line: 1, column: 1 }
  return [
    {
      code: 'INVENTORY_VARS_UNUSED',
      message,
      hint: `Did you mean ${nearest}?`,
      severity: 'warning',
      position,
    },
  ]
}

const LOCAL = ['localhost', '127.0.0.1', '::1']
