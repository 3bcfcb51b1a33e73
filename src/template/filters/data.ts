/** Filters to and from JSON and YAML. */
import { readJson } from '../data/json-reader.ts'
import { type JsonStyle, writeJson } from '../data/json-writer.ts'
import { readYaml, readYamlDocuments } from '../data/yaml-reader.ts'
import { writeYaml, type YamlStyle } from '../data/yaml-writer.ts'
import { truth } from '../runtime/compare.ts'
import { str } from '../runtime/printing.ts'
import { define } from '../runtime/signature.ts'
import { numeric } from '../runtime/values.ts'

type Named = ReadonlyMap<string, unknown>

export const dataFilters = define({
  'to_json(*)': (value: unknown, _args: unknown, keywords: Named) => writeJson(value, jsonStyle(keywords)),
  'to_nice_json(*)': (value: unknown, [indent]: readonly unknown[], keywords: Named) => {
    const style = jsonStyle(keywords)
    const separators = style.separators ?? [',', ': ']
    const sortKeys = keywords.has('sort_keys') ? style.sortKeys : true
    return writeJson(value, {
      ...style,
      indent: optionalNumber(indent) ?? style.indent ?? 4,
      separators,
      sortKeys,
    })
  },
  'tojson(indent: int)': (value: unknown, indent?: number) =>
    writeJson(value, { indent: indent ?? null, sortKeys: true }).replace(
      /[<>&']/g,
      mark => `\\u00${mark.charCodeAt(0).toString(16)}`,
    ),
  'from_json(*)': (value: unknown) => readJson(str(value)),
  'to_yaml(*)': (value: unknown, _args: unknown, keywords: Named) =>
    writeYaml(value, yamlStyle(keywords, null)),
  'to_nice_yaml(*)': (value: unknown, [indent]: readonly unknown[], keywords: Named) => {
    const style = yamlStyle(keywords, false)
    return writeYaml(value, { ...style, indent: optionalNumber(indent) ?? style.indent ?? 4 })
  },
  'from_yaml()': (value: unknown) => (typeof value === 'string' ? readYaml(value) : value),
  'from_yaml_all()': (value: unknown) => (typeof value === 'string' ? readYamlDocuments(value) : value),
})

function jsonStyle(keywords: Named): JsonStyle {
  const indent = keywords.get('indent')
  const separators = keywords.get('separators')
  return {
    indent: typeof indent === 'string' ? indent : (optionalNumber(indent) ?? null),
    sortKeys: truth(keywords.get('sort_keys') ?? false),
    ensureAscii: truth(keywords.get('ensure_ascii') ?? true),
    separators: Array.isArray(separators) ? [str(separators[0]), str(separators[1])] : null,
  }
}

function yamlStyle(keywords: Named, defaultFlow: boolean | null): YamlStyle {
  const flow = keywords.get('default_flow_style')
  return {
    indent: optionalNumber(keywords.get('indent')),
    width: optionalNumber(keywords.get('width')),
    sortKeys: truth(keywords.get('sort_keys') ?? true),
    flow: flow === undefined ? defaultFlow : flow === null ? null : truth(flow),
  }
}

function optionalNumber(value: unknown): number | undefined {
  const number = numeric(value)
  return typeof number === 'number' ? number : undefined
}
