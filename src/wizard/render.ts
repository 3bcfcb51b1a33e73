/** The files of a finished run, except the encrypted one. Nothing here holds a secret. */
import { Template } from '../base/value.ts'
import { type Entry, mergeYaml, type Section } from './merge-yaml.ts'
import { renderHosts } from './render-hosts.ts'
import type { WizardResult } from './settle.ts'
import type { Answer } from './variable.ts'
import { SERVICE_LIMITS } from './variables/limits.ts'
import { variablesOf } from './variables.ts'

export interface RenderedFile {
  /** Relative to the project. */
  readonly path: string
  readonly content: string
}

export interface RenderInput {
  readonly result: WizardResult
  readonly formerVariables: { readonly [name: string]: unknown }
  /** Text of a file of the project, undefined where there is none. */
  readonly existing: (path: string) => string | undefined
  /** Where the project keeps its secrets, as people read it. */
  readonly secrets?: string
}

export const PATHS = {
  project: 'vpai.yml',
  gitignore: '.gitignore',
  hosts: 'inventory/hosts.yml',
  all: 'inventory/group_vars/all/main.yml',
  secrets: 'inventory/secrets.age',
} as const

export function groupPath(group: string): string {
  return `inventory/group_vars/${group}/main.yml`
}

/** Throws WIZARD_BROKEN_FILE when a file that is there cannot be read. */
export function renderFiles(input: RenderInput): readonly RenderedFile[] {
  const { result, existing, formerVariables, secrets = PATHS.secrets } = input
  const groups = result.systems.includes('vpai') ? groupSections(result) : []
  const hosts = { result, file: PATHS.hosts, existing: existing(PATHS.hosts), formerVariables }
  const settings = { file: PATHS.all, existing: existing(PATHS.all), head: allHead(secrets) }
  return [
    { path: PATHS.project, content: projectFile(result, existing(PATHS.project)) },
    { path: PATHS.hosts, content: renderHosts(hosts) },
    { path: PATHS.all, content: mergeYaml(settings, themes(result)) },
    ...groups.map(group => groupFile(group, existing)),
    {
      path: PATHS.gitignore,
      content: withLines(existing(PATHS.gitignore) ?? '', ['.vpai/', `${secrets}.draft`]),
    },
  ]
}

function allHead(secrets: string): string {
  return `The one place for the project's settings. Written by \`vpai wizard\`; run it again or edit here.
Your own keys are kept. Secrets are in ${secrets}: \`vpai secrets edit\`.`
}

/** The name follows the answers; paths that somebody set are left. */
function projectFile({ variables }: WizardResult, existing: string | undefined): string {
  const head = 'The project: its name, and where vpai finds things.'
  const named = mergeYaml({ file: PATHS.project, existing, head }, [
    { entries: [['name', variables.project_name ?? 'vpai']] },
  ])
  return mergeYaml({ file: PATHS.project, existing: named, head, onlyMissing: true }, [
    {
      entries: [
        ['inventory', PATHS.hosts],
        ['secrets', PATHS.secrets],
      ],
    },
  ])
}

/** Group settings are a first proposal: what is there already stays. */
function groupFile({ group, entries }: GroupEntries, existing: RenderInput['existing']): RenderedFile {
  const path = groupPath(group)
  const head = `What is different on the hosts of the group ${group}.`
  return {
    path,
    content: mergeYaml({ file: path, existing: existing(path), head, onlyMissing: true }, [{ entries }]),
  }
}

/** The variable that tells which systems the project runs. */
export const SYSTEMS_VARIABLE = 'vpai_systems'

function themes({ systems, variables }: WizardResult): readonly Section[] {
  const sections = new Map<string, [string, Answer][]>([
    ['Systems of this project', [[SYSTEMS_VARIABLE, [...systems]]]],
  ])
  for (const { name, theme } of variablesOf(systems)) {
    const value = variables[name]
    if (value === undefined) continue
    sections.set(theme, [...(sections.get(theme) ?? []), [name, value]])
  }
  return [...sections].map(([title, entries]) => ({ title, entries }))
}

interface GroupEntries {
  readonly group: string
  readonly entries: readonly Entry[]
}

function groupSections(result: WizardResult): readonly GroupEntries[] {
  const becomes = result.kept.includes(BECOME) || BECOME in result.secrets
  const limits = SERVICE_LIMITS.flatMap(({ service, preprod }): (readonly [string, Answer])[] => [
    ...(preprod === undefined ? [] : [[`${service}_memory_limit`, preprod.memory] as const]),
    ...(preprod?.cpu === undefined ? [] : [[`${service}_cpu_limit`, preprod.cpu] as const]),
  ])
  return [
    { group: 'prod', entries: [['target_env', 'prod']] },
    { group: 'preprod', entries: [['target_env', 'preprod'], ['smoke_test_strict', false], ...limits] },
    {
      group: 'workstation',
      entries: [
        ['target_env', 'workstation'],
        ...(becomes ? [['ansible_become_password', new Template(`{{ ${BECOME} }}`)] as const] : []),
      ],
    },
    { group: 'vpn', entries: [['target_env', 'vpn']] },
  ]
}

const BECOME = 'workstation_pi_become_pass'

function withLines(text: string, lines: readonly string[]): string {
  const present = new Set(text.split('\n').map(line => line.trim()))
  const missing = lines.filter(line => !present.has(line))
  if (missing.length === 0) return text
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${missing.join('\n')}\n`
}
