/** New elements for a tree, from what a task writes. */
import type { Document, Element } from '@xmldom/xmldom'
import { VpaiError } from '../../base/error.ts'
import { isDict, type Value } from '../../base/value.ts'
import { isElement, type Namespaces, parseXml } from './xml-document.ts'

/** `xml`: texts of elements. `yaml`: a name, `name: text`, or `name: {attribute: …, +value: text, _: [children]}`. */
export type ChildInput = 'xml' | 'yaml'

/** Made for one parent, whose prefixes they use. XML_CHILD for what is none. */
export function childElements(parent: Element, children: readonly Value[], input: ChildInput): Element[] {
  return children.map(child => (input === 'xml' ? parsed(parent, child) : written(parent, child)))
}

/** In the namespace whose prefix is written, `{uri}name` too; else in none, so it takes the form of its surroundings. */
export function newElement(parent: Element, name: string, namespaces: Namespaces = {}): Element {
  const { uri, local } = expandedName(name, namespaces)
  const document = documentOf(parent)
  if (uri === null) return named(document, local)
  if (parent.lookupNamespaceURI('') === uri) return document.createElementNS(uri, local)
  const known = parent.lookupPrefix(uri) || null
  const element = document.createElementNS(uri, `${known ?? 'ns0'}:${local}`)
  if (known === null) element.setAttributeNS('http://www.w3.org/2000/xmlns/', 'xmlns:ns0', uri)
  return element
}

/** `prefix:name` and `{uri}name`; XML_XPATH for a prefix that nobody explains. */
export function expandedName(
  name: string,
  namespaces: Namespaces,
): { readonly uri: string | null; readonly local: string } {
  const clark = /^\{([^}]*)\}(.+)$/.exec(name)
  if (clark !== null) return { uri: clark[1] ?? '', local: clark[2] ?? '' }
  const [prefix = '', local] = name.split(':')
  if (local === undefined) return { uri: null, local: prefix }
  const uri = namespaces[prefix]
  if (uri === undefined)
    throw new VpaiError('XML_XPATH', `the prefix ${prefix} of ${name} is not among namespaces`)
  return { uri, local }
}

function parsed(parent: Element, child: Value): Element {
  if (typeof child !== 'string') return refuse('with input_type xml a child is a text')
  const root = parseXml(child, 'child element').documentElement
  const copy = root === null ? null : documentOf(parent).importNode(root, true)
  return isElement(copy) ? copy : refuse('a child is an element')
}

function written(parent: Element, child: Value): Element {
  if (typeof child === 'string') return newElement(parent, child)
  if (!isDict(child)) return refuse('children are names or mappings of one name')
  const entries = Object.entries(child)
  const [entry] = entries
  if (entry === undefined || entries.length > 1) return refuse('a child is a mapping of one name')
  const [name, content] = entry
  const element = newElement(parent, name)
  if (!isDict(content)) {
    addText(element, content)
    return element
  }
  for (const [key, value] of Object.entries(content)) {
    if (key !== '_' && key !== '+value') element.setAttribute(key, plainText(value))
  }
  if (content._ !== undefined && !Array.isArray(content._)) return refuse('_ is a list of children')
  addText(element, content['+value'] ?? null)
  const below: readonly Value[] = Array.isArray(content._) ? content._ : []
  for (const one of childElements(element, below, 'yaml')) element.appendChild(one)
  return element
}

function addText(element: Element, text: Value): void {
  const plain = text === null ? '' : plainText(text)
  if (plain !== '') element.appendChild(documentOf(element).createTextNode(plain))
}

/** As they are written, for people who quote: what YAML makes of yes and 1.0 is no text. */
function plainText(value: Value): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' && Number.isInteger(value)) return String(value)
  return refuse(`${JSON.stringify(value)} is no text: put it in quotes`)
}

function named(document: Document, name: string): Element {
  if (!/^[\p{L}_][\p{L}\p{N}_.·-]*$/u.test(name))
    return refuse(`${JSON.stringify(name)} is no name of an element`)
  return document.createElement(name)
}

function documentOf(element: Element): Document {
  return element.ownerDocument ?? refuse('the element belongs to no document')
}

function refuse(why: string): never {
  throw new VpaiError('XML_CHILD', `children cannot be made: ${why}`)
}
