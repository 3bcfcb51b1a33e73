/**
 * Which arguments of the modules are looked at, as the compiler knows it: every `args.name`, `{ name } = args` and
 * `args[name]` of the room, with the type of what is looked into. What a check of a schema looks at does not count.
 */
import path from 'node:path'
import * as ast from 'typescript/unstable/ast'
import { API, type Checker, type NodeHandle, type Project, type Type } from 'typescript/unstable/sync'

/** An argument, or a key inside of one: `ipam_config.subnet`. */
export interface Argument {
  readonly module: string
  readonly argument: string
}

interface Read {
  readonly file: string
  readonly type: Type
}

type Files = ReadonlyMap<string, ast.SourceFile>
type Reads = ReadonlyMap<string, readonly Read[]>

const ROOT = path.resolve(import.meta.dirname, '../..')
const ROOM = path.join(ROOT, 'src/modules/')

/** Read by no code that the module's file reaches. `names`: of the modules, in the order of the list in index.ts. */
export function unreadArguments(names: readonly string[]): readonly Argument[] {
  const api = new API({ cwd: ROOT })
  try {
    const config = path.join(ROOT, 'tsconfig.json')
    const [project] = api.updateSnapshot({ openProjects: [config] }).getProjects()
    if (project === undefined) throw new Error('the compiler does not open tsconfig.json')
    return unread(project, names)
  } finally {
    api.close()
  }
}

function unread(project: Project, names: readonly string[]): readonly Argument[] {
  const { checker } = project
  const files = filesOf(project)
  const reads = readsOf(checker, files)
  const copies = copiesOf(checker, files)
  const rows = rowsOf(checker, files)
  return modulesOf(checker, files).flatMap(({ file, args }, index) => {
    const reached = reachedFrom(file, files)
    const near: Near = {
      reads: name => (reads.get(name) ?? []).filter(read => reached.has(read.file)),
      copies: shape => (copies.get(shape.id) ?? []).filter(copy => reached.has(copy.file)),
      rows: name => (rows.get(name) ?? []).filter(row => reached.has(row.file)),
    }
    return unreadOf(checker, args, near).map(argument => ({ module: names[index] ?? '', argument }))
  })
}

/** In the files that one module reaches. */
interface Near {
  readonly reads: (name: string) => readonly Read[]
  /** What `{ ...args, more }` makes of it. */
  readonly copies: (shape: Type) => readonly Read[]
  /** Written as a text where any name of an argument may stand: a row of a table. */
  readonly rows: (name: string) => readonly Row[]
}

interface Row {
  readonly file: string
  readonly words: readonly string[]
}

function filesOf({ program }: Project): Files {
  const names = program.getSourceFileNames().filter(name => name.startsWith(ROOM))
  return new Map(
    names.flatMap(name => {
      const file = program.getSourceFile(name)
      return file === undefined ? [] : [[name, file] as const]
    }),
  )
}

/** `anyModule(x)` of the list: the type of x's arguments, and the file x is from. */
function modulesOf(checker: Checker, files: Files): { file: string; args: Type }[] {
  const found: { file: string; args: Type }[] = []
  walk(files.get(path.join(ROOM, 'index.ts')), node => {
    if (!ast.isCallExpression(node) || node.expression.getText() !== 'anyModule') return undefined
    const [word] = node.arguments
    const symbol = word && checker.getSymbolAtLocation(word)
    const type = word && checker.getTypeAtLocation(word)
    const home = symbol && checker.getAliasedSymbol(symbol).declarations[0]?.resolve()?.getSourceFile()
    const args = type?.isTypeReference() ? checker.getTypeArguments(type)[0] : undefined
    if (home === undefined || args === undefined) throw new Error(`no module: ${node.getText()}`)
    found.push({ file: home.fileName, args })
    return undefined
  })
  return found
}

function reachedFrom(start: string, files: Files): ReadonlySet<string> {
  const reached = new Set([start])
  for (const name of reached) {
    for (const statement of files.get(name)?.statements ?? []) {
      if (!ast.isImportDeclaration(statement) && !ast.isExportDeclaration(statement)) continue
      const from = statement.moduleSpecifier
      if (from === undefined || !ast.isStringLiteral(from) || !from.text.startsWith('.')) continue
      reached.add(path.resolve(path.dirname(name), from.text))
    }
  }
  return reached
}

const CHECKS = /\.(refine|superRefine|check)$/

/** By name. */
function readsOf(checker: Checker, files: Files): Reads {
  const looks: { name: string; file: string; into: ast.Node }[] = []
  for (const [file, source] of files) {
    walk(source, node => {
      if (ast.isCallExpression(node) && CHECKS.test(node.expression.getText())) return 'no deeper'
      for (const { name, into } of looksOf(checker, node)) looks.push({ name, file, into })
      return undefined
    })
  }
  const types = checker.getTypeAtLocation(looks.map(({ into }) => into))
  const reads = new Map<string, Read[]>()
  for (const [index, { name, file }] of looks.entries()) {
    const type = types[index]
    const before = reads.get(name) ?? []
    if (type === undefined || before.some(read => read.file === file && read.type.id === type.id)) continue
    reads.set(name, [...before, { file, type }])
  }
  return reads
}

/** By the type that is spread. */
function copiesOf(checker: Checker, files: Files): ReadonlyMap<number, readonly Read[]> {
  const spreads: { file: string; of: ast.Node; into: ast.Node }[] = []
  for (const [file, source] of files) {
    walk(source, node => {
      if (ast.isSpreadAssignment(node)) spreads.push({ file, of: node.expression, into: node.parent })
      return undefined
    })
  }
  const from = checker.getTypeAtLocation(spreads.map(({ of }) => of))
  const made = checker.getTypeAtLocation(spreads.map(({ into }) => into))
  const copies = new Map<number, Read[]>()
  for (const [index, { file }] of spreads.entries()) {
    const [source, type] = [from[index], made[index]]
    if (source !== undefined && type !== undefined)
      copies.set(source.id, [...(copies.get(source.id) ?? []), { file, type }])
  }
  return copies
}

/** By their text. Tables have more than a few names. */
function rowsOf(checker: Checker, files: Files): ReadonlyMap<string, readonly Row[]> {
  const rows = new Map<string, Row[]>()
  for (const [file, source] of files) {
    walk(source, node => {
      if (!ast.isStringLiteral(node) || !/^[a-z]\w+$/.test(node.text)) return undefined
      const words = wordsOf(checker.getContextualType(node))
      if (words.length > 20) rows.set(node.text, [...(rows.get(node.text) ?? []), { file, words }])
      return undefined
    })
  }
  return rows
}

function looksOf(checker: Checker, node: ast.Node): { name: string; into: ast.Node }[] {
  if (ast.isPropertyAccessExpression(node)) return [{ name: node.name.text, into: node.expression }]
  if (ast.isElementAccessExpression(node)) {
    const names = wordsOf(checker.getTypeAtLocation(node.argumentExpression))
    const into = checker.getTypeAtLocation(node.expression)
    // `args[name]` where any name may stand says of none that it is looked at.
    if (into !== undefined && names.length >= checker.getPropertiesOfType(into).length) return []
    return names.map(name => ({ name, into: node.expression }))
  }
  if (ast.isObjectBindingPattern(node)) {
    const taken = node.elements.filter(one => one.dotDotDotToken === undefined)
    return taken.map(one => ({ name: (one.propertyName ?? one.name)?.getText() ?? '', into: node }))
  }
  return []
}

function wordsOf(type: Type | undefined): string[] {
  if (type?.isUnionType()) return type.getTypes().flatMap(one => wordsOf(one))
  return type?.isStringLiteralType() ? [type.value] : []
}

/** Names of arguments, and of keys inside of them, that nobody looks at. */
function unreadOf(checker: Checker, args: Type, near: Near): string[] {
  return shapesOf(checker, args).flatMap(shape => {
    const forms = [shape, ...near.copies(shape).map(({ type }) => type)]
    const properties = checker.getPropertiesOfType(shape)
    const isRow = ({ words }: Row) => properties.every(({ name }) => words.includes(name))
    return properties.flatMap(property => {
      const { name } = property
      const isRead = ({ type }: Read) => forms.some(one => looksInto(checker, type, one, name))
      if (!near.reads(name).some(isRead) && !near.rows(name).some(isRow)) return [name]
      const inner = checker.getTypeOfSymbol(property)
      return inner === undefined ? [] : unreadOf(checker, inner, near).map(key => `${name}.${key}`)
    })
  })
}

/** The mappings with names of their own that a value may be or hold. `seen`: values hold values. */
function shapesOf(checker: Checker, type: Type, seen = new Set<number>()): readonly Type[] {
  if (seen.has(type.id)) return []
  seen.add(type.id)
  if (type.isUnionType()) return type.getTypes().flatMap(one => shapesOf(checker, one, seen))
  if (checker.isArrayLikeType(type) && type.isTypeReference())
    return checker.getTypeArguments(type).flatMap(one => shapesOf(checker, one, seen))
  const [first] = type.isObjectType() || type.isIntersectionType() ? checker.getPropertiesOfType(type) : []
  return first?.declarations.some(isOfSchema) ? [type] : []
}

function isOfSchema(declaration: NodeHandle): boolean {
  const node = declaration.resolve()
  return (
    node !== undefined && ast.isPropertyAssignment(node) && node.getSourceFile().fileName.startsWith(ROOM)
  )
}

/** The same argument, declared at the same place; or something that such a mapping is handed to. */
function looksInto(checker: Checker, into: Type, shape: Type, name: string): boolean {
  const target = checker.getNonNullableType(into)
  if (target === undefined || target.id === shape.id) return target !== undefined
  const places = (type: Type) =>
    checker.getPropertyOfType(type, name)?.declarations.map(one => `${one.path} ${one.index}`) ?? []
  const there = places(target)
  // A mapping of any names is a value, not a set of arguments.
  if (there.length === 0) return false
  const own = places(shape)
  return there.some(place => own.includes(place)) || checker.isTypeAssignableTo(shape, target)
}

function walk(node: ast.Node | undefined, see: (node: ast.Node) => 'no deeper' | undefined): void {
  if (node === undefined || see(node) === 'no deeper') return
  node.forEachChild(child => walk(child, see))
}
