import path from 'node:path'
import { didYouMean } from '../../base/did-you-mean.ts'
import { VpaiError } from '../../base/error.ts'
import { writeAllOrNothing } from '../../files/atomic-write.ts'
import { projectFiles } from '../../files/project-files.ts'
import { applyEdits } from '../../lint/apply-edits.ts'
import type { Finding } from '../../lint/contract.ts'
import { readForLint } from '../../lint/read-project.ts'
import { RULES } from '../../lint/rules/index.ts'
import { runRules } from '../../lint/run-rules.ts'
import { sarif } from '../../lint/sarif.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { type Found, findingsText } from '../findings-text.ts'
import { knownNames, loadOptions } from '../project/load-options.ts'
import { openProject, type Project } from '../project/open.ts'
import { VERSION } from '../version.ts'

/** vpai lint [PLAYBOOK…]: what may hurt, in playbooks, roles and variables. Reads files, starts nothing, connects to nobody. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  if (options.listRules === true) {
    io.out.write(
      `${RULES.map(({ id, severity, summary }) => `${id} (${severity}): ${summary}`).join('\n')}\n`,
    )
    return EXIT.fine
  }
  const project = await openProject({ io, options, needsSecrets: false })
  requireKnownRules(project)
  const reader = projectFiles(project.root)
  const playbooks = args.map(file => path.relative(project.root, path.resolve(io.cwd, file)))
  const look = async () => {
    const read = readForLint({ reader, playbooks, options: await loadOptions(project, knownNames(project)) })
    const problems = [...project.problems, ...read.problems]
    return runRules(read.project, { rules: RULES, problems, skip: project.settings.lint.skip })
  }
  const first = await look()
  const fixed = options.fix === true ? applyEdits(first, reader.read) : []
  await writeAllOrNothing(
    fixed.map(({ file, text }) => ({ path: path.resolve(project.root, file), content: text })),
  )
  const findings = fixed.length === 0 ? first : await look()
  write({ findings, fixed: fixed.reduce((sum, { count }) => sum + count, 0) }, { options, io })
  const isBad = ({ severity }: Finding) => options.strict === true || severity !== 'info'
  return findings.some(isBad) ? EXIT.changes : EXIT.fine
}

function requireKnownRules({ settings }: Project): void {
  const ids = RULES.map(({ id }) => id)
  const unknown = settings.lint.skip.find(id => !ids.includes(id))
  if (unknown === undefined) return
  throw new VpaiError('LINT_RULE_UNKNOWN', `vpai.yml skips the rule ${unknown}, which does not exist`, {
    hint: didYouMean(unknown, ids) ?? 'vpai lint --list-rules names all.',
  })
}

function write({ findings, fixed }: Found, { options, io }: Pick<Invocation, 'options' | 'io'>): void {
  if (options.output === 'sarif')
    io.out.write(`${JSON.stringify(sarif(findings, { rules: RULES, version: VERSION }), null, 2)}\n`)
  else if (options.output === 'json')
    io.out.write(`${JSON.stringify({ version: 1, fixed, findings }, null, 2)}\n`)
  else io.out.write(findingsText({ findings, fixed }, { io, output: options.output }))
}
