import { describe, expect, it } from 'vitest'
import { findDebianMirror } from '../../src/sandbox/apt-mirror.ts'

describe('the Debian mirror of a machine', () => {
  it.each([
    ['a one-line source', 'deb http://mirror.example/debian bookworm main\n', 'http://mirror.example/debian'],
    [
      'options before the address',
      'deb [arch=amd64 signed-by=/k.gpg] https://m.example/debian/ trixie main',
      'https://m.example/debian',
    ],
    [
      'a deb822 source',
      'Types: deb\nURIs: http://m.example/debian\nSuites: trixie\n',
      'http://m.example/debian',
    ],
    [
      'several addresses',
      'URIs: http://m.example/debian-security http://m.example/debian',
      'http://m.example/debian',
    ],
    ['a security source only', 'deb http://m.example/debian-security trixie-security main', null],
    ["somebody else's repository", 'deb https://packages.example/apt stable main', null],
    ['a source that is commented out', '# deb http://m.example/debian trixie main', null],
  ])('is found behind %s', (_title, text, mirror) => {
    expect(findDebianMirror([text])).toBe(mirror)
  })

  it('is the first one of all files', () => {
    const files = ['', 'URIs: http://first.example/debian', 'deb http://second.example/debian trixie main']
    expect(findDebianMirror(files)).toBe('http://first.example/debian')
  })
})
