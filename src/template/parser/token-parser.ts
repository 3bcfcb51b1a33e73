import { type Offset, TemplateError } from '../errors.ts'
import { type AstNode, type NodeClass, Parser, type Token } from '../nunjucks-base.ts'

/** nunjucks' Parser reading our tokens: how tokens are taken, and how nodes and errors get their place. */
export class TokenParser extends Parser {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(tokens: readonly Token[]) {
    super({ tags: {} })
    this.#tokens = tokens
  }

  // The base class puts the last token back with pushToken, also at the end: the index moves past it too.
  override nextToken(): Token | null {
    return this.#tokens[this.#next++] ?? null
  }

  override peekToken(): Token {
    const last = this.#tokens.at(-1)
    const end = { type: 'eof', value: 'end of template', lineno: last?.lineno ?? 0, colno: last?.colno ?? 0 }
    return this.#tokens[this.#next] ?? end
  }

  override pushToken(): void {
    this.#next--
  }

  override fail(message: string, lineno?: number, colno?: number): never {
    const token = this.peekToken()
    const offset: Offset = { line: lineno ?? token.lineno, column: colno ?? token.colno }
    throw new TemplateError('TEMPLATE_SYNTAX', message, { offset })
  }

  protected peekAfterNext(): Token | undefined {
    return this.#tokens[this.#next + 1]
  }

  /** Is the next token of this type (and value)? */
  protected is(type: string, value?: string): boolean {
    const token = this.#tokens[this.#next]
    return token !== undefined && token.type === type && (value === undefined || token.value === value)
  }

  protected isWord(word: string): boolean {
    return this.is('symbol', word)
  }

  /** Takes the next token if it fits. */
  protected take(type: string, value?: string): boolean {
    if (!this.is(type, value)) return false
    this.#next++
    return true
  }

  protected takeWord(word: string): boolean {
    return this.take('symbol', word)
  }

  protected takeOperator(operator: string): boolean {
    return this.take('operator', operator)
  }

  /** Takes the next token, which must fit. */
  protected expectToken(type: string, value?: string): Token {
    const token = this.nextToken()
    if (token && token.type === type && (value === undefined || token.value === value)) return token
    this.pushToken()
    return this.fail(`expected ${value ?? describe(type)}, got ${describeToken(token)}`)
  }

  /** A node at the place of the next token. */
  protected make<T extends AstNode>(Class: NodeClass<T>, ...fields: readonly unknown[]): T {
    const token = this.peekToken()
    return new Class(token.lineno, token.colno, ...fields)
  }

  /** A node at the place of another one. */
  protected makeAt<T extends AstNode>(place: AstNode, Class: NodeClass<T>, ...fields: readonly unknown[]): T {
    return new Class(place.lineno, place.colno, ...fields)
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  symbol: 'a name',
  comma: "','",
  colon: "':'",
  'right-paren': "')'",
  'right-bracket': "']'",
  'left-paren': "'('",
  'block-end': 'end of statement block',
  'variable-end': 'end of print statement',
}

function describe(type: string): string {
  return TYPE_NAMES[type] ?? type
}

function describeToken(token: Token | null): string {
  if (!token) return 'end of template'
  return token.type === 'data' ? 'template text' : `'${token.value}'`
}
