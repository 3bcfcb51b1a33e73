import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

/** Who may import whom, room by room. The table in docs/architecture.md is this object. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  base: [],
  yaml: ['base'],
  template: ['base', 'yaml'],
  probes: ['base'],
  secrets: ['base', 'yaml'],
  manifest: ['base'],
  config: ['base', 'yaml', 'template', 'manifest'],
  inventory: ['base', 'yaml'],
  lint: ['base', 'yaml', 'config', 'manifest'],
  modules: ['base', 'probes'],
  actions: ['base', 'probes', 'modules/contract'],
  guard: ['base', 'modules/contract'],
  record: ['base'],
  release: ['base', 'record/layout'],
  drift: ['base', 'record', 'release'],
  status: ['base', 'record', 'release'],
  verify: ['base'],
  plan: ['base', 'config', 'inventory'],
  wizard: ['base', 'yaml', 'secrets'],
  schemas: ['base', 'config', 'manifest', 'modules', 'template', 'wizard'],
  'saved-plan': ['base', 'probes', 'modules/contract', 'engine/world'],
  engine: [
    'base',
    'plan',
    'config',
    'manifest',
    'inventory',
    'modules',
    'probes',
    'actions',
    'guard',
    'record',
    'release',
    'template',
  ],
  session: ['base', 'engine/ports'],
  connections: ['base', 'engine/ports'],
  files: ['base', 'yaml', 'config', 'secrets', 'inventory', 'wizard', 'modules/contract', 'engine/world'],
  state: ['base', 'engine/world', 'engine/ports', 'probes/key-schema'],
  report: ['base', 'plan'],
  sandbox: ['base', 'connections'],
}
const PURE = [
  'base',
  'yaml',
  'template',
  'probes',
  'secrets',
  'manifest',
  'config',
  'inventory',
  'lint',
  'modules',
  'actions',
  'guard',
  'record',
  'release',
  'drift',
  'status',
  'verify',
  'plan',
  'saved-plan',
  'wizard',
  'schemas',
]
const OUTSIDE =
  /^(node:(fs|child_process|net|http|https|os|process|tty|readline|dns|timers)|node-ssh|ssh2|execa|listr2|@inquirer|commander)/
const HOMES: Record<string, RegExp> = {
  commander: /^cli\/(main|register)\.ts$/,
  nunjucks: /^template\/nunjucks-/,
  'age-encryption': /^secrets\//,
  '@inquirer/prompts': /^cli\/(ask|prompts\/)/,
  ssh2: /^(connections|sandbox)\//,
  listr2: /^cli\//,
}
const SRC = path.resolve(import.meta.dirname, '../src')

interface Import {
  readonly file: string
  readonly spec: string
  readonly typeOnly: boolean
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
const imports: Import[] = files.flatMap(file =>
  [
    ...readFileSync(path.join(SRC, file), 'utf8').matchAll(
      /^(?:import|export)\b(?<type> type\b)?(?:[^'";]*?\bfrom)?\s*['"](?<spec>[^'"]+)['"]|\bimport\('(?<late>[^']+)'\)/gm,
    ),
  ].map(({ groups }) => ({
    file,
    spec: groups?.spec ?? groups?.late ?? '',
    typeOnly: groups?.type !== undefined,
  })),
)

describe('rooms', () => {
  it('import only what the table allows', () => {
    const wrong = imports
      .filter(({ spec }) => spec.startsWith('.'))
      .map(({ file, spec }) => ({ file, to: path.join(path.dirname(file), spec) }))
      .filter(({ file, to }) => {
        const [from = '', room = ''] = [file, to].map(name => name.split(path.sep)[0])
        if (from === room || from === 'cli') return false
        return !MAY_IMPORT[from]?.some(allowed => to === `${allowed}.ts` || to.startsWith(`${allowed}/`))
      })
    expect(wrong).toEqual([])
  })

  it('that are pure touch nothing outside the process', () => {
    const wrong = imports.filter(
      ({ file, spec, typeOnly }) => !typeOnly && PURE.includes(room(file)) && OUTSIDE.test(spec),
    )
    expect(wrong).toEqual([])
  })

  it('that are pure read no clock, no random source and no process', () => {
    const impure =
      /\b(process\.\w|console\.|Date\.now\(|new Date\(\)|Math\.random\(|setTimeout\(|setInterval\(|fetch\()/
    const wrong = files.filter(file => PURE.includes(room(file)) && impure.test(codeOf(file)))
    expect(wrong).toEqual([])
  })

  it('keep each library in its home', () => {
    const wrong = imports.filter(
      ({ file, spec, typeOnly }) => !typeOnly && HOMES[spec] !== undefined && !HOMES[spec].test(file),
    )
    expect(wrong).toEqual([])
  })

  it('hold no file over 300 lines', () => {
    const long = files.filter(file => readFileSync(path.join(SRC, file), 'utf8').split('\n').length > 301)
    expect(long).toEqual([])
  })
})

function room(file: string): string {
  return file.split(path.sep)[0] ?? ''
}

/** Without comments. */
function codeOf(file: string): string {
  return readFileSync(path.join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '')
}
