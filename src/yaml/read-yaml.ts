/**
 * The one YAML reader: project files (with templates) and plain data.
 *
 * Never throws for bad input: problems carry file, line and column, and the value is null where
 * the text cannot be read. Scalars mean what they mean in PyYAML, see scalar.ts.
 * Codes: YAML_SYNTAX, YAML_CONTROL_CHARACTER, YAML_SEVERAL_DOCUMENTS, YAML_BAD_VALUE, YAML_KEY_MISSING,
 * YAML_KEY_UNSUPPORTED, YAML_BAD_MERGE, YAML_UNKNOWN_ALIAS, YAML_RECURSIVE, YAML_TOO_BIG, YAML_UNKNOWN_TAG,
 * YAML_VAULT_UNSUPPORTED, VAULT_...; the warning YAML_DUPLICATE_KEY.
 */
import type { Document, Node } from 'yaml'
import { type Position, type Problem, VpaiError } from '../base/error.ts'
import type { Secret } from '../base/secret.ts'
import type { Value } from '../base/value.ts'
import { isVaulted, type Vault } from '../base/vault.ts'
import { compose, tooDeep } from './compose.ts'
import { findPlace, type Path } from './node-positions.ts'
import { readPlain } from './plain-yaml.ts'
import { ValueBuilder } from './value-builder.ts'

export interface YamlOptions {
  /** As it shall stand in positions. */
  readonly file: string
  /** True for project files: text with template syntax becomes a Template. False for data. */
  readonly templates: boolean
  /** Opens what ansible-vault encrypted: the file as a whole, and its !vault values. */
  readonly vault?: Vault | undefined
}

export interface YamlDocument {
  readonly value: Value
  readonly problems: readonly Problem[]
  readonly source: string
  /** Of the value at a path of keys and indexes; of the deepest parent that exists, when there is none. */
  positionOf(path: Path): Position
  /** Of the key itself; of the item, for a list index. */
  positionOfKey(path: Path): Position
}

/** A file that holds one document. A second document is a problem. */
export function readYaml(text: string, options: YamlOptions): YamlDocument {
  const documents = readYamlDocuments(text, options)
  const [first, second] = documents
  if (first === undefined) return emptyDocument(text, options.file, [])
  if (second === undefined) return first
  const problem: Problem = {
    code: 'YAML_SEVERAL_DOCUMENTS',
    message: 'A second document begins here; this file may hold only one',
    hint: 'Remove the line ---, or split the file.',
    position: second.positionOf([]),
  }
  return { ...first, value: null, problems: [...documents.flatMap(document => document.problems), problem] }
}

/** A stream of documents parted by ---. Empty text gives none. */
export function readYamlDocuments(text: string, options: YamlOptions): YamlDocument[] {
  const { vault } = options
  if (!isVaulted(text)) return readClear(text, options)
  return vault === undefined ? [encrypted(text, options.file)] : readVaulted(text, options, vault)
}

/** Every text in it that is no template is a secret. */
function readVaulted(text: string, options: YamlOptions, vault: Vault): YamlDocument[] {
  const { file } = options
  try {
    const clear = Buffer.from(vault.open(text, file)).toString('utf8')
    return readClear(clear, { ...options, hide: secret => vault.known(secret, file) })
  } catch (error) {
    if (!(error instanceof VpaiError)) throw error
    const problem: Problem = {
      ...error.toProblem(),
      position: { file, line: 1, column: 1 },
      ...(vault.mayStayClosed ? { severity: 'warning' as const } : {}),
    }
    return [emptyDocument(text, file, [problem])]
  }
}

function readClear(text: string, options: ClearOptions): YamlDocument[] {
  const { file } = options
  const strange = findControlCharacter(text, file)
  if (strange !== undefined) return [emptyDocument(text, file, [strange])]
  const plain = readPlain(text, options)
  if (plain !== null) return [plain]
  return readFully(text, options)
}

/** By the YAML library, which knows all of it. */
export function readFully(text: string, options: ClearOptions): YamlDocument[] {
  const { file } = options
  const { documents, problems, at } = compose(text, file)
  if (problems.length > 0) return [emptyDocument(text, file, problems)]
  return documents.map(document => readDocument(document, { ...options, text, at }))
}

function encrypted(text: string, file: string): YamlDocument {
  const problem: Problem = {
    code: 'YAML_VAULT_UNSUPPORTED',
    message: `${file} is encrypted with ansible-vault, which is not read here`,
    hint: 'Keep its values in a file of variables, or in the secrets file: vpai secrets edit',
    position: { file, line: 1, column: 1 },
  }
  return emptyDocument(text, file, [problem])
}

export interface ClearOptions extends YamlOptions {
  /** The whole file was encrypted. */
  readonly hide?: (text: string) => Secret
}

interface DocumentContext extends ClearOptions {
  readonly text: string
  readonly at: (offset: number) => Position
}

function readDocument(
  document: Document.Parsed,
  { text, file, templates, vault, hide, at }: DocumentContext,
): YamlDocument {
  const root = document.contents as Node | null
  const builder = new ValueBuilder({ templates, at, source: text, vault, hide })
  let value: Value = null
  try {
    value = builder.build(root)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    builder.problems.push(tooDeep(file))
  }
  const start = document.range[0]
  const place = (path: Path) => findPlace(root, path, builder.targets)
  const offsetOf = (...nodes: (Node | null)[]) => nodes.find(node => node?.range)?.range?.[0] ?? start
  return {
    value,
    problems: builder.problems,
    source: text,
    positionOf: path => {
      const { key, value: node } = place(path)
      return at(offsetOf(node, key))
    },
    positionOfKey: path => {
      const { key, value: node } = place(path)
      return at(offsetOf(key, node))
    },
  }
}

function findControlCharacter(text: string, file: string): Problem | undefined {
  const index = text.search(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/)
  if (index === -1) return undefined
  const before = text.slice(0, index).split('\n')
  const hex = text.charCodeAt(index).toString(16).padStart(4, '0')
  return {
    code: 'YAML_CONTROL_CHARACTER',
    message: `The character U+${hex.toUpperCase()} may not stand in YAML`,
    hint: `Is this file text? In double quotes it can be written as \\u${hex}.`,
    position: { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 },
  }
}

function emptyDocument(source: string, file: string, problems: readonly Problem[]): YamlDocument {
  const start: Position = { file, line: 1, column: 1 }
  return { value: null, problems, source, positionOf: () => start, positionOfKey: () => start }
}
