/** The sections of docs/compatibility.md that come from the suite: what differs and is meant to, and what is compared where. */
import { standsAt } from '../compatibility/known.ts'
import { ANSIBLE, LEVELS } from '../compatibility/lists.ts'
import { allCases } from './cases.ts'
import { type Coverage, coverageOf } from './coverage.ts'
import { readDifferences } from './differences.ts'
import { readNotCompared } from './not-compared.ts'

const BEGIN = '<!-- differences: made from test/differential/differences.yml -->'
const END = '<!-- end of differences -->'

/** The page with the sections as they are now; a page without the marks is refused. */
export function withDifferences(page: string): string {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error(`the page has no ${BEGIN} … ${END}`)
  return `${before}${BEGIN}\n\n${differences()}\n\n${compared()}\n\n${END}${after}`
}

function differences(): string {
  const kept = readDifferences()
  return [
    `The differential suite (\`make test-differential\`) plays ${allCases().length} playbooks with ansible-playbook and with vpai on`,
    'hosts that begin alike, and compares what each task did, what it returned, and the whole host afterwards.',
    `What differs and is meant to, ${kept.length} in all:`,
    '',
    ...kept.map(({ what, why }) => `- ${what} ${why}`),
  ].join('\n')
}

/** Names of playbooks in a cell: more do not help anybody to find one. */
const SHOWN = 3

function compared(): string {
  const coverage = coverageOf(allCases())
  return [
    '## What is compared',
    '',
    'The playbooks (folders of `test/differential/playbooks`) that use a keyword at its place, and a module.',
    '',
    `| | ${LEVELS.join(' | ')} |`,
    `| --- | ${LEVELS.map(() => '---').join(' | ')} |`,
    ...keywordRows(coverage),
    '',
    '| module | playbooks |',
    '| --- | --- |',
    ...moduleRows(coverage),
    '',
    'Not compared:',
    '',
    ...Object.entries(readNotCompared()).map(([name, why]) => `- \`${name}\`: ${why}`),
  ].join('\n')
}

function keywordRows({ keywords }: Coverage): string[] {
  const words = [...new Set(LEVELS.flatMap(level => ANSIBLE.keywords[level] ?? []))].sort()
  return words.map(word => {
    const cells = LEVELS.map(level => (standsAt(word, level) ? cell(keywords.get(`${level} ${word}`)) : ''))
    return `| \`${word}\` | ${cells.join(' | ')} |`
  })
}

function moduleRows({ modules }: Coverage): string[] {
  return [...modules.keys()].sort().map(name => `| \`${name}\` | ${cell(modules.get(name))} |`)
}

function cell(names: readonly string[] = []): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''
  return `${names.slice(0, SHOWN).join(', ')}${more}`
}
