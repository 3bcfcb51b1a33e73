/** Node kinds nunjucks lacks or shapes differently. Their names select the compiler's methods. */
import { type AstNode, type ListNode, type NodeClass, nodes, type ValueNode } from '../nunjucks-base.ts'

export interface SliceNode extends AstNode {
  readonly start: AstNode | null
  readonly stop: AstNode | null
  readonly step: AstNode | null
}

/** `.name` on a value. */
export interface AttributeNode extends AstNode {
  readonly target: AstNode
  readonly name: string
}

/** `*expr` or `**expr` among arguments. */
export interface SpreadNode extends AstNode {
  readonly expr: AstNode
}

export interface TestNode extends AstNode {
  readonly left: AstNode
  readonly name: string
  readonly args: ListNode
}

export interface ForNode extends AstNode {
  readonly target: AstNode
  readonly items: AstNode
  readonly condition: AstNode | null
  readonly recursive: boolean
  readonly body: AstNode
  readonly else_: AstNode | null
}

/** `set x = value`, or with a body (and filters over it) instead of a value. */
export interface AssignNode extends AstNode {
  readonly target: AstNode
  readonly value: AstNode | null
  readonly body: AstNode | null
  readonly filters: AstNode | null
}

export interface WithNode extends AstNode {
  readonly names: readonly string[]
  readonly values: readonly AstNode[]
  readonly body: AstNode
}

export interface MacroNode extends AstNode {
  readonly name: string
  readonly parameters: readonly string[]
  /** One per parameter; null where it has none. */
  readonly defaults: readonly (AstNode | null)[]
  readonly body: AstNode
}

export interface CallBlockNode extends AstNode {
  readonly call: AstNode
  readonly macro: MacroNode
}

export interface DoNode extends AstNode {
  readonly expr: AstNode
}

export interface LoopControlNode extends AstNode {
  readonly keyword: 'break' | 'continue'
}

/** Stands for the captured body inside `set x | filter`. Never a name a template can write. */
export type BodyReference = ValueNode<string>

function define<T extends AstNode>(name: string, fields: readonly (keyof T & string)[]): NodeClass<T> {
  return nodes.Node.extend<T>(name, { fields })
}

export const ast = {
  Tuple: nodes.Array.extend<ListNode>('Tuple'),
  Slice: define<SliceNode>('Slice', ['start', 'stop', 'step']),
  Attribute: define<AttributeNode>('Attribute', ['target', 'name']),
  Spread: define<SpreadNode>('Spread', ['expr']),
  Test: define<TestNode>('Test', ['left', 'name', 'args']),
  For: define<ForNode>('JinjaFor', ['target', 'items', 'condition', 'recursive', 'body', 'else_']),
  Assign: define<AssignNode>('Assign', ['target', 'value', 'body', 'filters']),
  With: define<WithNode>('With', ['names', 'values', 'body']),
  Macro: define<MacroNode>('JinjaMacro', ['name', 'parameters', 'defaults', 'body']),
  CallBlock: define<CallBlockNode>('CallBlock', ['call', 'macro']),
  Do: define<DoNode>('Do', ['expr']),
  LoopControl: define<LoopControlNode>('LoopControl', ['keyword']),
  BodyReference: define<BodyReference>('BodyReference', ['value']),
}
