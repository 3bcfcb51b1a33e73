/** Jinja2's expression grammar, one method a level of precedence, from the loosest to the tightest. */
import {
  type AstNode,
  type ListNode,
  type LiteralNode,
  type NodeClass,
  nodes,
  type Token,
} from '../nunjucks-base.ts'
import { ast } from './ast.ts'
import { PostfixParser } from './postfix-parser.ts'

const COMPARISONS = new Set(['==', '!=', '<', '>', '<=', '>='])
const TUPLE_ENDS = new Set(['variable-end', 'block-end', 'right-paren', 'eof'])

type Operators = Readonly<Record<string, NodeClass<AstNode>>>

const OR: Operators = { or: nodes.Or }
const AND: Operators = { and: nodes.And }
const SUM: Operators = { '+': nodes.Add, '-': nodes.Sub }
const CONCAT: Operators = { '~': nodes.Concat }
const PRODUCT: Operators = { '*': nodes.Mul, '/': nodes.Div, '//': nodes.FloorDiv, '%': nodes.Mod }
const POWER: Operators = { '**': nodes.Pow }

export class ExpressionParser extends PostfixParser {
  override parseExpression(): AstNode {
    return this.parseInlineIf()
  }

  /** An expression, or several with commas: a tuple. Without conditions where a trailing `if` means something else. */
  parseTuple(options: { readonly conditions?: boolean; readonly inParens?: boolean } = {}): AstNode {
    const start = this.peekToken()
    const members: AstNode[] = []
    let isTuple = false
    while (!TUPLE_ENDS.has(this.peekToken().type)) {
      members.push(options.conditions === false ? this.parseOr() : this.parseExpression())
      if (!this.take('comma')) break
      isTuple = true
    }
    const first = members[0]
    if (!isTuple && first) return first
    if (!isTuple && !options.inParens) this.fail(`Expected an expression, got '${this.peekToken().value}'`)
    return new ast.Tuple(start.lineno, start.colno, members)
  }

  override parseInlineIf(): AstNode {
    let node = this.parseOr()
    while (this.takeWord('if')) {
      const condition = this.parseOr()
      const otherwise = this.takeWord('else') ? this.parseInlineIf() : null
      const chosen = this.makeAt(node, nodes.InlineIf, condition, node, otherwise)
      node = chosen
    }
    return node
  }

  override parseOr(): AstNode {
    return this.#leftAssociative(() => this.parseAnd(), OR, 'symbol')
  }

  override parseAnd(): AstNode {
    return this.#leftAssociative(() => this.parseNot(), AND, 'symbol')
  }

  override parseNot(): AstNode {
    const place = this.peekToken()
    if (!this.takeWord('not')) return this.parseCompare()
    return new nodes.Not(place.lineno, place.colno, this.parseNot())
  }

  override parseCompare(): AstNode {
    const first = this.#parseSum()
    const operands: AstNode[] = []
    for (let operator = this.#takeComparison(); operator; operator = this.#takeComparison()) {
      operands.push(this.make(nodes.CompareOperand, this.#parseSum(), operator))
    }
    return operands.length > 0 ? this.makeAt(first, nodes.Compare, first, operands) : first
  }

  #takeComparison(): string | null {
    const token = this.peekToken()
    if (token.type === 'operator' && COMPARISONS.has(token.value)) {
      this.nextToken()
      return token.value
    }
    if (this.takeWord('in')) return 'in'
    if (!this.isWord('not') || this.peekAfterNext()?.value !== 'in') return null
    this.nextToken()
    this.nextToken()
    return 'notin'
  }

  #parseSum(): AstNode {
    return this.#leftAssociative(() => this.parseConcat(), SUM, 'operator')
  }

  override parseConcat(): AstNode {
    return this.#leftAssociative(() => this.#parseProduct(), CONCAT, 'tilde')
  }

  #parseProduct(): AstNode {
    return this.#leftAssociative(() => this.parsePow(), PRODUCT, 'operator')
  }

  override parsePow(): AstNode {
    return this.#leftAssociative(() => this.parseUnary(), POWER, 'operator')
  }

  #leftAssociative(parseOperand: () => AstNode, operators: Operators, tokenType: string): AstNode {
    let left = parseOperand()
    for (;;) {
      const token = this.peekToken()
      const Class =
        token.type === tokenType && Object.hasOwn(operators, token.value) ? operators[token.value] : null
      if (!Class) return left
      this.nextToken()
      left = this.makeAt(left, Class, left, parseOperand())
    }
  }

  /** Filters and tests bind looser than a sign, so `-1 | abs` is 1. */
  override parseUnary(noFilters = false): AstNode {
    const signed = this.#parseSigned()
    const node = this.parsePostfix(signed)
    return noFilters ? node : this.parseFilter(node)
  }

  #parseSigned(): AstNode {
    const place = this.peekToken()
    if (this.takeOperator('-')) return new nodes.Neg(place.lineno, place.colno, this.parseUnary(true))
    if (this.takeOperator('+')) return new nodes.Pos(place.lineno, place.colno, this.parseUnary(true))
    return this.parsePrimary(true)
  }

  override parsePrimary(noPostfix = false): AstNode {
    const node = this.#parseAtom()
    return noPostfix ? node : this.parsePostfix(node)
  }

  #parseAtom(): AstNode {
    const token = this.nextToken()
    switch (token?.type) {
      case 'string':
        return this.#parseString(token)
      case 'int':
        return literal(token, integer(token.value))
      case 'float':
        return Object.assign(literal(token, Number(token.value)), { float: true })
      case 'symbol':
        return nameOrConstant(token)
      case 'left-paren':
        return this.#parseParens()
      case 'left-bracket':
        return this.#parseList(token)
      case 'left-curly':
        return this.#parseDict(token)
    }
    this.pushToken()
    return this.fail(token ? `unexpected '${token.value}'` : 'unexpected end of template')
  }

  /** Neighbouring string literals are one string. */
  #parseString(token: Token): AstNode {
    let text = token.value
    while (this.is('string')) text += this.nextToken()?.value ?? ''
    return literal(token, text)
  }

  #parseParens(): AstNode {
    const node = this.parseTuple({ inParens: true })
    this.expectToken('right-paren')
    return node
  }

  #parseList(token: Token): AstNode {
    const list = new nodes.Array(token.lineno, token.colno)
    this.parseMembers('right-bracket', () => list.addChild(this.parseExpression()))
    return list
  }

  #parseDict(token: Token): AstNode {
    const dict: ListNode = new nodes.Dict(token.lineno, token.colno)
    this.parseMembers('right-curly', () => {
      const key = this.parseExpression()
      this.expectToken('colon')
      dict.addChild(this.makeAt(key, nodes.Pair, key, this.parseExpression()))
    })
    return dict
  }
}

function literal(token: Token, value: LiteralNode['value']): LiteralNode {
  return new nodes.Literal(token.lineno, token.colno, value)
}

/** Python integers have no limit: what a double cannot hold is a bigint. */
function integer(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

function nameOrConstant(token: Token): AstNode {
  switch (token.value) {
    case 'true':
    case 'True':
      return literal(token, true)
    case 'false':
    case 'False':
      return literal(token, false)
    case 'none':
    case 'None':
      return literal(token, null)
  }
  return new nodes.Symbol(token.lineno, token.colno, token.value)
}
