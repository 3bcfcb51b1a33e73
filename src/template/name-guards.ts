/** Which names a condition proves to be defined. */
import {
  type AstNode,
  type BinaryNode,
  type FilterNode,
  type LookupNode,
  nodes,
  type UnaryNode,
} from './nunjucks-base.ts'
import { type AttributeNode, ast, type TestNode } from './parser/ast.ts'

/** The name at the start of `a.b['c']`, or null when the value begins with something else. */
export function pathRoot(node: AstNode): string | null {
  if (node instanceof nodes.Symbol) return node.value
  if (node instanceof ast.Attribute) return pathRoot((node as AttributeNode).target)
  return node instanceof nodes.LookupVal ? pathRoot((node as LookupNode).target) : null
}

/** Names that are defined whenever `condition` turned out to be `outcome`. */
export function definedWhen(condition: AstNode, outcome: boolean): string[] {
  if (condition instanceof nodes.Not) return definedWhen((condition as UnaryNode).target, !outcome)
  if (condition instanceof ast.Test) return provenByTest(condition, outcome)
  if (condition instanceof nodes.Filter) return outcome ? provenByDefault(condition) : []
  // Both sides of `and` held when it is true, both sides of `or` did not when it is false.
  const isBoth = outcome ? condition instanceof nodes.And : condition instanceof nodes.Or
  if (!isBoth) return []
  const { left, right } = condition as BinaryNode
  return [...definedWhen(left, outcome), ...definedWhen(right, outcome)]
}

function provenByTest(node: TestNode, outcome: boolean): string[] {
  const isProof = (node.name === 'defined' && outcome) || (node.name === 'undefined' && !outcome)
  const root = isProof ? pathRoot(node.left) : null
  return root === null ? [] : [root]
}

/** `x | default(false)` is true only when x is there: its default would not be. */
function provenByDefault(node: FilterNode): string[] {
  const [receiver, fallback] = node.args.children
  if (node.name.value !== 'default' && node.name.value !== 'd') return []
  const isFalseDefault = fallback === undefined || (fallback instanceof nodes.Literal && !fallback.value)
  const root = receiver && isFalseDefault ? pathRoot(receiver) : null
  return root === null ? [] : [root]
}
