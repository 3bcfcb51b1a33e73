import type { LintedProject, Remark, Rule, SourceFile } from '../contract.ts'

export const variableUnused: Rule = {
  id: 'variable-unused',
  severity: 'info',
  summary: 'a variable of a role or play that nothing reads',
  why: 'What nobody reads misleads whoever sets it.',
  check: project => {
    const uses = countWords(project.sources)
    return definitions(project).flatMap(({ name, file, line, column }): Remark[] =>
      uses.get(name) === 1 && !name.startsWith('ansible_')
        ? [{ message: `nothing in the project reads ${name}`, position: { file, line, column } }]
        : [],
    )
  },
}

interface Definition {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Keys at the left margin of defaults/ and vars/ of roles. */
function definitions({ sources }: LintedProject): Definition[] {
  return sources
    .filter(({ file, kind }) => kind === 'yaml' && /(?:^|\/)roles\/[^/]+\/(?:defaults|vars)\//.test(file))
    .flatMap(({ file, lines }) =>
      lines.flatMap((text, index) => {
        const name = /^([A-Za-z_]\w*)\s*:(?:\s|$)/.exec(text)?.[1]
        return name === undefined ? [] : [{ name, file, line: index + 1, column: 1 }]
      }),
    )
}

/** A name that stands once in all files stands only where it is defined. Comments count: better silent than wrong. */
function countWords(sources: readonly SourceFile[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { text } of sources)
    for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}
