/**
 * xml: bits of an XML file or text, chosen by XPath.
 *
 * Args     path or xmlstring; xpath, namespaces; value, attribute, state, add_children, set_children, insertbefore,
 *          insertafter, input_type; count, print_match, content; pretty_print, strip_cdata_tags, backup.
 * Changes  elements, texts and attributes. What an XPath asks for is made when its form is simple. The file is read on
 *          this machine and written back as a whole, in the form in which lxml writes.
 * Errors   what is no XML or no XPath; an encoding other than UTF-8; entities that the document declares itself.
 */
import { CDATASection, type Document, type Node } from '@xmldom/xmldom'
import { z } from 'zod'
import { VpaiError } from '../base/error.ts'
import { type Dict, PyFloat, type Value } from '../base/value.ts'
import { defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, text, textDict } from './shared/arguments.ts'
import { type Edited, editFile, editKeys } from './shared/edit-file.ts'
import { withHome } from './shared/home.ts'
import { fail } from './shared/results.ts'
import { parseXml, stripBlanks, writeXml, xpathProblem } from './shared/xml-document.ts'
import { workOnXml, type XmlWork } from './shared/xml-edit.ts'

const children = () =>
  z.array(
    z.custom<Value>(value => value !== undefined),
    'must be a list of children',
  )

/** What YAML makes of yes and 1.0 is not what was written: people have to quote it. */
const unbent = () =>
  z
    .unknown()
    .refine(
      value => typeof value !== 'boolean' && !(value instanceof PyFloat),
      'is no text: put it in quotes',
    )
    .pipe(text())

const schema = () =>
  argumentsOf(
    {
      path: path().optional(),
      xmlstring: text().optional(),
      xpath: text()
        .superRefine((xpath, ctx) => {
          const problem = xpathProblem(xpath)
          if (problem !== null)
            ctx.addIssue({
              code: 'custom',
              message: `Syntax error in xpath expression: ${xpath} (${problem})`,
            })
        })
        .optional(),
      namespaces: textDict().default({}),
      state: choice(['present', 'absent']).default('present'),
      attribute: text().optional(),
      value: unbent().optional(),
      add_children: children().optional(),
      set_children: children().optional(),
      insertbefore: bool().default(false),
      insertafter: bool().default(false),
      input_type: choice(['xml', 'yaml']).default('yaml'),
      count: bool().default(false),
      print_match: bool().default(false),
      content: choice(['attribute', 'text']).optional(),
      pretty_print: bool().default(false),
      strip_cdata_tags: bool().default(false),
      backup: bool().default(false),
    },
    { dest: 'path', file: 'path', ensure: 'state' },
  )
    .refine(
      args => (args.path === undefined) !== (args.xmlstring === undefined),
      'give one of path and xmlstring',
    )
    .refine(
      args => works(args).length < 2,
      'give one of add_children, content, count, print_match, set_children and value',
    )
    .refine(args => !args.insertbefore || !args.insertafter, 'give one of insertbefore and insertafter')
    .refine(args => args.attribute === undefined || args.value !== undefined, 'attribute needs value')
    .refine(
      args =>
        args.xpath !== undefined ||
        (args.pretty_print && works(args).length === 0 && args.state === 'present'),
      'needs an xpath; pretty_print alone needs none',
    )
type Args = z.output<ReturnType<typeof schema>>

export const xml = withHome<Args>(
  args => (args.path === undefined ? [] : ['path']),
  defineModule({
    name: 'xml',
    summary: 'Bits of an XML file, chosen by XPath',
    args: schema,
    settles: 'add_children adds again each time, and a text is no state of a host',
    keys: args => (args.path === undefined ? [] : editKeys({ path: args.path, backup: args.backup })),
    decide(args, seen, ctx): Verdict {
      const { path: file, backup } = args
      if (file === undefined) return ofText(args, args.xmlstring ?? '')
      const edit = (before: string): Edited | string => {
        const done = attempt(() => edited(args, before, `document: ${file}`))
        return typeof done === 'string' ? done : { text: done.text, msg: '', result: done.result }
      }
      return editFile({ args: { path: file, backup, create: false }, whenAbsent: 'fail', edit }, seen, ctx)
    },
  }),
)

function ofText(args: Args, before: string): Verdict {
  const done = attempt(() => edited(args, before, 'document: xml_string'))
  if (typeof done === 'string') return fail(done)
  const result = { ...done.result, xmlstring: done.after }
  if (done.text === before) return { kind: 'ok', result }
  const diff = { before, after: done.after, label: 'xmlstring' }
  return {
    kind: 'change',
    changes: [{ what: 'content', subject: 'xmlstring', from: null, to: null, diff }],
    apply: [],
    result,
  }
}

interface Done {
  /** The text as it was when only blanks would differ. */
  readonly text: string
  readonly after: string
  readonly result: Dict
}

function edited(args: Args, before: string, what: string): Done {
  const { xpath, namespaces, pretty_print: pretty } = args
  const document = parseXml(before, what)
  if (args.strip_cdata_tags) stripCdata(document)
  if (pretty) stripBlanks(document)
  const former = essence(document)
  const [work = defaultWork(args)] = works(args)
  const told = xpath === undefined || work === null ? {} : workOnXml(document, work, { xpath, namespaces })
  const after = writeXml(document, pretty)
  const isChanged = xpath === undefined || former !== essence(document)
  const text = isChanged ? after : before
  if (xpath === undefined) return { text, after, result: {} }
  return { text, after, result: { actions: { xpath, namespaces, state: args.state }, ...told } }
}

/** Without what only lays it out. */
function essence(document: Document): string {
  const copy = parseXml(writeXml(document, false), 'document')
  stripBlanks(copy)
  return writeXml(copy, false)
}

function stripCdata(node: Node): void {
  for (const child of Array.from(node.childNodes)) {
    const text = child instanceof CDATASection ? child.ownerDocument?.createTextNode(child.data) : null
    if (text) node.replaceChild(text, child)
    else stripCdata(child)
  }
}

interface Works {
  readonly state: string
  readonly add_children?: readonly Value[] | undefined
  readonly set_children?: readonly Value[] | undefined
  readonly insertbefore: boolean
  readonly insertafter: boolean
  readonly input_type: 'xml' | 'yaml'
  readonly count: boolean
  readonly print_match: boolean
  readonly content?: 'attribute' | 'text' | undefined
  readonly value?: string | undefined
  readonly attribute?: string | undefined
}

/** What a task asks for by an argument of its own; more than one is an error. */
function works(args: Works): XmlWork[] {
  const { add_children: add, set_children: set, input_type: input, content, value, attribute } = args
  const asked: XmlWork[] = []
  if (args.print_match) asked.push({ do: 'print' })
  if (args.count) asked.push({ do: 'count' })
  if (content !== undefined) asked.push({ do: 'tell', content })
  if (set !== undefined) asked.push({ do: 'replace', children: set, input })
  const place = args.insertbefore ? 'before' : args.insertafter ? 'after' : 'add'
  if (add !== undefined) asked.push({ do: place, children: add, input })
  if (value !== undefined) asked.push({ do: 'set', value, attribute })
  const looks = asked.some(({ do: what }) => ['print', 'count', 'tell'].includes(what))
  return args.state === 'absent' && !looks && asked.length < 2 ? [{ do: 'remove' }] : asked
}

function defaultWork({ xpath }: Args): XmlWork | null {
  return xpath === undefined ? null : { do: 'ensure' }
}

function attempt<T>(make: () => T): T | string {
  try {
    return make()
  } catch (error) {
    if (error instanceof VpaiError) return error.message
    throw error
  }
}
