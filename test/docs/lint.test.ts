import { expect, test } from 'vitest'
import { RULES } from '../../src/lint/rules/index.ts'

const PAGE = new URL('../../docs/lint.md', import.meta.url)

const HEAD = `# Lint

\`vpai lint\` reads all playbooks, all roles (also those that no playbook uses) and all variables of a project and says
what may hurt: what the loader would refuse, and what the rules below object to. It starts no program, opens no
connection, and needs no secret.

\`\`\`
$ vpai lint
playbooks/site.yml:5:51: warning: mode 0755 without quotes depends on how YAML reads numbers (mode-unquoted)
0 errors, 1 warning, 0 remarks, 1 can be mended with --fix
\`\`\`

| | |
| --- | --- |
| \`vpai lint playbooks/site.yml\` | only what this playbook uses |
| \`--fix\` | mends what keeps its meaning, marked below |
| \`--strict\` | remarks (info) count too |
| \`--output pretty\\|plain\\|json\\|sarif\` | \`sarif\` is what code hosts and editors read |
| \`--list-rules\` | the rules |

Exit code: 0 nothing found, 1 wrong usage, 2 something found (errors and warnings; with \`--strict\` also remarks).

Where a rule is wrong for a line, say so at its end or alone on the line above:

\`\`\`yaml
image: redis # vpai-lint: off image-unpinned
\`\`\`

\`# noqa: image-unpinned\` does the same; without a name all rules are off there. For the whole project, in \`vpai.yml\`:

\`\`\`yaml
lint: { skip: [name-missing] }
\`\`\`

## Rules

This list is made from the source: \`npx vitest run test/docs -u\` writes it anew.

`

/** Rules whose findings carry a fix. */
const FIXED = ['mode-unquoted', 'legacy-words']

test('docs/lint.md says what the rules say', async () => {
  const rules = RULES.map(({ id, severity, summary, why }) => {
    const fix = FIXED.includes(id) ? ' `--fix` mends it.' : ''
    return `### ${id}\n\n*${severity}* – ${summary}. ${why}${fix}\n`
  })
  await expect(`${HEAD}${rules.join('\n')}`).toMatchFileSnapshot(PAGE.pathname)
})
