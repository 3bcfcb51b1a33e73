/** The section of docs/compatibility.md that differences.yml is shown in. */
import { allCases } from './cases.ts'
import { readDifferences } from './differences.ts'

const BEGIN = '<!-- differences: made from test/differential/differences.yml -->'
const END = '<!-- end of differences -->'

/** The page with the section as it is now; a page without the marks is refused. */
export function withDifferences(page: string): string {
  const [before, rest] = page.split(BEGIN)
  const after = rest?.split(END)[1]
  if (before === undefined || after === undefined) throw new Error(`the page has no ${BEGIN} … ${END}`)
  return `${before}${BEGIN}\n\n${section()}\n\n${END}${after}`
}

function section(): string {
  const differences = readDifferences()
  return [
    `The differential suite (\`make test-differential\`) plays ${allCases().length} playbooks with ansible-playbook and with vpai on`,
    'hosts that begin alike, and compares what each task did, what it returned, and the whole host afterwards.',
    `What differs and is meant to, ${differences.length} in all:`,
    '',
    ...differences.map(({ what, why }) => `- ${what} ${why}`),
  ].join('\n')
}
