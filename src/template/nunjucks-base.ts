/**
 * The one seam to nunjucks 3.2.4: its Parser, Compiler and node classes, with types for what is used here.
 *
 * nunjucks carries the statement parser's frame (roots, block bodies, extends, import, from, filter blocks) and
 * the code generator's frame (dispatch by node, function begin and end, extends). Everything that gives a
 * template its meaning is ours. Lines and columns of nodes are 0-based.
 */
import compilerModule from 'nunjucks/src/compiler.js'
import nodesModule from 'nunjucks/src/nodes.js'
import parserModule from 'nunjucks/src/parser.js'

export interface AstNode {
  readonly lineno: number
  readonly colno: number
  readonly typename: string
  /** Names of the properties that hold children. */
  readonly fields: readonly string[]
}

export interface ListNode extends AstNode {
  readonly children: AstNode[]
  addChild(node: AstNode): void
}

export interface ValueNode<T> extends AstNode {
  value: T
}

export interface BinaryNode extends AstNode {
  readonly left: AstNode
  readonly right: AstNode
}

export interface UnaryNode extends AstNode {
  readonly target: AstNode
}

export interface PairNode extends AstNode {
  readonly key: AstNode
  readonly value: AstNode
}

export interface LiteralNode extends ValueNode<string | number | bigint | boolean | null> {
  /** Set for a number written with a point or an exponent: it stays a float. */
  float?: boolean
}

export interface LookupNode extends AstNode {
  readonly target: AstNode
  readonly val: AstNode
}

export interface IfNode extends AstNode {
  cond: AstNode
  body: AstNode
  else_: AstNode | null
}

export interface CallNode extends AstNode {
  readonly name: AstNode
  readonly args: ListNode
}

export interface FilterNode extends AstNode {
  readonly name: ValueNode<string>
  readonly args: ListNode
}

export interface CompareNode extends AstNode {
  readonly expr: AstNode
  readonly ops: readonly CompareOperandNode[]
}

export interface CompareOperandNode extends AstNode {
  readonly expr: AstNode
  readonly type: string
}

export interface BlockNode extends AstNode {
  name: ValueNode<string>
  body: AstNode
}

export interface TemplateRefNode extends AstNode {
  template: AstNode
}

export interface IncludeNode extends TemplateRefNode {
  ignoreMissing: boolean
  withContext: boolean
}

export interface ImportNode extends TemplateRefNode {
  readonly target: ValueNode<string>
  readonly withContext: boolean | null
}

export interface FromImportNode extends TemplateRefNode {
  readonly names: ListNode
  readonly withContext: boolean | null
}

export interface BodyNode extends AstNode {
  readonly body: AstNode
}

/** A node class; the fields may be given to the constructor in order or set afterwards. */
export interface NodeClass<T extends AstNode> {
  new (lineno: number, colno: number, ...fields: readonly unknown[]): T
  extend<S extends AstNode>(name: string, properties?: { readonly fields: readonly string[] }): NodeClass<S>
}

export const nodes = nodesModule as {
  readonly Node: NodeClass<AstNode>
  readonly NodeList: NodeClass<ListNode>
  readonly Root: NodeClass<ListNode>
  readonly Output: NodeClass<ListNode>
  readonly Array: NodeClass<ListNode>
  readonly Dict: NodeClass<ListNode>
  readonly KeywordArgs: NodeClass<ListNode>
  readonly Pair: NodeClass<PairNode>
  readonly Literal: NodeClass<LiteralNode>
  readonly Symbol: NodeClass<ValueNode<string>>
  readonly TemplateData: NodeClass<ValueNode<string>>
  readonly LookupVal: NodeClass<LookupNode>
  readonly If: NodeClass<IfNode>
  readonly InlineIf: NodeClass<IfNode>
  readonly FunCall: NodeClass<CallNode>
  readonly Filter: NodeClass<FilterNode>
  readonly Compare: NodeClass<CompareNode>
  readonly CompareOperand: NodeClass<CompareOperandNode>
  readonly Block: NodeClass<BlockNode>
  readonly Include: NodeClass<IncludeNode>
  readonly Import: NodeClass<ImportNode>
  readonly FromImport: NodeClass<FromImportNode>
  readonly Extends: NodeClass<TemplateRefNode>
  readonly Capture: NodeClass<BodyNode>
  readonly Or: NodeClass<BinaryNode>
  readonly And: NodeClass<BinaryNode>
  readonly Not: NodeClass<UnaryNode>
  readonly Neg: NodeClass<UnaryNode>
  readonly Pos: NodeClass<UnaryNode>
  readonly Add: NodeClass<BinaryNode>
  readonly Sub: NodeClass<BinaryNode>
  readonly Mul: NodeClass<BinaryNode>
  readonly Div: NodeClass<BinaryNode>
  readonly FloorDiv: NodeClass<BinaryNode>
  readonly Mod: NodeClass<BinaryNode>
  readonly Pow: NodeClass<BinaryNode>
  readonly Concat: NodeClass<BinaryNode>
}

/** A token as nunjucks' parser reads it. Lines and columns are 0-based. */
export interface Token {
  readonly type: string
  readonly value: string
  readonly lineno: number
  readonly colno: number
}

export interface BaseParser {
  breakOnBlocks: readonly string[] | null
  nextToken(): Token | null
  peekToken(): Token
  pushToken(token: Token | null): void
  fail(message: string, lineno?: number, colno?: number): never
  parseAsRoot(): ListNode
  parseUntilBlocks(...names: string[]): ListNode
  parseStatement(): AstNode | null
  parseExpression(): AstNode
  parseWithContext(): boolean | null
  parseNodes(): AstNode[]
  parseIf(): AstNode
  parseBlock(): AstNode
  parseInlineIf(): AstNode
  parseOr(): AstNode
  parseAnd(): AstNode
  parseNot(): AstNode
  parseCompare(): AstNode
  parseConcat(): AstNode
  parsePow(): AstNode
  parseUnary(noFilters?: boolean): AstNode
  parsePrimary(noPostfix?: boolean): AstNode
  parsePostfix(node: AstNode): AstNode
  parseSignature(): ListNode
  parseFilter(node: AstNode): AstNode
  parseFilterName(): ValueNode<string>
  parseFilterArgs(name?: AstNode): AstNode[]
}

export const Parser = parserModule.Parser as new (tokens: { readonly tags: object }) => BaseParser

/** The compile-time frame of nunjucks. Names are looked up at run time here, so it is handed on and never read. */
export type CompileFrame = object | undefined

export interface BaseCompiler {
  /** Pieces of generated code. */
  codebuf: string[]
  /** The variable the generated code prints into. */
  buffer: string | null
  /** Is the code of a block being made, as opposed to the template around it? */
  readonly inBlock: boolean
  compile(node: AstNode, frame?: CompileFrame): void
  getCode(): string
  compileRoot(node: AstNode, frame?: CompileFrame): void
  _emit(code: string): void
  _emitLine(code: string): void
  _emitFuncBegin(node: AstNode, name: string): void
  _withScopedSyntax(body: () => void): void
  _tmpid(): string
  _compileExpression(node: AstNode, frame: CompileFrame): void
}

export const Compiler = compilerModule.Compiler as new (
  templateName: string | null,
  throwOnUndefined: boolean,
) => BaseCompiler
