/** Findings as SARIF 2.1.0, which code hosts and editors show beside the line. */
import type { Finding, Rule, Severity } from './contract.ts'

const LEVEL: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' }

export function sarif(
  findings: readonly Finding[],
  { rules, version }: { rules: readonly Rule[]; version: string },
) {
  const known = new Set(rules.map(({ id }) => id))
  const others = [...new Set(findings.map(({ rule }) => rule))].filter(rule => !known.has(rule))
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'vpai lint',
            version,
            rules: [
              ...rules.map(({ id, severity, summary, why }) => ({
                id,
                shortDescription: { text: summary },
                fullDescription: { text: why },
                defaultConfiguration: { level: LEVEL[severity] },
              })),
              ...others.map(id => ({ id })),
            ],
          },
        },
        results: findings.map(result),
      },
    ],
  }
}

function result({ rule, severity, message, hint, position }: Finding) {
  const text = hint === undefined ? message : `${message}\n${hint}`
  if (position === undefined) return { ruleId: rule, level: LEVEL[severity], message: { text } }
  const { file, line, column } = position
  const region = { startLine: line, startColumn: column }
  const physicalLocation = { artifactLocation: { uri: encodeURI(file) }, region }
  return { ruleId: rule, level: LEVEL[severity], message: { text }, locations: [{ physicalLocation }] }
}
