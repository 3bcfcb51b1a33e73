/** The default reader of `from_yaml`: the yaml package with YAML 1.1 rules, as near to PyYAML as it goes. */
import { type Document, isScalar, parseAllDocuments, parseDocument, visit } from 'yaml'
import { float, mapping, type Value } from '../../base/value.ts'
import { TemplateError } from '../errors.ts'

const OPTIONS = { version: '1.1', merge: true, mapAsMap: true } as const

/** Throws TemplateError (TEMPLATE_VALUE). */
export function readYaml(text: string): Value {
  return toValue(parseDocument(text, OPTIONS))
}

export function readYamlDocuments(text: string): Value[] {
  const documents = parseAllDocuments(text, OPTIONS)
  return Array.isArray(documents) ? documents.map(toValue) : []
}

function toValue(document: Document): Value {
  const [error] = document.errors
  if (error) throw new TemplateError('TEMPLATE_VALUE', `not YAML: ${error.message.split('\n')[0]}`)
  visit(document, {
    Scalar(_key, node) {
      if (!isScalar(node) || node.type !== 'PLAIN') return
      const source = String(node.source ?? '')
      if (typeof node.value === 'number' && isFloatText(source)) node.value = float(node.value)
      // PyYAML leaves the one-letter booleans of YAML 1.1 as texts.
      if (typeof node.value === 'boolean' && source.length === 1) node.value = source
    },
  })
  return fromPlain(document.toJS({ mapAsMap: true }))
}

function isFloatText(source: string): boolean {
  return /[.eE]/.test(source) && !/^[-+]?0x/i.test(source)
}

function fromPlain(value: unknown): Value {
  if (value instanceof Map)
    return mapping([...value].map(([key, member]) => [fromPlain(key), fromPlain(member)]))
  if (Array.isArray(value)) return value.map(fromPlain)
  return value === undefined ? null : (value as Value)
}
