/** The tables of docs/compatibility.md. */
import { isKnown, missingArguments, standsAt } from './known.ts'
import { ANSIBLE, documented, KINDS, type Kind, LEVELS, NOTES } from './lists.ts'

export type Support = 'yes' | 'partly' | 'no'

export interface Entry {
  readonly name: string
  readonly support: Support
  /** What not, or what instead. */
  readonly note: string
}

const BEGIN = '<!-- tables: made by `npx vitest run test/docs -u` -->'
const END = '<!-- end of tables -->'

/** The page with the tables as they are now; a page without the marks is refused. */
export function withTables(page: string): string {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error(`the page has no ${BEGIN} … ${END}`)
  const tables = [counts(), keywordTable(), ...KINDS.filter(kind => kind !== 'keywords').map(table)]
  return `${before}${BEGIN}\n\n${tables.join('\n')}\n${beyond()}\n${END}${after}`
}

export function entries(kind: Kind): readonly Entry[] {
  return documented(kind).map(name => entry(kind, name))
}

function entry(kind: Kind, name: string): Entry {
  if (!isKnown(kind, name)) return { name, support: 'no', note: NOTES.instead[kind]?.[name] ?? '' }
  const missing = kind === 'modules' ? missingArguments(name) : missingPlaces(kind, name)
  const lacks = missing.length === 0 ? undefined : `no ${missing.map(code).join(', ')}`
  const note = [NOTES.partly[kind]?.[name], lacks].filter(part => part !== undefined).join('; ')
  return { name, support: note === '' ? 'yes' : 'partly', note }
}

function missingPlaces(kind: Kind, name: string): readonly string[] {
  if (kind !== 'keywords') return []
  return [...LEVELS, 'handler'].filter(
    level => ANSIBLE.keywords[level]?.includes(name) && !standsAt(name, level),
  )
}

const TITLES: Readonly<Record<Kind, string>> = {
  keywords: 'Keywords',
  modules: 'Modules',
  filters: 'Filters',
  tests: 'Tests',
  lookups: 'Lookups',
  functions: 'Functions',
  variables: 'Special variables',
}

function counts(): string {
  const rows = KINDS.map(kind => {
    const all = entries(kind)
    const count = (support: Support) => all.filter(one => one.support === support).length
    const link = `[${TITLES[kind]}](#${TITLES[kind].toLowerCase().replace(' ', '-')})`
    return `| ${link} | ${all.length} | ${count('yes')} | ${count('partly')} | ${count('no')} |`
  })
  return ['| | documented | supported | partly | no |', '| --- | --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  )
}

function keywordTable(): string {
  const rows = entries('keywords').map(({ name, support, note }) => {
    const cells = LEVELS.map(level => {
      if (!ANSIBLE.keywords[level]?.includes(name)) return ''
      return standsAt(name, level) ? 'yes' : 'no'
    })
    return `| ${code(name)} | ${support} | ${cells.join(' | ')} | ${note} |`
  })
  const head = [
    `| | | ${LEVELS.join(' | ')} | |`,
    `| --- | --- | ${LEVELS.map(() => '---').join(' | ')} | --- |`,
  ]
  return [
    '## Keywords\n',
    'Where a cell is empty, Ansible has no such keyword there. A handler takes what a task takes, and `listen`.',
    `Of \`loop_control\`: ${ANSIBLE.keywords.loop_control?.map(code).join(', ')}. Of \`meta\`: ${ANSIBLE.keywords.meta_actions?.map(code).join(', ')}.\n`,
    ...head,
    ...rows,
    '',
  ].join('\n')
}

function table(kind: Kind): string {
  const rows = entries(kind).map(({ name, support, note }) => `| ${code(name)} | ${support} | ${note} |`)
  return [`## ${TITLES[kind]}\n`, '| | | |', '| --- | --- | --- |', ...rows, ''].join('\n')
}

/** Names that are known here and stand in none of the tables. */
function beyond(): string {
  const parts = KINDS.flatMap(kind => {
    const names = Object.entries(NOTES.beyond[kind] ?? {})
    if (names.length === 0) return []
    return [`- ${TITLES[kind]}: ${names.map(([name, from]) => `${code(name)} (${from})`).join(', ')}`]
  })
  return ['## Also there\n', ...parts, ''].join('\n')
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``
}
