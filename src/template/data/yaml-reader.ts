/** YAML for templates: read as everywhere, told of as a fault of the value. */
import { VpaiError } from '../../base/error.ts'
import type { Value } from '../../base/value.ts'
import { parseAllYamlData, parseYamlData } from '../../yaml/parse-yaml-data.ts'
import { TemplateError } from '../errors.ts'

/** Throws TemplateError (TEMPLATE_VALUE). */
export function readYaml(text: string): Value {
  return orFault(() => parseYamlData(text))
}

export function readYamlDocuments(text: string): Value[] {
  return orFault(() => parseAllYamlData(text))
}

function orFault<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof VpaiError)) throw cause
    throw new TemplateError('TEMPLATE_VALUE', `not YAML: ${cause.message}`, { cause })
  }
}
