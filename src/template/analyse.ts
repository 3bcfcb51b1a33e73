/** What a template names, found without running it: for checks when a project is loaded. */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Position, Problem } from '../base/error.ts'
import { type Offset, TemplateError, type TemplateErrorCode } from './errors.ts'
import { readFileHeader } from './file-header.ts'
import { fileSyntax } from './file-syntax.ts'
import { KNOWN_LOOKUPS } from './lookups/call-lookup.ts'
import { NameWalker, type Reference } from './name-walker.ts'
import type { AstNode } from './nunjucks-base.ts'
import { parseExpression, parseTemplate } from './parser/jinja-parser.ts'
import { plainNames } from './plain-names.ts'
import { findDefinition } from './runtime/calls.ts'
import { positionAt } from './runtime/render.ts'
import { standardLibrary } from './standard-library.ts'
import { FILE_SYNTAX, STRING_SYNTAX } from './syntax.ts'

export type SourceKind = 'text' | 'expression' | 'file'

export interface VariableUse {
  readonly name: string
  /** Every use is inside `default()`, `is defined` or a branch where it is known to be defined. */
  readonly guarded: boolean
  /** The first use, an unguarded one if there is one; only when the text's own position was given. */
  readonly position?: Position
}

export interface Analysis {
  /** Syntax errors, unknown filters, tests and lookups. */
  readonly problems: readonly Problem[]
  /** Names the template needs from outside; its own (loops, set, macros, imports) are left out. */
  readonly variables: readonly VariableUse[]
  readonly filters: readonly string[]
  readonly tests: readonly string[]
  /** Those named by a literal. */
  readonly lookups: readonly string[]
}

export interface AnalyseOptions {
  /** Where the text begins; without it nothing has a position. */
  readonly position?: Position
  /** Lookups the Templar will be given besides the known ones. */
  readonly lookups?: readonly string[]
}

/** Never runs anything and never throws for what the text holds. */
export function analyse(source: string, kind: SourceKind, options: AnalyseOptions = {}): Analysis {
  const plain = kind === 'text' ? plainNames(source) : undefined
  if (plain !== undefined) {
    return { ...NOTHING_FOUND, variables: variableUses(plain, placer(options.position, 0)) }
  }
  const found = parse(source, kind)
  const place = placer(options.position, found.skippedLines)
  if ('error' in found) {
    const { message, hint, offset } = found.error
    const problem = {
      code: 'TEMPLATE_SYNTAX',
      message,
      hint,
      position: place(offset ?? { line: 0, column: 0 }),
    }
    return { ...NOTHING_FOUND, problems: [problem] }
  }
  const walker = new NameWalker()
  walker.walk(found.tree)
  const { filters, tests, lookups } = walker
  const lookupNames = new Set([...KNOWN_LOOKUPS, ...(options.lookups ?? [])])
  return {
    problems: [
      ...filters.flatMap(use => unknownName(use, place, FILTERS)),
      ...tests.flatMap(use => unknownName(use, place, TESTS)),
      ...lookups.flatMap(use => unknownName(use, place, lookupKind(lookupNames))),
    ],
    variables: variableUses(walker.variables, place),
    filters: distinctNames(filters),
    tests: distinctNames(tests),
    lookups: distinctNames(lookups),
  }
}

const NOTHING_FOUND: Analysis = { problems: [], variables: [], filters: [], tests: [], lookups: [] }

type Parsed =
  | { readonly tree: AstNode; readonly skippedLines: number }
  | { readonly error: TemplateError; readonly skippedLines: number }

function parse(source: string, kind: SourceKind): Parsed {
  let skippedLines = 0
  try {
    if (kind === 'expression') return { tree: parseExpression(source), skippedLines }
    if (kind === 'text') return { tree: parseTemplate(source, STRING_SYNTAX), skippedLines }
    const file = readFileHeader(source)
    skippedLines = file.skippedLines
    return { tree: parseTemplate(file.body, fileSyntax(FILE_SYNTAX, file.options)), skippedLines }
  } catch (error) {
    if (error instanceof TemplateError) return { error, skippedLines }
    throw error
  }
}

type Place = (offset: Offset) => Position | undefined

function placer(origin: Position | undefined, skippedLines: number): Place {
  return offset => origin && positionAt(origin, { line: offset.line + skippedLines, column: offset.column })
}

interface NameKind {
  readonly code: TemplateErrorCode
  readonly word: string
  readonly isKnown: (name: string) => boolean
  readonly names: () => Iterable<string>
}

const FILTERS: NameKind = {
  code: 'TEMPLATE_UNKNOWN_FILTER',
  word: 'filter',
  isKnown: name => findDefinition(standardLibrary.filters, name) !== undefined,
  names: () => Object.keys(standardLibrary.filters),
}

const TESTS: NameKind = {
  code: 'TEMPLATE_UNKNOWN_TEST',
  word: 'test',
  isKnown: name => findDefinition(standardLibrary.tests, name) !== undefined,
  names: () => Object.keys(standardLibrary.tests),
}

function lookupKind(known: ReadonlySet<string>): NameKind {
  return {
    code: 'TEMPLATE_UNKNOWN_LOOKUP',
    word: 'lookup',
    isKnown: name => known.has(name.replace(/^ansible\.(?:builtin|legacy)\./, '')),
    names: () => known,
  }
}

function unknownName(use: Reference, place: Place, kind: NameKind): Problem[] {
  if (kind.isKnown(use.name)) return []
  const message = `no ${kind.word} named '${use.name}'`
  return [{ code: kind.code, message, hint: didYouMean(use.name, kind.names()), position: place(use.offset) }]
}

function distinctNames(uses: readonly Reference[]): string[] {
  return [...new Set(uses.map(use => use.name))]
}

function variableUses(uses: readonly Reference[], place: Place): VariableUse[] {
  const byName = new Map<string, Reference>()
  for (const use of uses) {
    const before = byName.get(use.name)
    if (!before || (before.isGuarded && !use.isGuarded)) byName.set(use.name, use)
  }
  return [...byName.values()].map(({ name, isGuarded, offset }) => {
    const position = place(offset)
    return position ? { name, guarded: isGuarded, position } : { name, guarded: isGuarded }
  })
}
