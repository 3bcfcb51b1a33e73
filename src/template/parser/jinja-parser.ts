/**
 * Jinja2's statements on nunjucks' Parser. `extends`, `import`, `from` and `filter` blocks are inherited;
 * the rest differs from Jinja2 in nunjucks and is written here.
 */
import { tokenize, tokenizeExpression } from '../lexer.ts'
import { type AstNode, type ListNode, nodes, type ValueNode } from '../nunjucks-base.ts'
import { DEFAULT_SYNTAX, type Syntax } from '../syntax.ts'
import { ast, type MacroNode } from './ast.ts'
import { ExpressionParser } from './expression-parser.ts'

/** The tree of a template. Throws TemplateError (TEMPLATE_SYNTAX) with the offset in the text. */
export function parseTemplate(source: string, syntax: Syntax): ListNode {
  return new JinjaParser(tokenize(source, syntax)).parseAsRoot()
}

/** The tree of a single expression, as `when` and `until` hold it. */
export function parseExpression(source: string): AstNode {
  return new JinjaParser(tokenizeExpression(source, DEFAULT_SYNTAX)).parseLoneExpression()
}

const INHERITED = new Set(['extends', 'import', 'from', 'filter'])

class JinjaParser extends ExpressionParser {
  readonly #statements: Readonly<Record<string, () => AstNode>> = {
    if: () => this.parseIf(),
    for: () => this.#parseFor(),
    set: () => this.#parseSet(),
    macro: () => this.#parseMacro(),
    call: () => this.#parseCallBlock(),
    with: () => this.#parseWith(),
    do: () => this.#parseDo(),
    break: () => this.#parseLoopControl('break'),
    continue: () => this.#parseLoopControl('continue'),
    include: () => this.#parseInclude(),
    autoescape: () => this.#parseAutoescape(),
    block: () => this.parseBlock(),
  }

  parseLoneExpression(): AstNode {
    const expression = this.parseTuple()
    if (this.peekToken().type !== 'eof')
      this.fail(`expected the end of the expression, got '${this.peekToken().value}'`)
    return expression
  }

  override parseNodes(): AstNode[] {
    const children: AstNode[] = []
    for (let token = this.nextToken(); token; token = this.nextToken()) {
      if (token.type === 'data') {
        const data = new nodes.TemplateData(token.lineno, token.colno, token.value)
        children.push(new nodes.Output(token.lineno, token.colno, [data]))
      } else if (token.type === 'variable-start') {
        const expression = this.parseTuple()
        this.expectToken('variable-end')
        children.push(new nodes.Output(token.lineno, token.colno, [expression]))
      } else {
        const statement = this.parseStatement()
        if (!statement) return children
        children.push(statement)
      }
    }
    if (this.breakOnBlocks) {
      this.fail(`Unexpected end of template, looking for ${this.breakOnBlocks.join(' or ')}`)
    }
    return children
  }

  override parseStatement(): AstNode | null {
    const token = this.peekToken()
    if (token.type !== 'symbol') this.fail('tag name expected')
    if (this.breakOnBlocks?.includes(token.value)) return null
    const own = Object.hasOwn(this.#statements, token.value) ? this.#statements[token.value] : undefined
    if (own) {
      this.nextToken()
      return own()
    }
    if (!INHERITED.has(token.value)) this.#failUnknownTag(token.value)
    return super.parseStatement()
  }

  #failUnknownTag(name: string): never {
    const wanted = this.breakOnBlocks?.join("' or '")
    return this.fail(`Encountered unknown tag '${name}'${wanted ? `, was looking for '${wanted}'` : ''}`)
  }

  /** A body up to one of the names; its closing word is left to the caller. */
  #parseBody(...names: string[]): ListNode {
    this.expectToken('block-end')
    return this.parseUntilBlocks(...names)
  }

  #close(name: string): void {
    this.expectToken('symbol', name)
    this.expectToken('block-end')
  }

  override parseIf(): AstNode {
    const node = this.make(nodes.If)
    node.cond = this.parseTuple({ conditions: false })
    node.body = this.#parseBody('elif', 'else', 'endif')
    if (this.takeWord('elif')) {
      node.else_ = this.parseIf()
      return node
    }
    node.else_ = this.takeWord('else') ? this.#parseBody('endif') : null
    this.#close('endif')
    return node
  }

  #parseFor(): AstNode {
    const place = this.peekToken()
    const target = this.#parseTarget()
    this.expectToken('symbol', 'in')
    const items = this.parseTuple({ conditions: false })
    const condition = this.takeWord('if') ? this.parseExpression() : null
    const isRecursive = this.takeWord('recursive')
    const body = this.#parseBody('endfor', 'else')
    const otherwise = this.takeWord('else') ? this.#parseBody('endfor') : null
    this.#close('endfor')
    return new ast.For(place.lineno, place.colno, target, items, condition, isRecursive, body, otherwise)
  }

  /** What a value is assigned to: a name, or a tuple of targets. */
  #parseTarget(): AstNode {
    const place = this.peekToken()
    const targets: AstNode[] = []
    let isTuple = false
    do {
      if (targets.length > 0 && !this.is('symbol') && !this.is('left-paren')) break
      targets.push(this.#parseSingleTarget())
      isTuple ||= this.is('comma')
    } while (this.take('comma'))
    return isTuple ? new ast.Tuple(place.lineno, place.colno, targets) : targets[0]!
  }

  #parseSingleTarget(): AstNode {
    if (!this.take('left-paren')) return this.#parseName()
    const inner = this.#parseTarget()
    this.expectToken('right-paren')
    return inner
  }

  #parseName(): ValueNode<string> {
    const token = this.expectToken('symbol')
    return new nodes.Symbol(token.lineno, token.colno, token.value)
  }

  #parseSet(): AstNode {
    const place = this.peekToken()
    const target = this.#parseSetTarget()
    if (this.takeOperator('=')) {
      const value = this.parseTuple()
      this.expectToken('block-end')
      return new ast.Assign(place.lineno, place.colno, target, value, null, null)
    }
    const reference = this.make(ast.BodyReference, 'body')
    const filters = this.is('pipe') ? this.parseFilter(reference) : null
    const body = this.#parseBody('endset')
    this.#close('endset')
    return new ast.Assign(place.lineno, place.colno, target, null, body, filters)
  }

  #parseSetTarget(): AstNode {
    const target = this.#parseTarget()
    if (!this.takeOperator('.')) return target
    return this.makeAt(target, ast.Attribute, target, this.expectToken('symbol').value)
  }

  #parseMacro(): AstNode {
    const name = this.expectToken('symbol')
    const [parameters, defaults] = this.#parseParameters()
    const body = this.#parseBody('endmacro')
    this.takeWord('endmacro')
    this.takeWord(name.value)
    this.expectToken('block-end')
    return new ast.Macro(name.lineno, name.colno, name.value, parameters, defaults, body)
  }

  #parseParameters(): readonly [MacroNode['parameters'], MacroNode['defaults']] {
    const names: string[] = []
    const defaults: (AstNode | null)[] = []
    if (!this.take('left-paren')) return [names, defaults]
    this.parseMembers('right-paren', () => {
      names.push(this.expectToken('symbol').value)
      defaults.push(this.takeOperator('=') ? this.parseExpression() : null)
    })
    return [names, defaults]
  }

  #parseCallBlock(): AstNode {
    const place = this.peekToken()
    const [parameters, defaults] = this.#parseParameters()
    const call = this.parseExpression()
    if (!(call instanceof nodes.FunCall)) this.fail('expected a call', place.lineno, place.colno)
    const body = this.#parseBody('endcall')
    this.#close('endcall')
    const macro = new ast.Macro(place.lineno, place.colno, 'caller', parameters, defaults, body)
    return new ast.CallBlock(place.lineno, place.colno, call, macro)
  }

  #parseWith(): AstNode {
    const place = this.peekToken()
    const names: string[] = []
    const values: AstNode[] = []
    while (!this.is('block-end')) {
      if (names.length > 0) this.expectToken('comma')
      names.push(this.expectToken('symbol').value)
      this.expectToken('operator', '=')
      values.push(this.parseExpression())
    }
    const body = this.#parseBody('endwith')
    this.#close('endwith')
    return new ast.With(place.lineno, place.colno, names, values, body)
  }

  #parseDo(): AstNode {
    const node = this.make(ast.Do, this.parseTuple())
    this.expectToken('block-end')
    return node
  }

  #parseLoopControl(keyword: 'break' | 'continue'): AstNode {
    this.expectToken('block-end')
    return this.make(ast.LoopControl, keyword)
  }

  #parseInclude(): AstNode {
    const node = this.make(nodes.Include)
    node.template = this.parseExpression()
    node.ignoreMissing = this.takeWord('ignore')
    if (node.ignoreMissing) this.expectToken('symbol', 'missing')
    node.withContext = this.parseWithContext() !== false
    this.expectToken('block-end')
    return node
  }

  /** Nothing is ever escaped here, so only the body counts. */
  #parseAutoescape(): AstNode {
    this.parseExpression()
    const body = this.#parseBody('endautoescape')
    this.#close('endautoescape')
    return body
  }

  override parseBlock(): AstNode {
    const node = this.make(nodes.Block)
    node.name = this.#parseName()
    this.takeWord('scoped')
    this.takeWord('required')
    node.body = this.#parseBody('endblock')
    this.takeWord('endblock')
    this.takeWord(node.name.value)
    this.expectToken('block-end')
    return node
  }
}
