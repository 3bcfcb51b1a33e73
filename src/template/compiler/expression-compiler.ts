/**
 * Code for expressions. Every operator, lookup, call, filter and test becomes a call of the runtime object, so
 * generated code holds nothing but such calls and literals written by JSON.stringify: no text of a template can
 * become code.
 */
import {
  type AstNode,
  type BinaryNode,
  type CallNode,
  type CompareNode,
  type CompileFrame,
  Compiler,
  type FilterNode,
  type IfNode,
  type ListNode,
  type LiteralNode,
  type LookupNode,
  type PairNode,
  type UnaryNode,
  type ValueNode,
} from '../nunjucks-base.ts'
import { type AttributeNode, ast, type SliceNode, type SpreadNode, type TestNode } from '../parser/ast.ts'

/** Text, booleans and null as JavaScript source. */
export const quoteLiteral: (value: string | boolean | null | readonly string[]) => string = JSON.stringify

export class ExpressionCompiler extends Compiler {
  constructor() {
    super(null, false)
  }

  /** The code of one expression. */
  protected code(node: AstNode, frame: CompileFrame): string {
    return this.captureCode(() => this.compile(node, frame))
  }

  /** What `emit` emits, instead of it going to the buffer. */
  protected captureCode(emit: () => void): string {
    const outer = this.codebuf
    this.codebuf = []
    emit()
    const code = this.codebuf.join('')
    this.codebuf = outer
    return code
  }

  protected codes(list: readonly AstNode[], frame: CompileFrame): string {
    return list.map(node => this.code(node, frame)).join(',')
  }

  // The base class checks node kinds by a list that knows only its own.
  override _compileExpression(node: AstNode, frame: CompileFrame): void {
    this.compile(node, frame)
  }

  compileSymbol(node: ValueNode<string>): void {
    this._emit(`runtime.name(context, frame, ${quoteLiteral(node.value)})`)
  }

  compileBodyReference(): void {
    this._emit('body_')
  }

  compileLiteral(node: LiteralNode): void {
    const { value } = node
    if (node.float) this._emit(`runtime.float(${Number(value)})`)
    else if (typeof value === 'number') this._emit(String(value))
    else if (typeof value === 'bigint') this._emit(`${value}n`)
    else this._emit(quoteLiteral(value))
  }

  compileTuple(node: ListNode, frame: CompileFrame): void {
    this._emit(`runtime.tuple([${this.codes(node.children, frame)}])`)
  }

  compileArray(node: ListNode, frame: CompileFrame): void {
    this._emit(`runtime.list([${this.codes(node.children, frame)}])`)
  }

  compileSpread(node: SpreadNode, frame: CompileFrame): void {
    this._emit(`...runtime.iterate(${this.code(node.expr, frame)})`)
  }

  compileDict(node: ListNode, frame: CompileFrame): void {
    const pairs = (node.children as PairNode[]).map(
      pair => `[${this.code(pair.key, frame)},${this.code(pair.value, frame)}]`,
    )
    this._emit(`runtime.dict([${pairs.join(',')}])`)
  }

  compileKeywordArgs(node: ListNode, frame: CompileFrame): void {
    const parts = node.children.map(child => {
      if (child instanceof ast.Spread) return `...runtime.pairs(${this.code(child.expr, frame)})`
      const pair = child as PairNode
      const name = (pair.key as ValueNode<string>).value
      return `[${quoteLiteral(name)},${this.code(pair.value, frame)}]`
    })
    this._emit(`runtime.keywords([${parts.join(',')}])`)
  }

  #binary(name: string, node: BinaryNode, frame: CompileFrame): void {
    this._emit(`runtime.${name}(${this.code(node.left, frame)},${this.code(node.right, frame)})`)
  }

  compileAdd(node: BinaryNode, frame: CompileFrame): void {
    this.#binary('add', node, frame)
  }

  compileSub(node: BinaryNode, frame: CompileFrame): void {
    this.#binary('subtract', node, frame)
  }

  compileMul(node: BinaryNode, frame: CompileFrame): void {
    this.#binary('multiply', node, frame)
  }

  compileDiv(node: BinaryNode, frame: CompileFrame): void {
    this.#binary('divide', node, frame)
  }

  compileFloorDiv(node: BinaryNode, frame: CompileFrame): void {
    this.#binary('floorDivide', node, frame)
  }

  compileMod(node: BinaryNode, frame: CompileFrame): void {
    this.#binary('modulo', node, frame)
  }

  compilePow(node: BinaryNode, frame: CompileFrame): void {
    this.#binary('power', node, frame)
  }

  compileConcat(node: BinaryNode, frame: CompileFrame): void {
    this.#binary('concatenate', node, frame)
  }

  compileAnd(node: BinaryNode, frame: CompileFrame): void {
    this._emit(`runtime.and(${this.code(node.left, frame)},()=>${this.code(node.right, frame)})`)
  }

  compileOr(node: BinaryNode, frame: CompileFrame): void {
    this._emit(`runtime.or(${this.code(node.left, frame)},()=>${this.code(node.right, frame)})`)
  }

  compileNot(node: UnaryNode, frame: CompileFrame): void {
    this._emit(`!runtime.truth(${this.code(node.target, frame)})`)
  }

  compileNeg(node: UnaryNode, frame: CompileFrame): void {
    this._emit(`runtime.negate(${this.code(node.target, frame)})`)
  }

  compilePos(node: UnaryNode, frame: CompileFrame): void {
    this._emit(`runtime.plus(${this.code(node.target, frame)})`)
  }

  compileCompare(node: CompareNode, frame: CompileFrame): void {
    const first = this.code(node.expr, frame)
    const [only, ...more] = node.ops
    if (only && more.length === 0) {
      this._emit(`runtime.compare(${quoteLiteral(only.type)},${first},${this.code(only.expr, frame)})`)
      return
    }
    const links = node.ops.map(link => `[${quoteLiteral(link.type)},()=>${this.code(link.expr, frame)}]`)
    this._emit(`runtime.compareChain(${first},[${links.join(',')}])`)
  }

  compileInlineIf(node: IfNode, frame: CompileFrame): void {
    const otherwise = node.else_ ? this.code(node.else_, frame) : 'runtime.noElse()'
    const condition = `runtime.truth(${this.code(node.cond, frame)})`
    this._emit(`(${condition}?${this.code(node.body, frame)}:${otherwise})`)
  }

  compileSlice(node: SliceNode, frame: CompileFrame): void {
    const bounds = [node.start, node.stop, node.step].map(bound => (bound ? this.code(bound, frame) : 'null'))
    this._emit(`runtime.slice(${bounds.join(',')})`)
  }

  compileAttribute(node: AttributeNode, frame: CompileFrame): void {
    this._emit(`runtime.attribute(${this.code(node.target, frame)},${quoteLiteral(node.name)})`)
  }

  compileLookupVal(node: LookupNode, frame: CompileFrame): void {
    this._emit(`runtime.item(${this.code(node.target, frame)},${this.code(node.val, frame)})`)
  }

  compileFunCall(node: CallNode, frame: CompileFrame): void {
    this._emit(
      `runtime.call(${this.code(node.name, frame)},[${this.codes(node.args.children, frame)}],context)`,
    )
  }

  compileFilter(node: FilterNode, frame: CompileFrame): void {
    const args = this.codes(node.args.children, frame)
    this._emit(`runtime.filter(${quoteLiteral(node.name.value)},[${args}])`)
  }

  compileTest(node: TestNode, frame: CompileFrame): void {
    const args = this.codes([node.left, ...node.args.children], frame)
    this._emit(`runtime.test(${quoteLiteral(node.name)},[${args}])`)
  }
}
