/** What may follow a value: attributes, subscripts, slices, calls, filters and tests. */
import { type AstNode, type ListNode, nodes, type Token, type ValueNode } from '../nunjucks-base.ts'
import { ast } from './ast.ts'
import { TokenParser } from './token-parser.ts'

/** Tokens that begin a test's argument written without parentheses. */
const ARGUMENT_STARTS = new Set(['symbol', 'string', 'int', 'float', 'left-bracket', 'left-curly'])
/** Words that end a test instead of being its argument. */
const NOT_ARGUMENTS = new Set(['else', 'or', 'and', 'if', 'not', 'in', 'recursive'])

export class PostfixParser extends TokenParser {
  /** Comma separated members up to the closing token; a trailing comma is fine. */
  protected parseMembers(closer: string, parseMember: () => void): void {
    for (let isFirst = true; !this.is(closer); isFirst = false) {
      if (!isFirst) {
        this.expectToken('comma')
        if (this.is(closer)) break
      }
      parseMember()
    }
    this.nextToken()
  }

  override parsePostfix(node: AstNode): AstNode {
    let current = node
    for (;;) {
      if (this.takeOperator('.')) current = this.#parseAttribute(current)
      else if (this.take('left-bracket')) current = this.#parseSubscript(current)
      else if (this.is('left-paren'))
        current = this.makeAt(current, nodes.FunCall, current, this.parseSignature())
      else return current
    }
  }

  #parseAttribute(target: AstNode): AstNode {
    const token = this.nextToken()
    if (token?.type === 'symbol') return new ast.Attribute(token.lineno, token.colno, target, token.value)
    if (token?.type === 'int') return this.#indexed(target, token, token.value)
    this.pushToken()
    return this.fail('expected name or number after the point')
  }

  #indexed(target: AstNode, token: Token, index: string): AstNode {
    const literal = new nodes.Literal(token.lineno, token.colno, Number(index))
    return new nodes.LookupVal(token.lineno, token.colno, target, literal)
  }

  #parseSubscript(target: AstNode): AstNode {
    const parts = [this.#parseSubscriptPart()]
    while (this.take('comma')) parts.push(this.#parseSubscriptPart())
    this.expectToken('right-bracket')
    const key = parts.length > 1 ? this.makeAt(target, ast.Tuple, parts) : parts[0]
    return this.makeAt(target, nodes.LookupVal, target, key)
  }

  #parseSubscriptPart(): AstNode {
    const start = this.#parseBound()
    if (!this.take('colon')) return start ?? this.fail('expected subscript expression')
    const stop = this.#parseBound()
    const step = this.take('colon') ? this.#parseBound() : null
    return this.make(ast.Slice, start, stop, step)
  }

  #parseBound(): AstNode | null {
    const isEmpty = this.is('colon') || this.is('right-bracket') || this.is('comma')
    return isEmpty ? null : this.parseExpression()
  }

  /** Call arguments: positional, `*list`, `name=value`, `**dict`. */
  override parseSignature(): ListNode {
    this.expectToken('left-paren')
    const args = this.make(nodes.NodeList)
    const keywords = this.make(nodes.KeywordArgs)
    this.parseMembers('right-paren', () => this.#parseArgument(args, keywords))
    if (keywords.children.length > 0) args.addChild(keywords)
    return args
  }

  #parseArgument(args: ListNode, keywords: ListNode): void {
    if (this.takeOperator('**')) keywords.addChild(this.make(ast.Spread, this.parseExpression()))
    else if (this.takeOperator('*')) args.addChild(this.make(ast.Spread, this.parseExpression()))
    else if (this.is('symbol') && this.#isAssignment(this.peekAfterNext())) {
      const name = this.expectToken('symbol')
      this.nextToken()
      const key = new nodes.Literal(name.lineno, name.colno, name.value)
      keywords.addChild(this.makeAt(key, nodes.Pair, key, this.parseExpression()))
    } else {
      if (keywords.children.length > 0) this.fail('positional argument follows keyword argument')
      args.addChild(this.parseExpression())
    }
  }

  #isAssignment(token: Token | undefined): boolean {
    return token?.type === 'operator' && token.value === '='
  }

  override parseFilterName(): ValueNode<string> {
    const first = this.expectToken('symbol')
    let name = first.value
    while (this.takeOperator('.')) name += `.${this.expectToken('symbol').value}`
    return new nodes.Symbol(first.lineno, first.colno, name)
  }

  override parseFilterArgs(): AstNode[] {
    return this.is('left-paren') ? this.parseSignature().children : []
  }

  /** Any run of `| filter`, `is test` and calls after a value. */
  override parseFilter(node: AstNode): AstNode {
    let current = node
    for (;;) {
      if (this.take('pipe')) {
        const name = this.parseFilterName()
        const args = this.makeAt(name, nodes.NodeList, [current, ...this.parseFilterArgs()])
        current = this.makeAt(name, nodes.Filter, name, args)
      } else if (this.takeWord('is')) current = this.#parseTest(current)
      else if (this.is('left-paren'))
        current = this.makeAt(current, nodes.FunCall, current, this.parseSignature())
      else return current
    }
  }

  #parseTest(left: AstNode): AstNode {
    const isNegated = this.takeWord('not')
    const name = this.parseFilterName()
    const args = this.makeAt(name, nodes.NodeList, this.#parseTestArguments())
    const test = this.makeAt(name, ast.Test, left, name.value, args)
    return isNegated ? this.makeAt(test, nodes.Not, test) : test
  }

  #parseTestArguments(): AstNode[] {
    if (this.is('left-paren')) return this.parseSignature().children
    const token = this.peekToken()
    if (this.isWord('is')) this.fail('You cannot chain multiple tests with is')
    const isArgument =
      ARGUMENT_STARTS.has(token.type) && !(token.type === 'symbol' && NOT_ARGUMENTS.has(token.value))
    return isArgument ? [this.parsePostfix(this.parsePrimary(true))] : []
  }
}
