/**
 * XML as a tree: read by xmldom, asked by xpath, written in the form of lxml, which Ansible's module uses, so that the
 * same file comes out. Entities that a document declares itself are refused: nothing is ever fetched or expanded.
 */
import {
  Attr,
  CDATASection,
  Comment,
  DOMParser,
  type Document,
  Element,
  Node,
  ProcessingInstruction,
  Text,
  XMLSerializer,
} from '@xmldom/xmldom'
import xpathLibrary from 'xpath'
import { VpaiError } from '../../base/error.ts'

export type Namespaces = Readonly<Record<string, string>>

/** XML_SYNTAX for what is no well-formed document; `what` names it. */
export function parseXml(text: string, what: string): Document {
  const refuse = (why: string): never => {
    throw new VpaiError('XML_SYNTAX', `Error while parsing ${what}: ${why}`)
  }
  const encoding =
    /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']/.exec(text)?.[1]?.toLowerCase() ?? 'utf-8'
  if (encoding !== 'utf-8' && /[^\x00-\x7f]/.test(text))
    return refuse(`the encoding ${encoding} is not taken, only UTF-8`)
  const parser = new DOMParser({
    onError(level, message) {
      if (level !== 'warning') refuse(message)
    },
  })
  try {
    return parser.parseFromString(text, 'text/xml')
  } catch (error) {
    if (error instanceof VpaiError) throw error
    if (error instanceof Error && error.cause instanceof VpaiError) throw error.cause
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

/** Methods, because the declarations of the library speak of the nodes of a browser, and leave `parse` out. */
interface Library {
  parse?(expression: string): unknown
  selectWithResolver(
    expression: string,
    node: unknown,
    resolver: { lookupNamespaceURI(prefix: string | null): string | null },
  ): unknown
}
const LIBRARY: Library = xpathLibrary

/** Why it is no XPath; null when it is one. */
export function xpathProblem(expression: string): string | null {
  try {
    LIBRARY.parse?.(expression)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Nodes in document order; a comparison has none. XML_XPATH for an expression that cannot be evaluated. */
export function selectNodes(from: Node, expression: string, namespaces: Namespaces): readonly Node[] {
  const found = evaluate(from, expression, namespaces)
  return Array.isArray(found) ? found.filter(node => node instanceof Node) : []
}

/** Is there a node, or does a comparison hold? */
export function isThere(from: Node, expression: string, namespaces: Namespaces): boolean {
  return (
    evaluate(from, expression, namespaces) === true || selectNodes(from, expression, namespaces).length > 0
  )
}

function evaluate(from: Node, expression: string, namespaces: Namespaces): unknown {
  const lookupNamespaceURI = (prefix: string | null) => namespaces[prefix ?? ''] ?? null
  try {
    return LIBRARY.selectWithResolver(expression, from, { lookupNamespaceURI })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new VpaiError('XML_XPATH', `Xpath ${expression} causes a failure: ${why}`)
  }
}

export const isElement = (node: unknown): node is Element => node instanceof Element
export const isAttribute = (node: unknown): node is Attr => node instanceof Attr
export const isText = (node: unknown): node is Text => node instanceof Text
/** What lxml counts as a child: texts belong to the node before them. */
export const isChild = (node: unknown): node is Node =>
  node instanceof Element || node instanceof Comment || node instanceof ProcessingInstruction

/** `{uri}name` for a node of a namespace. */
export function tagOf(node: Element | Attr): string {
  return node.namespaceURI ? `{${node.namespaceURI}}${node.localName}` : node.nodeName
}

/** The way down from the root, as `/a/b[2]`. */
export function pathOf(node: Node): string {
  if (isAttribute(node))
    return `${node.ownerElement === null ? '' : pathOf(node.ownerElement)}/@${node.nodeName}`
  if (!isElement(node))
    return node.parentNode === null
      ? ''
      : `${pathOf(node.parentNode)}/${isText(node) ? 'text()' : 'comment()'}`
  const name = node.namespaceURI && !node.prefix ? '*' : node.nodeName
  const siblings = Array.from(node.parentNode?.childNodes ?? []).filter(
    other => isElement(other) && (name === '*' || other.nodeName === name),
  )
  const index = siblings.length > 1 ? `[${siblings.findIndex(other => other.isSameNode(node)) + 1}]` : ''
  return `${node.parentNode === null ? '' : pathOf(node.parentNode)}/${name}${index}`
}

/** Takes blanks away that only lay the document out. */
export function stripBlanks(node: Node): void {
  const children = Array.from(node.childNodes)
  const isMixed = children.some(child => isText(child) && child.data.trim() !== '')
  if (!isMixed && children.some(isChild)) for (const child of children.filter(isText)) node.removeChild(child)
  for (const child of children.filter(isElement)) stripBlanks(child)
}

/** The whole document with its declaration. `pretty`: two blanks a level, where elements hold elements only. */
export function writeXml(document: Document, pretty: boolean): string {
  const end = pretty ? '\n' : ''
  const parts = Array.from(document.childNodes)
    .filter(node => !(node instanceof ProcessingInstruction && node.target === 'xml') && !isText(node))
    .map(node =>
      isChild(node)
        ? `${writeNode(node, pretty ? 0 : null)}${end}`
        : `${new XMLSerializer().serializeToString(node)}\n`,
    )
  return `<?xml version='1.0' encoding='UTF-8'?>\n${parts.join('')}`
}

/** `level` null: as it is. */
export function writeNode(node: Node, level: number | null): string {
  if (node instanceof CDATASection) return `<![CDATA[${node.data}]]>`
  if (isText(node)) return escapeText(node.data)
  if (node instanceof Comment) return `<!--${node.data}-->`
  if (node instanceof ProcessingInstruction)
    return `<?${node.target}${node.data === '' ? '' : ` ${node.data}`}?>`
  if (!isElement(node)) return ''
  const attributes = Array.from(node.attributes).map(
    ({ name, value }) => ` ${name}="${escapeAttribute(value)}"`,
  )
  const children = Array.from(node.childNodes).filter(child => !isText(child) || child.data !== '')
  const head = `<${node.nodeName}${attributes.join('')}`
  if (children.length === 0) return `${head}/>`
  const inner = level === null || children.some(isText) ? null : level + 1
  const separator = inner === null ? '' : `\n${'  '.repeat(inner)}`
  const end = inner === null ? '' : `\n${'  '.repeat(inner - 1)}`
  const body = children.map(child => `${separator}${writeNode(child, inner)}`).join('')
  return `${head}>${body}${end}</${node.nodeName}>`
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
}

function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')
}
