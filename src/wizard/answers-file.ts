import { didYouMean } from '../base/did-you-mean.ts'
import type { Position, Problem } from '../base/error.ts'
import { ProblemsError } from '../base/error.ts'
import { isMapping } from '../base/value.ts'
import { readYaml, type YamlDocument } from '../yaml/read-yaml.ts'
import type { Finding } from './cross-checks.ts'
import type { Random } from './generate.ts'
import { toAnswers } from './read-values.ts'
import { type Former, settle, type WizardResult } from './settle.ts'
import type { Answer, Answers, System } from './variable.ts'
import { VARIABLES, variablesOf } from './variables.ts'

export interface AnswersFile {
  readonly text: string
  readonly file: string
  /** Not given: the file's own `systems`, else vpai. */
  readonly systems?: readonly System[]
  readonly former: Former
  readonly detected?: Answers
  readonly random: Random
}

/**
 * A run without questions: `name: value` lines, and `systems: [vpai, atlas, homelab]`.
 * Throws a ProblemsError with everything that is wrong, each with file, line and column.
 */
export function settleAnswersFile(input: AnswersFile): WizardResult {
  const document = readYaml(input.text, { file: input.file, templates: false })
  const broken = document.problems.filter(problem => problem.severity !== 'warning')
  if (broken.length > 0) throw new ProblemsError(broken)
  if (document.value !== null && !isMapping(document.value)) {
    const message = `${input.file} must hold \`name: value\` lines`
    throw new ProblemsError([{ code: 'WIZARD_ANSWERS', message, position: document.positionOf([]) }])
  }
  const { systems: listed, ...given } = toAnswers(document.value)
  const systems = input.systems ?? readSystems(listed)
  const problems = [
    ...duplicates(document),
    ...badSystems(listed, document),
    ...unknownKeys(Object.keys(given), systems, document),
  ]
  const { result, errors } = settle({
    systems,
    given,
    former: input.former,
    detected: input.detected,
    random: input.random,
  })
  problems.push(...errors.map(finding => withPosition(finding, given, document)))
  if (problems.length > 0) throw new ProblemsError(inOrder(problems))
  return result
}

const SYSTEMS: readonly System[] = ['vpai', 'atlas', 'homelab']

function readSystems(listed: Answer | undefined): readonly System[] {
  const names: readonly Answer[] = Array.isArray(listed) ? listed : [listed ?? 'vpai']
  const known = SYSTEMS.filter(system => names.includes(system))
  return known.length > 0 ? known : ['vpai']
}

function duplicates(document: YamlDocument): readonly Problem[] {
  return document.problems
    .filter(problem => problem.code === 'YAML_DUPLICATE_KEY')
    .map(({ severity: _, ...problem }) => problem)
}

function badSystems(listed: Answer | undefined, document: YamlDocument): readonly Problem[] {
  const names: readonly Answer[] = Array.isArray(listed) ? listed : listed === undefined ? [] : [listed]
  return names
    .filter(name => !SYSTEMS.some(system => system === name))
    .map(name => ({
      code: 'WIZARD_UNKNOWN_SYSTEM',
      message: `there is no system called ${String(name)}`,
      hint: `systems are ${SYSTEMS.join(', ')}`,
      position: document.positionOf(['systems']),
    }))
}

function unknownKeys(
  names: readonly string[],
  systems: readonly System[],
  document: YamlDocument,
): readonly Problem[] {
  const known = variablesOf(systems).map(variable => variable.name)
  return names
    .filter(name => !known.includes(name))
    .map(name => {
      const other = VARIABLES.find(variable => variable.name === name)
      const hint =
        other === undefined
          ? didYouMean(name, known)
          : `it belongs to ${other.systems.join(' and ')}, which this project does not run`
      return {
        code: 'WIZARD_UNKNOWN_VARIABLE',
        message: `there is no variable called ${name}`,
        hint,
        position: document.positionOfKey([name]),
      }
    })
}

/** At the answer it is about, else at the top of the file. */
function withPosition(
  finding: Finding,
  given: Readonly<Record<string, unknown>>,
  document: YamlDocument,
): Problem {
  const name = finding.names.find(candidate => candidate in given)
  const position = name === undefined ? document.positionOf([]) : document.positionOf([name])
  return { code: finding.code, message: finding.message, hint: finding.hint, position }
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const line = (position: Position | undefined) => (position?.line ?? 0) * 10_000 + (position?.column ?? 0)
  return [...problems].sort((a, b) => line(a.position) - line(b.position))
}
