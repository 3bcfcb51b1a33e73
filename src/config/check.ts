/** The rules over the whole project; each gathers its problems in the context. */
import type { LoadContext } from './load-context.ts'
import type { Playbook } from './model.ts'
import { checkArgumentSpecs } from './rules/check-argument-specs.ts'
import { checkBecome } from './rules/check-become.ts'
import { checkFiles } from './rules/check-files.ts'
import { checkHandlers } from './rules/check-handlers.ts'
import { checkMeta } from './rules/check-meta.ts'
import { checkServices } from './rules/check-services.ts'
import { checkStrategy } from './rules/check-strategy.ts'
import { checkSynchronize } from './rules/check-synchronize.ts'
import { checkTemplates } from './rules/check-templates.ts'
import { checkValues } from './rules/check-values.ts'

type Rule = (context: LoadContext, playbooks: readonly Playbook[]) => void

/** checkFiles reads the files of include_vars, whose names checkTemplates needs. */
const RULES: readonly Rule[] = [
  checkFiles,
  checkHandlers,
  checkBecome,
  checkMeta,
  checkSynchronize,
  checkStrategy,
  checkArgumentSpecs,
  checkServices,
  checkValues,
  checkTemplates,
]

export function checkProject(context: LoadContext, playbooks: readonly Playbook[]): void {
  for (const rule of RULES) rule(context, playbooks)
}
