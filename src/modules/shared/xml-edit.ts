/** One edit of a tree, or one question to it, as a task of xml asks for it. */
import type { Document, Element, Node } from '@xmldom/xmldom'
import { VpaiError } from '../../base/error.ts'
import type { Dict, Value } from '../../base/value.ts'
import { type ChildInput, childElements } from './xml-children.ts'
import {
  isAttribute,
  isChild,
  isElement,
  isText,
  isThere,
  type Namespaces,
  pathOf,
  selectNodes,
  tagOf,
  writeNode,
} from './xml-document.ts'
import { makeTarget, setAttribute, setText, textOf } from './xml-target.ts'

export type XmlWork =
  | { readonly do: 'print' | 'count' | 'remove' | 'ensure' }
  | { readonly do: 'tell'; readonly content: 'attribute' | 'text' }
  | { readonly do: 'set'; readonly value: string; readonly attribute: string | undefined }
  | {
      readonly do: 'add' | 'before' | 'after' | 'replace'
      readonly children: readonly Value[]
      readonly input: ChildInput
    }

export interface XmlSelector {
  readonly xpath: string
  readonly namespaces: Namespaces
}

/** Changes the tree in place; what is returned belongs to the result. */
export function workOnXml(document: Document, work: XmlWork, { xpath, namespaces }: XmlSelector): Dict {
  const matches = () => selectNodes(document, xpath, namespaces)
  if (work.do === 'print') {
    const paths = matches().map(pathOf)
    return {
      msg: `selector '${xpath}' match: [${paths.map(path => JSON.stringify(path)).join(', ')}]`,
      matches: paths,
    }
  }
  if (work.do === 'count') {
    const { length } = selectNodes(document, anywhere(xpath), namespaces)
    return { msg: `found ${length} nodes`, count: length }
  }
  if (work.do === 'tell') return told(matches(), work.content, xpath)
  if (work.do === 'remove') for (const node of matches()) remove(node, xpath)
  else if (work.do === 'ensure') ensure(document, { xpath, namespaces })
  else if (work.do === 'set') setAll(document, work, { xpath, namespaces })
  else if ('children' in work) changeChildren(matches().filter(isElement), work)
  return {}
}

/** One slash more, as Ansible counts: a path from the root counts below every element. */
function anywhere(xpath: string): string {
  return xpath.startsWith('//') ? xpath : `/${xpath}`
}

function told(matches: readonly Node[], content: 'attribute' | 'text', xpath: string): Dict {
  const elements = matches.filter(isElement)
  if (elements.length === 0) throw new VpaiError('XML_XPATH', `Xpath ${xpath} does not reference a node!`)
  const found = elements.map(element => ({
    [tagOf(element)]: content === 'text' ? textOf(element) || null : attributesOf(element),
  }))
  return { msg: found.length, count: found.length, matches: found }
}

function attributesOf(element: Element): Dict {
  const own = Array.from(element.attributes).filter(({ name }) => !/^xmlns(:|$)/.test(name))
  return Object.fromEntries(own.map(attribute => [tagOf(attribute), attribute.value]))
}

/** With the text behind it, which only laid it out. */
function remove(node: Node, xpath: string): void {
  if (isAttribute(node)) {
    node.ownerElement?.removeAttributeNode(node)
    return
  }
  const { parentNode } = node
  if (!isChild(node) || !isElement(parentNode))
    throw new VpaiError(
      'XML_XPATH',
      `Couldn't delete xpath target: ${xpath} is neither an attribute nor an element below the root`,
    )
  for (let next = node.nextSibling; isText(next); next = node.nextSibling) parentNode.removeChild(next)
  parentNode.removeChild(node)
}

function ensure(document: Document, { xpath, namespaces }: XmlSelector): void {
  if (!isThere(document, xpath, namespaces)) makeTarget(document, xpath, namespaces)
}

function setAll(
  document: Document,
  { value, attribute }: { readonly value: string; readonly attribute: string | undefined },
  { xpath, namespaces }: XmlSelector,
): void {
  const elements = () => selectNodes(document, xpath, namespaces).filter(isElement)
  if (elements().length === 0) makeTarget(document, xpath, namespaces)
  if (elements().length === 0) throw new VpaiError('XML_XPATH', `Xpath ${xpath} does not reference a node!`)
  for (const element of elements()) {
    if (attribute === undefined) setText(element, value)
    else setAttribute(element, attribute, value, namespaces)
  }
}

function changeChildren(
  matches: readonly Element[],
  work: Extract<XmlWork, { readonly children: readonly Value[] }>,
): void {
  const made = (parent: Element) => childElements(parent, work.children, work.input)
  const place = work.do === 'before' ? matches[0] : matches.at(-1)
  if (work.do === 'before' || work.do === 'after') {
    const parent = place?.parentNode
    if (place === undefined || !isElement(parent)) return
    const next = work.do === 'before' ? place : nextChild(place)
    for (const child of made(parent)) parent.insertBefore(child, next)
    return
  }
  for (const match of matches) {
    const children = made(match)
    if (work.do === 'replace') {
      const known = Array.from(match.childNodes).filter(isChild)
      const same = (child: Element, index: number) => writeNode(child, null) === writeKnown(known[index])
      if (known.length === children.length && children.every(same)) continue
      for (const child of known) remove(child, '')
    }
    for (const child of children) match.appendChild(child)
  }
}

function writeKnown(node: Node | undefined): string | null {
  return node === undefined ? null : writeNode(node, null)
}

function nextChild(node: Node): Node | null {
  const behind = Array.from(node.parentNode?.childNodes ?? [])
  return behind.slice(behind.indexOf(node) + 1).find(isChild) ?? null
}
