/** Code for statements and whole templates, on nunjucks' Compiler. */
import {
  type AstNode,
  type BlockNode,
  type BodyNode,
  type CallNode,
  type CompileFrame,
  type FromImportNode,
  type IfNode,
  type ImportNode,
  type IncludeNode,
  type ListNode,
  nodes,
  type PairNode,
  type ValueNode,
} from '../nunjucks-base.ts'
import {
  type AssignNode,
  ast,
  type CallBlockNode,
  type DoNode,
  type ForNode,
  type LoopControlNode,
  type MacroNode,
  type WithNode,
} from '../parser/ast.ts'
import { ExpressionCompiler, quoteLiteral } from './expression-compiler.ts'

/** Variables of the generated code that make up one loop. */
interface LoopNames {
  readonly items: string
  readonly loop: string
  /** Code that gives what is looped over. */
  readonly source: string
  /** Code of the function that tells whether an item takes part, or 'null'. */
  readonly condition: string
  /** The function a recursive loop calls itself by, or 'null'. */
  readonly recursion: string
}

export class TemplateCompiler extends ExpressionCompiler {
  readonly #isNative: boolean

  /** Native: a template that is a single expression gives that expression's value instead of text. */
  constructor(isNative: boolean) {
    super()
    this.#isNative = isNative
  }

  override _emitFuncBegin(node: AstNode, name: string): void {
    super._emitFuncBegin(node, name)
    if (this.#isNative && name === 'root') this._emitLine('output = runtime.EMPTY;')
  }

  override compileRoot(node: AstNode): void {
    super.compileRoot(node)
    // getCode joins the pieces again; one piece keeps that cheap.
    this.codebuf = [this.codebuf.join('')]
  }

  #print(code: string): void {
    this._emitLine(`${this.buffer} = runtime.print(${this.buffer}, ${code});`)
  }

  /** The line errors are reported at. */
  #markLine(node: AstNode): void {
    this._emitLine(`lineno = ${node.lineno};`)
  }

  #body(node: AstNode, frame: CompileFrame): void {
    this._withScopedSyntax(() => this.compile(node, frame))
  }

  /** Code of an expression whose value is the text the body prints. */
  #captured(node: AstNode, frame: CompileFrame): string {
    const outer = this.buffer
    this.buffer = 'output'
    const code = this.captureCode(() => this.#body(node, frame))
    this.buffer = outer
    // Names set inside do not leak out.
    return `(()=>{ var output = ""; frame = frame.push(); ${code} frame = frame.pop(); return output; })()`
  }

  compileOutput(node: ListNode, frame: CompileFrame): void {
    for (const child of node.children) {
      if (child instanceof nodes.TemplateData) this.#print(quoteLiteral(child.value))
      else {
        this.#markLine(node)
        this.#print(`runtime.printable(${this.code(child, frame)})`)
      }
    }
  }

  compileIf(node: IfNode, frame: CompileFrame): void {
    this.#markLine(node)
    this._emitLine(`if(runtime.truth(${this.code(node.cond, frame)})) {`)
    this.#body(node.body, frame)
    if (node.else_) {
      this._emitLine('} else {')
      this.#body(node.else_, frame)
    }
    this._emitLine('}')
  }

  /** Assigns code's value to a name, a tuple of targets or a namespace's attribute. */
  #assign(target: AstNode, code: string, frame: CompileFrame): void {
    if (target instanceof ast.Tuple) {
      const parts = this._tmpid()
      this._emitLine(`var ${parts} = runtime.unpack(${code},${target.children.length});`)
      target.children.forEach((part, i) => {
        this.#assign(part, `${parts}[${i}]`, frame)
      })
    } else if (target instanceof ast.Attribute) {
      const object = this.code(target.target, frame)
      this._emitLine(`runtime.setAttribute(${object},${quoteLiteral(target.name)},${code});`)
    } else {
      const name = (target as ValueNode<string>).value
      this._emitLine(`frame.set(${quoteLiteral(name)},${code},context);`)
    }
  }

  compileJinjaFor(node: ForNode, frame: CompileFrame): void {
    this.#markLine(node)
    const source = this.code(node.items, frame)
    const names = { items: this._tmpid(), loop: this._tmpid(), condition: this.#loopCondition(node, frame) }
    if (!node.recursive) {
      this.#loop(node, frame, { ...names, source, recursion: 'null' })
      return
    }
    const recursion = this._tmpid()
    const printed = `${recursion}b`
    const outer = this.buffer
    this._emitLine(`var ${recursion} = (source_, depth_) => { var ${printed} = "";`)
    this.buffer = printed
    this.#loop(node, frame, { ...names, source: 'source_', recursion })
    this._emitLine(`return ${printed}; };`)
    this.buffer = outer
    this.#print(`${recursion}(${source}, 0)`)
  }

  #loopCondition(node: ForNode, frame: CompileFrame): string {
    if (!node.condition) return 'null'
    const assign = this.captureCode(() => this.#assign(node.target, 'item_', frame))
    const condition = this.code(node.condition, frame)
    const body = `${assign} return runtime.truth(${condition});`
    return `(item_)=>{ var outer_=frame; frame=frame.push(); try { ${body} } finally { frame=outer_; } }`
  }

  #loop(node: ForNode, frame: CompileFrame, names: LoopNames): void {
    const { items, loop, recursion } = names
    const depth = recursion === 'null' ? '0' : 'depth_'
    this._emitLine(`var ${items} = runtime.iterate(${names.source}, ${names.condition});`)
    this._emitLine(`var ${loop} = runtime.loop(${items}, ${recursion}, ${depth});`)
    this._emitLine(`var ${loop}f = frame.push();`)
    this._emitLine(`for(; ${loop}.position < ${items}.length; ${loop}.position++) {`)
    // `continue` may leave frames of an inner `with` behind, so every round begins with the loop's own.
    this._emitLine(`frame = ${loop}f; frame.clear(); frame.set("loop", ${loop});`)
    this.#assign(node.target, `${items}[${loop}.position]`, frame)
    this.#body(node.body, frame)
    this._emitLine('}')
    this._emitLine(`frame = ${loop}f.pop();`)
    if (!node.else_) return
    this._emitLine(`if(!${items}.length) { frame = frame.push();`)
    this.#body(node.else_, frame)
    this._emitLine('frame = frame.pop(); }')
  }

  compileLoopControl(node: LoopControlNode): void {
    this._emitLine(`${node.keyword};`)
  }

  compileDo(node: DoNode, frame: CompileFrame): void {
    this.#markLine(node)
    this._emitLine(`${this.code(node.expr, frame)};`)
  }

  compileCapture(node: BodyNode, frame: CompileFrame): void {
    this._emit(this.#captured(node.body, frame))
  }

  compileAssign(node: AssignNode, frame: CompileFrame): void {
    this.#markLine(node)
    if (node.value) {
      this.#assign(node.target, this.code(node.value, frame), frame)
      return
    }
    const text = this.#captured(node.body!, frame)
    const filtered = node.filters ? `((body_)=>${this.code(node.filters, frame)})(${text})` : text
    this.#assign(node.target, filtered, frame)
  }

  compileWith(node: WithNode, frame: CompileFrame): void {
    const values = node.values.map(value => {
      const id = this._tmpid()
      this._emitLine(`var ${id} = ${this.code(value, frame)};`)
      return id
    })
    this._emitLine('frame = frame.push();')
    node.names.forEach((name, i) => {
      this._emitLine(`frame.set(${quoteLiteral(name)},${values[i]});`)
    })
    this.#body(node.body, frame)
    this._emitLine('frame = frame.pop();')
  }

  /** Code of a macro. `within` runs code in the macro's frame: defaults see earlier parameters there. */
  #macro(node: MacroNode, frame: CompileFrame): string {
    const defaults = node.defaults.map(value => (value ? `()=>${this.code(value, frame)}` : 'null'))
    const within =
      '(frame_,run_)=>{ var outer_=frame; frame=frame_; try { return run_(); } finally { frame=outer_; } }'
    const body = `()=>${this.#captured(node.body, frame)}`
    const head = `${quoteLiteral(node.name)},${quoteLiteral(node.parameters)},[${defaults.join(',')}]`
    return `runtime.macro({ head: [${head}], frame, within: ${within}, body: ${body} })`
  }

  compileJinjaMacro(node: MacroNode, frame: CompileFrame): void {
    const name = quoteLiteral(node.name)
    this._emitLine(`frame.set(${name},${this.#macro(node, frame)},context);`)
  }

  compileCallBlock(node: CallBlockNode, frame: CompileFrame): void {
    this.#markLine(node)
    const call = node.call as CallNode
    const target = this.code(call.name, frame)
    const args = this.codes(call.args.children, frame)
    this.#print(
      `runtime.callWithCaller(${target},[${args}],{ caller: ${this.#macro(node.macro, frame)}, context })`,
    )
  }

  compileInclude(node: IncludeNode, frame: CompileFrame): void {
    this.#markLine(node)
    const template = this.code(node.template, frame)
    const options = `{ ignoreMissing: ${node.ignoreMissing}, withContext: ${node.withContext} }`
    this.#print(`runtime.include({ env, context, frame },${template},${options})`)
  }

  compileImport(node: ImportNode, frame: CompileFrame): void {
    this.#markLine(node)
    this.#assign(node.target, this.#imported(node, frame), frame)
  }

  compileFromImport(node: FromImportNode, frame: CompileFrame): void {
    this.#markLine(node)
    const id = this._tmpid()
    this._emitLine(`var ${id} = ${this.#imported(node, frame)};`)
    for (const entry of node.names.children) {
      const isAliased = entry instanceof nodes.Pair
      const name = (isAliased ? (entry as PairNode).key : entry) as ValueNode<string>
      const alias = isAliased ? (entry as PairNode).value : entry
      this.#assign(alias, `runtime.importedName(${id},${quoteLiteral(name.value)})`, frame)
    }
  }

  #imported(node: ImportNode | FromImportNode, frame: CompileFrame): string {
    const withContext = node.withContext === true
    return `runtime.importTemplate({ env, context, frame },${this.code(node.template, frame)},${withContext})`
  }

  /** A block prints its most derived version; in a template that extends another the parent prints it. */
  compileBlock(node: BlockNode): void {
    const name = quoteLiteral(node.name.value)
    const guard = this.inBlock ? '' : 'if(!parentTemplate) '
    this._emitLine(
      `${guard}${this.buffer} = runtime.print(${this.buffer}, runtime.block({ env, context, frame },${name},0));`,
    )
  }
}
