import { describe, expect, test } from 'vitest'
import { xml } from '../../src/modules/xml.ts'
import { brief, decideWith } from './tables.ts'

const HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n"
const BUSINESS = `<business type="bar">
  <name>Tasty &amp; Co.</name>
  <beers>
    <beer>Rochefort 10</beer>
    <beer>Schlitz</beer>
  </beers>
  <rating subjective="true">10</rating>
  <website/>
</business>`
const SPACED =
  '<foo xmlns="http://x.test" xmlns:attr="http://z.test"><bar><baz xmlns="http://y.test" attr:on="true"/></bar></foo>'
const NAMESPACES = { x: 'http://x.test', y: 'http://y.test', z: 'http://z.test' }

/** The text that comes out, its declaration left out. */
function made(args: object, xmlstring = BUSINESS): string {
  const verdict = decideWith(xml, { xmlstring, ...args })
  if (verdict.kind !== 'change') return brief(verdict)
  return String(verdict.result?.xmlstring).replace(HEAD, '')
}

describe('what is made of a document', () => {
  test.each([
    [
      'an attribute goes',
      { xpath: '/business/rating/@subjective', state: 'absent' },
      [' subjective="true"', ''],
    ],
    [
      'an element goes with the blanks behind it',
      { xpath: '//beer[1]', state: 'absent' },
      ['<beer>Rochefort 10</beer>\n    ', ''],
    ],
    [
      'elements go by a condition',
      { xpath: '//beer[text()="Schlitz"]', state: 'absent' },
      ['<beer>Schlitz</beer>\n  ', ''],
    ],
    ['a text is set', { xpath: '/business/rating', value: 11 }, ['>10<', '>11<']],
    [
      'an attribute is set',
      { xpath: '/business/rating', attribute: 'by', value: 'a "b" <c>' },
      ['"true"', '"true" by="a &quot;b&quot; &lt;c&gt;"'],
    ],
    [
      'an element is made',
      { xpath: '/business/website/valid' },
      ['<website/>', '<website><valid/></website>'],
    ],
    [
      'elements are made all the way',
      { xpath: '/business/website/a/b', value: 'x' },
      ['<website/>', '<website><a><b>x</b></a></website>'],
    ],
    ['an attribute is made', { xpath: '/business/website/@on' }, ['<website/>', '<website on=""/>']],
    [
      'an attribute is made with a value',
      { xpath: "/business/website/@on='1'" },
      ['<website/>', '<website on="1"/>'],
    ],
    ['a text is made', { xpath: "/business/*[last()]/text()='hi'" }, ['<website/>', '<website>hi</website>']],
    [
      'an element with a text is made',
      { xpath: "/business/website/a/text()='hi'" },
      ['<website/>', '<website><a>hi</a></website>'],
    ],
    [
      'an element is made by its conditions',
      { xpath: "/business/website/a[@n='1' and b/text()='c']" },
      ['<website/>', '<website><a n="1"><b>c</b></a></website>'],
    ],
    [
      'children are added',
      { xpath: '/business/beers', add_children: ['none', { beer: 'Old' }] },
      ['  </beers>', '  <none/><beer>Old</beer></beers>'],
    ],
    [
      'children with attributes and children',
      { xpath: '/business/website', add_children: [{ a: { n: '1', '+value': 't', _: [{ b: 'c' }] } }] },
      ['<website/>', '<website><a n="1">t<b>c</b></a></website>'],
    ],
    [
      'children of XML',
      { xpath: '/business/website', input_type: 'xml', add_children: ['<a n="1">t</a>'] },
      ['<website/>', '<website><a n="1">t</a></website>'],
    ],
    [
      'children before the first',
      { xpath: '//beer', insertbefore: true, add_children: [{ beer: 'Old' }] },
      ['<beer>Rochefort', '<beer>Old</beer><beer>Rochefort'],
    ],
    [
      'children after the last',
      { xpath: '//beer', insertafter: true, add_children: [{ beer: 'Old' }] },
      ['  </beers>', '  <beer>Old</beer></beers>'],
    ],
    [
      'all children go',
      { xpath: '/business/website/..', set_children: [] },
      [/(<business[^>]*>\s*)[\s\S]*(<\/business>)/, '$1$2'],
    ],
    [
      'children are replaced',
      { xpath: '/business/beers', set_children: [{ beer: 'Old' }] },
      [/(<beers>\s*)[\s\S]*(<\/beers>)/, '$1<beer>Old</beer>$2'],
    ],
  ] as const)('%s', (_what, args, [from, to]) => {
    expect(made(args)).toBe(BUSINESS.replace(from, to))
  })

  test.each([
    ['a text that is so', { xpath: '/business/rating', value: '10' }],
    ['an attribute that is so', { xpath: '/business/rating', attribute: 'subjective', value: 'true' }],
    [
      'children that are so, laid out',
      { xpath: '/business/beers', set_children: [{ beer: 'Rochefort 10' }, { beer: 'Schlitz' }] },
    ],
    ['an element that is there', { xpath: '/business/website' }],
    ['an empty text', { xpath: '/business/website', value: '' }],
    ['what is not there to go', { xpath: '/business/none', state: 'absent' }],
    ['children for nobody', { xpath: '/business/none', add_children: ['a'] }],
  ])('%s stays', (_what, args) => expect(made(args)).toBe('ok'))

  test('names of namespaces are found by their addresses, whatever their prefix is', () => {
    const set = { xpath: '/x:foo/x:bar/y:baz', namespaces: NAMESPACES, attribute: 'z:on', value: 'false' }
    expect(made(set, SPACED)).toBe(SPACED.replace('attr:on="true"', 'attr:on="false"'))
    const add = { xpath: '/x:foo/x:more', namespaces: NAMESPACES }
    expect(made(add, SPACED)).toBe(SPACED.replace('</foo>', '<more/></foo>'))
  })

  test('CDATA, comments, instructions and the document type stay as they are', () => {
    const before = '<!DOCTYPE a SYSTEM "a.dtd">\n<!-- c -->\n<?p q?>\n<a><![CDATA[<z>]]><b/></a>'
    expect(made({ xpath: '/a/b', value: 'ü' }, before)).toBe(
      before.replace('<b/>', '<b>ü</b>').replace('-->\n', '-->').replace('?>\n', '?>'),
    )
    const stripped = { xpath: '/a/b', value: 'x', strip_cdata_tags: true }
    expect(made(stripped, before)).toContain('<a>&lt;z&gt;<b>x</b></a>')
  })

  test('pretty_print lays out what holds elements only', () => {
    expect(made({ pretty_print: true }, '<a><b>t</b>\n\n<c><d/>mixed</c></a>')).toBe(
      '<a>\n  <b>t</b>\n  <c><d/>mixed</c>\n</a>\n',
    )
  })
})

test.each([
  [
    { xpath: '//beer', count: true },
    { count: 2, msg: 'found 2 nodes' },
  ],
  [{ xpath: '/business/beers/beer', count: true }, { count: 2 }],
  [
    { xpath: '//beer', print_match: true },
    { matches: ['/business/beers/beer[1]', '/business/beers/beer[2]'] },
  ],
  [
    { xpath: '//beer', content: 'text' },
    { count: 2, msg: 2, matches: [{ beer: 'Rochefort 10' }, { beer: 'Schlitz' }] },
  ],
  [{ xpath: '//rating', content: 'attribute' }, { matches: [{ rating: { subjective: 'true' } }] }],
  [
    { xpath: '/business/name', content: 'text' },
    {
      matches: [{ name: 'Tasty & Co.' }],
      actions: { xpath: '/business/name', namespaces: {}, state: 'present' },
    },
  ],
])('%j tells', (args, result) => {
  expect(decideWith(xml, { xmlstring: BUSINESS, ...args })).toMatchObject({ kind: 'ok', result })
})

test.each([
  [{ xpath: '//none', content: 'text' }, 'does not reference a node'],
  [{ xpath: '//none', value: 'x' }, "Can't process Xpath"],
  [{ xpath: '/other', value: 'x' }, "Can't process Xpath"],
  [{ xpath: '/business', state: 'absent' }, "Couldn't delete xpath target"],
  [{ xpath: '/q:a', value: 'x' }, 'causes a failure'],
  [{ xpath: '/business', add_children: [{ a: true }] }, 'put it in quotes'],
  [{ xpath: '/business', add_children: ['a b'] }, 'no name of an element'],
  [{ xpath: '/business', add_children: [{ a: 1, b: 2 }] }, 'one name'],
  [{ xpath: '/a', value: 'x', xmlstring: '<a><b></a>' }, 'Error while parsing'],
  [{ xpath: '/a', value: 'x', xmlstring: '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>' }, 'Error while parsing'],
  [{ xpath: '/a', value: 'x', xmlstring: '<?xml version="1.0" encoding="latin1"?><a>ü</a>' }, 'only UTF-8'],
])('%j fails', (args, says) => {
  expect(brief(decideWith(xml, { xmlstring: BUSINESS, ...args }))).toContain(says)
})

test.each([
  [{ path: '/a', xpath: '/a[' }, 'Syntax error'],
  [{ path: '/a' }, 'xpath'],
  [{ xpath: '/a' }, 'path'],
  [{ path: '/a', xpath: '/a', value: 'x', count: true }, 'one of'],
  [{ path: '/a', xpath: '/a', value: true }, 'quotes'],
  [{ path: '/a', xpath: '/a', attribute: 'x' }, 'attribute needs value'],
])('%j is refused', (args, says) => {
  expect(JSON.stringify(xml.args().safeParse(args).error?.issues)).toContain(says)
})
