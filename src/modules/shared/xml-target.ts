/**
 * What an XPath asks for is made where it is not there: `/a/b`, `/a/@b`, `/a/b/text()='x'`, `/a/@b='x'`,
 * `/a/b[@c='x' and d]`. Anything else cannot be made.
 */
import type { Element, Node } from '@xmldom/xmldom'
import { VpaiError } from '../../base/error.ts'
import { expandedName, newElement } from './xml-children.ts'
import { isChild, isElement, isText, type Namespaces, selectNodes } from './xml-document.ts'

const NAME = '[\\w-][\\w.-]*(?::[\\w-][\\w.-]*)?'
const TEXT = `(?:'(?<single>.*)'|"(?<double>.*)")`
const FORMS = {
  element: new RegExp(`^(?<inner>.*)/(?<name>${NAME})$`),
  elementText: new RegExp(`^(?<inner>.*)/(?<name>${NAME})/text\\(\\)=${TEXT}$`),
  attribute: new RegExp(`^(?<inner>.*)/@(?<name>${NAME})(?:=${TEXT})?$`),
  conditions: new RegExp(`^(?<inner>.*)/(?<name>${NAME})\\[(?<conditions>.*)\\]$`),
  text: new RegExp(`^(?<inner>.*)/text\\(\\)=${TEXT}$`),
} as const

interface Target {
  readonly form: keyof typeof FORMS
  readonly inner: string
  readonly name: string
  readonly text: string | null
  readonly conditions: readonly string[]
}

export function makeTarget(from: Node, xpath: string, namespaces: Namespaces): void {
  const target = lastOf(xpath.trim())
  if (target === null || target.inner === '')
    throw new VpaiError('XML_XPATH', `Can't process Xpath ${xpath} in order to spawn nodes!`)
  if (!selectNodes(from, target.inner, namespaces).some(isElement)) makeTarget(from, target.inner, namespaces)
  for (const parent of selectNodes(from, target.inner, namespaces).filter(isElement))
    make(parent, target, namespaces)
}

export function setText(element: Element, text: string): void {
  if (textOf(element) === text) return
  for (const node of leadingTexts(element)) element.removeChild(node)
  const node = text === '' ? null : element.ownerDocument?.createTextNode(text)
  if (node) element.insertBefore(node, element.firstChild)
}

/** What stands before the first child. */
export function textOf(element: Element): string {
  return leadingTexts(element)
    .map(node => node.data)
    .join('')
}

export function setAttribute(element: Element, name: string, value: string, namespaces: Namespaces): void {
  const { uri, local } = expandedName(name, namespaces)
  if (uri === null) {
    element.setAttribute(local, value)
    return
  }
  const prefix = element.lookupPrefix(uri) || null
  if (prefix === null) element.setAttributeNS('http://www.w3.org/2000/xmlns/', 'xmlns:ns0', uri)
  element.setAttributeNS(uri, `${prefix ?? 'ns0'}:${local}`, value)
}

function leadingTexts(element: Element) {
  const children = Array.from(element.childNodes)
  const end = children.findIndex(isChild)
  return children.slice(0, end === -1 ? children.length : end).filter(isText)
}

function make(parent: Element, target: Target, namespaces: Namespaces): void {
  const { form, name, text } = target
  if (form === 'text') setText(parent, text ?? '')
  else if (form === 'attribute') setAttribute(parent, name, text ?? '', namespaces)
  else append(parent, target, namespaces)
}

function append(parent: Element, { name, text, conditions }: Target, namespaces: Namespaces): void {
  const element = newElement(parent, name, namespaces)
  parent.appendChild(element)
  if (text !== null) setText(element, text)
  for (const condition of conditions) makeTarget(element, `./${condition}`, namespaces)
}

function lastOf(xpath: string): Target | null {
  for (const form of ['element', 'elementText', 'attribute', 'conditions', 'text'] as const) {
    const groups = FORMS[form].exec(xpath)?.groups
    if (groups === undefined) continue
    return {
      form,
      inner: groups.inner ?? '',
      name: groups.name ?? '',
      text: groups.single ?? groups.double ?? null,
      conditions: groups.conditions?.split(' and ').map(one => one.trim()) ?? [],
    }
  }
  return null
}
