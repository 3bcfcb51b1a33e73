/** docs/modules.md from the modules themselves: summary, docstring of the file, arguments of the schema. */
import type { z } from 'zod'
import type { Module } from '../../src/modules/contract.ts'
import { reasonWithoutEffect } from '../../src/modules/shared/honoured.ts'
import { argumentSchemas, type Def, defOf, moduleShape } from '../../src/schemas/module-shape.ts'

export interface ModuleSource {
  readonly module: Module
  /** The file's text, for its docstring. */
  readonly source: string
}

const HEAD = `# Modules

A task calls one of these. Names, arguments and meaning are those of Ansible's module of the same name; full names
such as \`ansible.builtin.copy\` or \`community.docker.docker_network\` work too. An argument that a module does not
know is an error before anything is touched.

*Settles* says what happens on the second run: \`yes\` means that a task which changed something finds nothing to do
the next time. Modules that cannot promise it say why.

\`mode\` is octal text (\`"0644"\`) or symbolic (\`u=rw,go=r\`); \`owner\` and \`group\` are names or numbers. \`attributes\`
(\`attr\`) is what chattr takes, with \`+\`, \`-\` or \`=\` in front; without a sign it is \`=\`. The host needs lsattr and chattr
(e2fsprogs) for it, and a file system that has attributes; those that file systems set by themselves, such as \`e\` of ext4, stay. \`seuser\`, \`serole\`, \`setype\` and \`selevel\` are set by chcon where
SELinux is enabled on the host, and nowhere else, as in Ansible; \`_default\` is what the policy has for the path. All of these
are left out of the tables below.

Every argument of the tables is carried out, or listed below its table as *without effect*, with the reason. Values that
cannot be honoured and would matter are errors at their position when the project is read.

This page is made from the source: \`npx vitest run test/docs -u\` writes it anew.
`

export function modulePage(all: readonly ModuleSource[]): string {
  const sorted = [...all].sort((left, right) => (left.module.name < right.module.name ? -1 : 1))
  const index = sorted.map(({ module }) => `| [${module.name}](#${module.name}) | ${cell(module.summary)} |`)
  return [HEAD, ['| module | |', '| --- | --- |', ...index, ''].join('\n'), ...sorted.map(section)].join('\n')
}

function section({ module, source }: ModuleSource): string {
  const names = module.aliases?.length ? `Other names: ${module.aliases.map(code).join(', ')}.\n\n` : ''
  const free =
    module.freeForm === undefined ? '' : `Free text behind the name is taken as ${code(module.freeForm)}.\n\n`
  const settles = module.settles === true ? 'yes' : module.settles
  return `## ${module.name}

${module.summary}.

${names}${free}${docstring(source)}${argumentTable(module)}Settles: ${settles}.
`
}

/** Only the part of a file's first comment that is for users of the module. */
function docstring(source: string): string {
  const [, body] = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(source) ?? []
  if (body === undefined) return ''
  const entries: { word: string; text: string }[] = []
  for (const line of body.split('\n').slice(1)) {
    const [, word, rest = ''] = /^ \* (Args|Changes|Errors|Returns) +(.*)$/.exec(line) ?? []
    const more = /^ \* {2,}(.*)$/.exec(line)?.[1]
    if (word !== undefined) entries.push({ word, text: rest })
    else if (more !== undefined && entries.length > 0) entries.push(joined(entries.pop(), more))
  }
  const shown = entries.filter(({ word }) => word !== 'Args')
  return shown.length === 0
    ? ''
    : `${shown.map(({ word, text }) => `- **${word}**: ${escaped(text)}`).join('\n')}\n\n`
}

function joined(entry: { word: string; text: string } | undefined, more: string) {
  return { word: entry?.word ?? '', text: `${entry?.text} ${more}` }
}

/** Of no effect here, or the same for all modules that write files. */
const SILENT = new Set(['seuser', 'serole', 'setype', 'selevel', 'attributes', 'attr', 'unsafe_writes'])

function argumentTable(module: Module): string {
  const object = moduleShape(module.args())
  if (object === undefined) return 'Arguments: any name.\n\n'
  const { shape, names, mainName } = object
  const own = Object.keys(shape).filter(name => !SILENT.has(name))
  if (own.length === 0) return 'It takes no arguments.\n\n'
  const others = names.filter(name => !Object.hasOwn(shape, name) && !SILENT.has(name))
  const rows = own.map(name => {
    const { type, note } = describe(shape[name])
    const also = others.filter(other => mainName(other) === name).map(code)
    return `| ${code(name)} | ${/(^|_)mode$/.test(name) ? modeName(type) : type} | ${note} | ${also.join(', ')} |`
  })
  const table = ['| argument | takes | default | also |', '| --- | --- | --- | --- |', ...rows, '', '']
  return `${table.join('\n')}${withoutEffect(module)}`
}

/** A line for each reason, with all that it is the reason for. */
function withoutEffect(module: Module): string {
  const byReason = new Map<string, string[]>()
  for (const [name, schema] of argumentSchemas(module.args())) {
    const reason = reasonWithoutEffect(schema)
    if (reason !== null && !SILENT.has(name))
      byReason.set(reason, [...(byReason.get(reason) ?? []), code(name)])
  }
  const lines = [...byReason].map(([reason, names]) => `- ${names.join(', ')}: ${reason}`)
  return lines.length === 0 ? '' : `Taken, and without effect:\n\n${lines.join('\n')}\n\n`
}

function modeName(type: string): string {
  if (type === 'anything') return 'mode'
  return type === 'number' ? 'octal mode' : type
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'yes or no',
  number: 'number',
  array: 'list',
  record: 'mapping',
  object: 'mapping',
  any: 'anything',
  unknown: 'anything',
  custom: 'anything',
}

function describe(schema: z.core.$ZodType | undefined): { type: string; note: string } {
  let note = 'required'
  let def = defOf(schema)
  for (;;) {
    if (def?.type === 'optional' || def?.type === 'nullable') note = note === 'required' ? '' : note
    else if (def?.type === 'default' || def?.type === 'prefault') note = shown(def.defaultValue)
    else if (def?.type === 'pipe') {
      // Steps come before the schema they prepare for, or behind the one they change.
      const out = defOf(def.out as z.core.$ZodType)
      def = out?.type === 'transform' ? defOf(def.in as z.core.$ZodType) : out
      continue
    } else break
    def = defOf(def?.innerType as z.core.$ZodType)
  }
  return { type: typeName(def), note }
}

function typeName(def: Def | undefined): string {
  if (def?.type === 'enum')
    return Object.values(def.entries as object)
      .map(word => code(String(word)))
      .join(' ')
  if (def?.type === 'union') {
    const kinds = (def.options as z.core.$ZodType[]).map(one => describe(one).type)
    return [...new Set(kinds)].join(' or ')
  }
  if (def?.type === 'literal') return (def.values as unknown[]).map(word => code(String(word))).join(' ')
  return TYPES[def?.type ?? ''] ?? 'text'
}

function shown(value: unknown): string {
  if (value === '' || (Array.isArray(value) && value.length === 0)) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return code(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``
}

function cell(text: string): string {
  return escaped(text).replaceAll('|', '\\|')
}

/** Words such as <database> and *_filters are no markup. */
function escaped(text: string): string {
  return text.replaceAll('<', '&lt;').replace(/\*(?=_)/g, '\\*')
}
