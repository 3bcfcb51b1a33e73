/** `vpai.yml`: what a project says about itself. Every key has a default; a project may do without the file. */
import { z } from 'zod'
import { didYouMean } from '../base/did-you-mean.ts'
import type { Problem } from '../base/error.ts'
import { isMapping, type Value } from '../base/value.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import type { ConfigCode } from './codes.ts'
import { Cursor } from './cursor.ts'
import type { ProjectReader } from './reader.ts'

const text = z.string().min(1)

const lintSchema = z.strictObject({
  skip: z.array(z.string()).default([]).describe('Rules that do not count in this project.'),
})

const releasesSchema = z.strictObject({
  keep: z.int().min(1).max(1000).default(10).describe('Releases that each host keeps.'),
})

const SECTIONS: Readonly<Record<string, z.ZodObject>> = { lint: lintSchema, releases: releasesSchema }

/** Paths are relative to the directory of the file. */
export const projectSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/, 'only small letters, digits, - and _, beginning with a letter or digit')
    .optional()
    .describe('Name of the project: its directory on the hosts. Default: the name of its folder.'),
  inventory: z
    .union([text, z.array(text).min(1)])
    .default('inventory/')
    .describe('File or directory of hosts and groups, or a list of them; later ones win.'),
  playbook: text.default('playbooks/site.yml').describe('Playbook that deploy runs when none is named.'),
  roles_path: z
    .union([text, z.array(text)])
    .default([])
    .describe('Directories of roles, searched after roles/ and the roles of vpai.'),
  secrets: text.default('inventory/secrets.age').describe('Encrypted file of secrets.'),
  strict_secrets: z
    .boolean()
    .default(false)
    .describe('Refuse to run when a secret would be visible in arguments of a process.'),
  forks: z.int().min(1).max(1000).default(10).describe('Hosts worked on at the same time.'),
  shipped_roles: z.boolean().default(true).describe('May the roles that come with vpai be used?'),
  timeout: z.int().min(1).default(10).describe('Seconds to wait for a connection.'),
  gather_facts: z.boolean().default(true).describe('Gather facts in plays that do not say.'),
  lint: lintSchema.default({ skip: [] }).describe('Settings of vpai lint.'),
  releases: releasesSchema.default({ keep: 10 }).describe('What a deploy leaves on the hosts to go back to.'),
  history: z.int().min(0).default(100).describe('Runs kept in the history.'),
})

export type ProjectSettings = Omit<z.infer<typeof projectSchema>, 'inventory' | 'roles_path'> & {
  readonly inventory: readonly string[]
  readonly roles_path: readonly string[]
}

export interface ReadProject {
  /** Defaults where the file is missing or wrong. */
  readonly settings: ProjectSettings
  readonly problems: readonly Problem[]
}

/** Reads vpai.yml; all problems at once, never throws for what it holds. */
export function readProjectFile(reader: ProjectReader, file = 'vpai.yml'): ReadProject {
  const source = reader.read(file)
  if (source === null) return { settings: settle({}), problems: [] }
  const document = readYaml(source, { file, templates: false })
  const parsed = projectSchema.safeParse(plain(document.value ?? {}))
  if (document.problems.some(problem => problem.severity !== 'warning')) {
    return { settings: settle({}), problems: document.problems }
  }
  if (parsed.success) return { settings: settle(parsed.data), problems: document.problems }
  const cursor = new Cursor(document)
  const problems = parsed.error.issues.flatMap(issue => toProblems(cursor, issue))
  return { settings: settle({}), problems: [...document.problems, ...problems] }
}

/** A mapping with keys that are no texts (`on:` is true in YAML) as one with texts, so that those keys are refused. */
function plain(value: Value): Value {
  if (Array.isArray(value)) return value.map(plain)
  if (!isMapping(value)) return value
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value)
  return Object.fromEntries(entries.map(([key, item]) => [String(key), plain(item)]))
}

function settle(written: z.input<typeof projectSchema>): ProjectSettings {
  const settings = projectSchema.parse(written)
  return { ...settings, inventory: [settings.inventory].flat(), roles_path: [settings.roles_path].flat() }
}

const UNKNOWN: ConfigCode = 'CONFIG_UNKNOWN_KEYWORD'
const INVALID: ConfigCode = 'CONFIG_PROJECT_FILE_INVALID'

function toProblems(root: Cursor, issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const [within] = issue.path.map(String)
    const holder = within === undefined ? root : (root.get(within) ?? root)
    const keys = Object.keys((SECTIONS[within ?? ''] ?? projectSchema).shape)
    return issue.keys.map(key => ({
      code: UNKNOWN,
      message: `${within === undefined ? '' : `${within} in `}vpai.yml has no key ${key}`,
      hint: didYouMean(key, keys) ?? `Its keys: ${keys.join(', ')}.`,
      position: holder.get(key)?.keyPosition ?? holder.position,
    }))
  }
  const [name] = issue.path
  if (name === undefined) {
    return [
      { code: INVALID, message: 'vpai.yml must be a mapping of keys to values', position: root.position },
    ]
  }
  const key = String(name)
  const item = root.get(key)
  const hint = projectSchema.shape[key as keyof typeof projectSchema.shape]?.description
  const message = `${key} in vpai.yml: ${issue.code === 'invalid_union' ? 'must be a text or a list of texts' : issue.message}`
  return [{ code: INVALID, message, hint, position: (item ?? root).position }]
}
