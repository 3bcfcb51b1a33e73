/** Goes over a template's tree and notes the names it uses, with its own scopes and guards in mind. */
import type { Offset } from './errors.ts'
import { globals } from './globals.ts'
import { definedWhen, pathRoot } from './name-guards.ts'
import {
  type AstNode,
  type BinaryNode,
  type BlockNode,
  type BodyNode,
  type CallNode,
  type FilterNode,
  type FromImportNode,
  type IfNode,
  type ImportNode,
  nodes,
  type PairNode,
  type ValueNode,
} from './nunjucks-base.ts'
import {
  type AssignNode,
  ast,
  type CallBlockNode,
  type ForNode,
  type MacroNode,
  type TestNode,
  type WithNode,
} from './parser/ast.ts'

export interface Reference {
  readonly name: string
  readonly offset: Offset
  readonly isGuarded: boolean
}

type Names = ReadonlySet<string>

const ALWAYS_THERE: Names = new Set([...Object.keys(globals), 'vars'])

export function isAlwaysThere(name: string): boolean {
  return ALWAYS_THERE.has(name)
}
const LOOKUP_FUNCTIONS: Names = new Set(['lookup', 'query', 'q'])
const DEFINED_TESTS: Names = new Set(['defined', 'undefined'])
/** `mandatory` says in the author's own words, at its time, that the name is missing. */
const DEFAULT_FILTERS: Names = new Set(['default', 'd', 'mandatory'])

/** Filters whose literal argument at this place names another filter or a test. */
const NAMING_FILTERS: Readonly<
  Record<string, { readonly argument: number; readonly names: 'filters' | 'tests' }>
> = {
  map: { argument: 0, names: 'filters' },
  select: { argument: 0, names: 'tests' },
  reject: { argument: 0, names: 'tests' },
  selectattr: { argument: 1, names: 'tests' },
  rejectattr: { argument: 1, names: 'tests' },
}

export class NameWalker {
  readonly variables: Reference[] = []
  readonly filters: Reference[] = []
  readonly tests: Reference[] = []
  readonly lookups: Reference[] = []
  /** Names the template gives values to, the innermost scope last. */
  #locals: Set<string>[] = [new Set()]
  #guards: string[] = []

  walk(node: AstNode | null): void {
    if (!node) return
    const visit = VISITS[node.typename] as ((walker: NameWalker, node: AstNode) => void) | undefined
    if (visit) visit(this, node)
    else this.walkFields(node)
  }

  walkFields(node: AstNode): void {
    for (const field of node.fields) {
      const child = (node as unknown as Record<string, unknown>)[field]
      for (const each of Array.isArray(child) ? child : [child]) {
        if (each instanceof nodes.Node) this.walk(each)
      }
    }
  }

  walkAll(list: readonly (AstNode | null)[]): void {
    for (const node of list) this.walk(node)
  }

  use(node: ValueNode<string>): void {
    const { value: name } = node
    if (ALWAYS_THERE.has(name) || this.#locals.some(scope => scope.has(name))) return
    this.variables.push({ name, offset: offsetOf(node), isGuarded: this.#guards.includes(name) })
  }

  note(kind: 'filters' | 'tests' | 'lookups', name: string, node: AstNode): void {
    this[kind].push({ name, offset: offsetOf(node), isGuarded: false })
  }

  /** From here on the name is the template's own, until the scope ends. */
  declare(target: AstNode): void {
    if (target instanceof nodes.Symbol) this.#locals.at(-1)?.add(target.value)
    else if (target instanceof ast.Tuple) for (const child of target.children) this.declare(child)
    else this.walkFields(target)
  }

  declareNames(names: readonly string[]): void {
    for (const name of names) this.#locals.at(-1)?.add(name)
  }

  scoped(walk: () => void): void {
    this.#locals.push(new Set())
    walk()
    this.#locals.pop()
  }

  /** Walks what runs only when the names are defined. */
  guarded(names: readonly string[], walk: () => void): void {
    const outer = this.#guards
    this.#guards = [...outer, ...names]
    walk()
    this.#guards = outer
  }
}

function offsetOf(node: AstNode): Offset {
  return { line: node.lineno, column: node.colno }
}

const VISITS: Readonly<Record<string, (walker: NameWalker, node: never) => void>> = {
  Symbol: (walker: NameWalker, node: ValueNode<string>) => walker.use(node),
  Filter: visitFilter,
  Test: visitTest,
  FunCall: visitCall,
  If: visitIf,
  InlineIf: visitIf,
  And: (walker: NameWalker, node: BinaryNode) => visitChain(walker, node, true),
  Or: (walker: NameWalker, node: BinaryNode) => visitChain(walker, node, false),
  JinjaFor: visitFor,
  Assign: visitAssign,
  With: visitWith,
  Capture: (walker: NameWalker, node: BodyNode) => walker.scoped(() => walker.walk(node.body)),
  JinjaMacro: visitMacro,
  CallBlock: (walker: NameWalker, node: CallBlockNode) => {
    walker.walk(node.call)
    walker.scoped(() => visitMacroBody(walker, node.macro))
  },
  Block: (walker: NameWalker, node: BlockNode) =>
    walker.scoped(() => {
      walker.declareNames(['super', 'self'])
      walker.walk(node.body)
    }),
  Import: (walker: NameWalker, node: ImportNode) => {
    walker.walk(node.template)
    walker.declare(node.target)
  },
  FromImport: (walker: NameWalker, node: FromImportNode) => {
    walker.walk(node.template)
    for (const name of node.names.children) walker.declare(name instanceof nodes.Pair ? name.value : name)
  },
  Pair: (walker: NameWalker, node: PairNode) => walker.walkAll([node.key, node.value]),
}

function visitFilter(walker: NameWalker, node: FilterNode): void {
  const name = node.name.value
  const [receiver = null, ...args] = node.args.children
  const root = receiver && pathRoot(receiver)
  const isGuard = DEFAULT_FILTERS.has(name) && root !== null
  walker.guarded(isGuard ? [root] : [], () => walker.walk(receiver))
  walker.note('filters', name, node.name)
  noteNamedArgument(walker, name, args)
  walker.walkAll(args)
}

function noteNamedArgument(walker: NameWalker, filterName: string, args: readonly AstNode[]): void {
  const naming = Object.hasOwn(NAMING_FILTERS, filterName) ? NAMING_FILTERS[filterName] : undefined
  const argument = naming && args[naming.argument]
  if (argument instanceof nodes.Literal && typeof argument.value === 'string') {
    walker.note(naming!.names, argument.value, argument)
  }
}

function visitTest(walker: NameWalker, node: TestNode): void {
  walker.note('tests', node.name, node)
  const root = pathRoot(node.left)
  const isGuard = DEFINED_TESTS.has(node.name) && root !== null
  walker.guarded(isGuard ? [root] : [], () => walker.walk(node.left))
  walker.walk(node.args)
}

function visitCall(walker: NameWalker, node: CallNode): void {
  const [first] = node.args.children
  const isLookup = node.name instanceof nodes.Symbol && LOOKUP_FUNCTIONS.has(node.name.value)
  if (isLookup && first instanceof nodes.Literal && typeof first.value === 'string') {
    walker.note('lookups', first.value, first)
  }
  walker.walk(node.name)
  walker.walk(node.args)
}

function visitIf(walker: NameWalker, node: IfNode): void {
  walker.walk(node.cond)
  walker.guarded(definedWhen(node.cond, true), () => walker.walk(node.body))
  walker.guarded(definedWhen(node.cond, false), () => walker.walk(node.else_))
}

/** The right side runs only when the left one was true (`and`) or false (`or`). */
function visitChain(walker: NameWalker, node: BinaryNode, isAnd: boolean): void {
  walker.walk(node.left)
  walker.guarded(definedWhen(node.left, isAnd), () => walker.walk(node.right))
}

function visitFor(walker: NameWalker, node: ForNode): void {
  walker.walk(node.items)
  walker.scoped(() => {
    walker.declareNames(['loop'])
    walker.declare(node.target)
    walker.walk(node.condition)
    walker.guarded(node.condition ? definedWhen(node.condition, true) : [], () => walker.walk(node.body))
  })
  walker.scoped(() => walker.walk(node.else_))
}

function visitAssign(walker: NameWalker, node: AssignNode): void {
  walker.walkAll([node.value, node.filters])
  walker.scoped(() => walker.walk(node.body))
  walker.declare(node.target)
}

function visitWith(walker: NameWalker, node: WithNode): void {
  walker.walkAll(node.values)
  walker.scoped(() => {
    walker.declareNames(node.names)
    walker.walk(node.body)
  })
}

function visitMacro(walker: NameWalker, node: MacroNode): void {
  // Its own name comes first: a macro may call itself.
  walker.declareNames([node.name])
  walker.scoped(() => visitMacroBody(walker, node))
}

function visitMacroBody(walker: NameWalker, node: MacroNode): void {
  walker.declareNames([...node.parameters, 'varargs', 'kwargs', 'caller'])
  walker.walkAll(node.defaults)
  walker.walk(node.body)
}
