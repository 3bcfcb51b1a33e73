/**
 * Jinja2's lexer: whitespace control, raw blocks, comments, balanced brackets, Python literals.
 * It emits tokens in the shape nunjucks' parser reads.
 */
import { TemplateError } from './errors.ts'
import type { Token } from './nunjucks-base.ts'
import { type Syntax, type TagPatterns, tagPatterns } from './syntax.ts'

/** Tokens of a template's text. One trailing newline is dropped, as Jinja2 does. */
export function tokenize(source: string, syntax: Syntax): readonly Token[] {
  return new Lexer(source, syntax).run()
}

/** Tokens of a lone expression, without tags around it. */
export function tokenizeExpression(source: string, syntax: Syntax): readonly Token[] {
  return new Lexer(source, syntax).runExpression()
}

/** Longer operators first, so that `//` is not read as two divisions. */
const OPERATORS = [
  ...['//', '**', '==', '!=', '>=', '<='],
  ...['+', '-', '*', '/', '%', '~', '[', ']', '(', ')', '{', '}', '>', '<', '=', '.', ':', '|', ',', ';'],
]

const OPERATOR_TYPES: Readonly<Record<string, string>> = {
  '(': 'left-paren',
  ')': 'right-paren',
  '[': 'left-bracket',
  ']': 'right-bracket',
  '{': 'left-curly',
  '}': 'right-curly',
  ',': 'comma',
  ':': 'colon',
  '~': 'tilde',
  '|': 'pipe',
}

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

const BLANKS = /\s+/y
const FLOAT = /(?<!\.)\d+(?:_\d+)*(?:\.\d+(?:_\d+)*(?:e[+-]?\d+)?|e[+-]?\d+)/iy
const INTEGER = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|\d+(?:_\d+)*/iy
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy
const STRING = /'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)"/y

class Lexer {
  readonly #source: string
  readonly #syntax: Syntax
  readonly #patterns: TagPatterns
  readonly #tokens: Token[] = []
  #position = 0
  #line = 0
  #lineStart = 0

  constructor(source: string, syntax: Syntax) {
    const text = source.replace(/\r\n?/g, '\n')
    this.#source = text.endsWith('\n') ? text.slice(0, -1) : text
    this.#syntax = syntax
    this.#patterns = tagPatterns(syntax)
  }

  run(): readonly Token[] {
    while (this.#position < this.#source.length) {
      const tag = this.#search(this.#patterns.next)
      if (!tag) {
        this.#push('data', this.#source.slice(this.#position))
        break
      }
      this.#readTag(tag)
    }
    return this.#tokens
  }

  runExpression(): readonly Token[] {
    const open: string[] = []
    while (this.#position < this.#source.length) {
      const length = this.#at(BLANKS)?.[0].length ?? this.#readToken('block', open)
      this.#advance(this.#position + length)
    }
    if (open.length > 0) this.#fail(`unexpected end of the expression, '${open.at(-1)}' is missing`)
    return this.#tokens
  }

  #readTag(tag: RegExpExecArray): void {
    const groups = tag.groups!
    const isRaw = groups.raw !== undefined
    const before = this.#source.slice(this.#position, tag.index)
    this.#pushData(before, (isRaw ? groups.rawSign : groups.sign) ?? '', groups.variable !== undefined)
    this.#advance(tag.index + tag[0].length)
    if (isRaw) this.#readRaw()
    else if (groups.comment !== undefined) this.#readComment()
    else if (groups.variable !== undefined) this.#readCode('variable')
    else this.#readCode('block')
  }

  /** Text before a tag, cut as the tag's sign and lstrip_blocks ask. */
  #pushData(text: string, sign: string, beforeVariable: boolean): void {
    let kept = text
    if (sign === '-') kept = text.trimEnd()
    else if (this.#syntax.lstripBlocks && sign !== '+' && !beforeVariable) {
      const lastLine = text.lastIndexOf('\n') + 1
      const startsLine = lastLine > 0 || this.#position === 0 || this.#source[this.#position - 1] === '\n'
      if (startsLine && text.slice(lastLine).trim() === '') kept = text.slice(0, lastLine)
    }
    if (kept) this.#push('data', kept)
  }

  #readRaw(): void {
    const end = this.#search(this.#patterns.rawEnd)
    if (!end) this.#fail('Missing end of raw directive')
    const text = this.#source.slice(this.#position, end.index)
    this.#pushData(text, end[1] ?? '', false)
    this.#advance(end.index + end[0].length)
  }

  #readComment(): void {
    const end = this.#search(this.#patterns.commentEnd)
    if (!end) {
      this.#fail('Missing end of comment tag', `'${this.#syntax.commentStart}' opens a template comment`)
    }
    this.#advance(end.index + end[0].length)
  }

  /** The tokens of one tag up to and including its end. */
  #readCode(kind: 'block' | 'variable'): void {
    const end = kind === 'variable' ? this.#patterns.variableEnd : this.#patterns.blockEnd
    const open: string[] = []
    this.#push(`${kind}-start`, '')
    while (this.#position < this.#source.length) {
      const blanks = this.#at(BLANKS)
      if (blanks) {
        this.#advance(this.#position + blanks[0].length)
        continue
      }
      // Inside brackets `}}` closes dicts, so the tag's end counts only outside of them.
      const closing = open.length === 0 ? this.#at(end) : null
      if (closing) {
        this.#push(`${kind}-end`, closing[0].trim())
        this.#advance(this.#position + closing[0].length)
        return
      }
      this.#advance(this.#position + this.#readToken(kind, open))
    }
    this.#fail('unexpected end of template')
  }

  /** Pushes one token and returns how long it is. */
  #readToken(kind: 'block' | 'variable', open: string[]): number {
    const number = this.#at(FLOAT)
    if (number) return this.#push('float', number[0].replaceAll('_', ''), number[0])
    const integer = this.#at(INTEGER)
    if (integer) return this.#push('int', integer[0].replaceAll('_', ''), integer[0])
    const name = this.#at(NAME)
    if (name) return this.#push('symbol', name[0], name[0])
    const string = this.#at(STRING)
    if (string) {
      const text = string[1] ?? string[2] ?? ''
      const isRaw = this.#syntax.rawBackslashes && kind === 'variable'
      return this.#push('string', isRaw ? text : unescapeString(text), string[0])
    }
    return this.#readOperator(open)
  }

  #readOperator(open: string[]): number {
    const operator = OPERATORS.find(candidate => this.#source.startsWith(candidate, this.#position))
    if (operator === undefined) this.#fail(`unexpected char '${this.#source[this.#position]}'`)
    const closer = CLOSERS[operator]
    if (closer !== undefined) open.push(closer)
    else if (')]}'.includes(operator) && open.pop() !== operator) this.#fail(`unexpected '${operator}'`)
    return this.#push(OPERATOR_TYPES[operator] ?? 'operator', operator, operator)
  }

  #search(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#position
    return pattern.exec(this.#source)
  }

  /** For sticky patterns: a match that begins right here. */
  #at(pattern: RegExp): RegExpExecArray | null {
    return this.#search(pattern)
  }

  #push(type: string, value: string, consumed = value): number {
    const colno = this.#position - this.#lineStart
    this.#tokens.push({ type, value, lineno: this.#line, colno })
    return consumed.length
  }

  #advance(to: number): void {
    for (let i = this.#position; i < to; i++) {
      if (this.#source.charCodeAt(i) !== 10) continue
      this.#line++
      this.#lineStart = i + 1
    }
    this.#position = to
  }

  #fail(message: string, hint?: string): never {
    const offset = { line: this.#line, column: this.#position - this.#lineStart }
    throw new TemplateError('TEMPLATE_SYNTAX', message, { hint, offset })
  }
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
}

const ESCAPE = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[\s\S])/g

/** Python string escapes; an unknown one keeps its backslash. */
function unescapeString(text: string): string {
  return text.replace(ESCAPE, (whole: string, code: string) => {
    if (/^[xuU]./.test(code)) return codePoint(Number.parseInt(code.slice(1), 16), whole)
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8))
    return SIMPLE_ESCAPES[code] ?? whole
  })
}

function codePoint(code: number, otherwise: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : otherwise
}
