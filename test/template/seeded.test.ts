/** What Ansible gives for the same expressions. */
import { expect, it } from 'vitest'
import { evaluate } from './make-templar.ts'

it.each([
  ["[1,2,3] | random(seed='x')", 3],
  ["[1,2,3] | shuffle(seed='x')", [1, 2, 3]],
  ["100 | random(seed='abc')", 98],
  ["100 | random(start=10, step=10, seed='abc')", 90],
  ["'1.0rc1' is version('1.0', '<', version_type='pep440')", true],
  ["'1.0.post1' is version('1.0', '>', version_type='pep440')", true],
  ["'1.0.dev1' is version('1.0a1', '<', version_type='pep440')", true],
  ["'1!0.1' is version('9.0', '>', version_type='pep440')", true],
  ["'2.0' is version('2.0.0', 'eq', strict=true)", true],
  ["'1.0a2' is version('1.0b1', '<', strict=true)", true],
  ["query('sequence', start=1, end=7, stride=2, format='n%02x')", ['n01', 'n03', 'n05', 'n07']],
  ["query('sequence', 'start=1 end=2')", ['1', '2']],
  ["query('subelements', [{'u': 'x', 'k': [1]}], 'k') | first | first", { u: 'x' }],
  [
    "query('subelements', [{'u': 'x', 'd': {'k': [1], 'o': 2}}], 'd.k') | first | first",
    { u: 'x', d: { o: 2 } },
  ],
  ["'C:\\\\x\\\\y.txt' | win_dirname", 'C:\\\\x'],
  ["'C:\\\\x\\\\y.txt' | win_splitdrive", ['C:', '\\\\x\\\\y.txt']],
  ["'//host/share/x' | win_splitdrive", ['//host/share', '/x']],
  ["'plain' | win_splitdrive", ['', 'plain']],
])('%s', (source, value) => {
  expect(evaluate(`{{ ${source} }}`)).toEqual(value)
})
