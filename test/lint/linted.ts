/** Lints a project held in memory. */
import type { Finding } from '../../src/lint/contract.ts'
import { readForLint } from '../../src/lint/read-project.ts'
import { RULES } from '../../src/lint/rules/index.ts'
import { runRules } from '../../src/lint/run-rules.ts'
import { moduleArguments, moduleNames } from '../../src/modules/catalogue.ts'
import { aLoadOptions } from '../config/load-options.ts'
import { memoryReader } from '../config/memory-reader.ts'

export function lint(files: Readonly<Record<string, string>>, skip: readonly string[] = []): Finding[] {
  const options = aLoadOptions({ knownModules: moduleArguments, suggestModules: moduleNames() })
  const { project, problems } = readForLint({ reader: memoryReader(files), options, playbooks: [] })
  return runRules(project, { rules: RULES, problems, skip })
}

/** A playbook of one play with these tasks, each text a task without its dash. */
export function playWith(...tasks: readonly string[]): string {
  const list = tasks.map(task => `    - name: t\n${task.replaceAll(/^/gm, '      ')}\n`).join('')
  return `- name: p\n  hosts: all\n  tasks:\n${list}`
}

export function ids(findings: readonly Finding[]): string[] {
  return findings.map(({ rule }) => rule)
}
