/** YAML as data: what from_yaml and facts need. Nothing in it is ever a template. */
import { type Problem, VpaiError } from '../base/error.ts'
import type { Value } from '../base/value.ts'
import { readYaml, readYamlDocuments, type YamlDocument } from './read-yaml.ts'

const DATA = { file: 'data', templates: false }

/** One document; empty text is null. Throws the first problem as a VpaiError (YAML_...). */
export function parseYamlData(text: string): Value {
  return valueIn(readYaml(text, DATA))
}

/** Every document of a stream, for from_yaml_all. */
export function parseAllYamlData(text: string): Value[] {
  return readYamlDocuments(text, DATA).map(valueIn)
}

function valueIn(document: YamlDocument): Value {
  const problem = document.problems.find(({ severity }) => severity !== 'warning')
  if (problem !== undefined) throw asError(problem)
  return document.value
}

function asError({ code, message, hint, position }: Problem): VpaiError {
  const where =
    position === undefined ? '' : ` (line ${position.line}, column ${position.column} of the text)`
  return new VpaiError(code, `${message}${where}`, { hint })
}
