/** Paths of this machine and an HTTP server of this process, as templates ask for them. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { controlMachine } from '../../src/files/control-machine.ts'
import { urlTexts } from '../../src/files/url-lookup.ts'

const root = mkdtempSync(path.join(tmpdir(), 'vpai-machine-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('paths of the machine vpai runs on', () => {
  const machine = controlMachine({ root, home: '/home/me', env: { A: '1' } })
  beforeAll(() => {
    mkdirSync(path.join(root, 'folder'))
    writeFileSync(path.join(root, 'file'), '')
    writeFileSync(path.join(root, 'vaulted'), '$ANSIBLE_VAULT;1.1;AES256\n00\n')
    symlinkSync('file', path.join(root, 'link'))
    symlinkSync('nowhere', path.join(root, 'dangling'))
    symlinkSync('circle', path.join(root, 'circle'))
  })

  it.each([
    ['file', 'file', null],
    ['folder', 'directory', null],
    ['link', 'link', 'file'],
    ['dangling', 'link', null],
    ['circle', 'link', null],
    ['/dev/null', 'other', null],
  ])('%s is a %s', (name, kind, target) => {
    expect(machine.stat?.(name)).toMatchObject({ kind, target })
  })

  it('what is not there is nothing, the root is a mount, a link is the same as its target', () => {
    expect(machine.stat?.('nope')).toBeNull()
    expect(machine.stat?.('/')?.isMount).toBe(true)
    expect(machine.stat?.('folder')?.isMount).toBe(false)
    expect(machine.stat?.('link')?.identity).toBe(machine.stat?.('file')?.identity)
    expect(machine.glob?.('f*')).toEqual([path.join(root, 'file')])
    expect(machine.environment?.('A')).toBe('1')
  })

  it.each([
    ['vaulted', true],
    ['file', false],
    ['nope', null],
  ])('whether %s is vaulted: %s', (name, isVaulted) => {
    expect(machine.isVaulted?.(name)).toBe(isVaulted)
  })
})

/** In a thread of its own: the lookup blocks this one. */
const SERVER = `
const { parentPort } = require('node:worker_threads')
const server = require('node:http').createServer((request, answer) => {
  if (request.url === '/lines') answer.end('one\\ntwo\\n')
  else if (request.url === '/login') answer.end(String(request.headers.authorization) + ' ' + String(request.headers['x-a']))
  else { answer.statusCode = 404; answer.end('no') }
})
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`

describe('the lookup url', () => {
  let worker: Worker
  let base: string
  beforeAll(async () => {
    worker = new Worker(SERVER, { eval: true })
    const port = await new Promise<number>(resolve => worker.once('message', resolve))
    base = `http://127.0.0.1:${port}`
  })
  afterAll(() => worker.terminate())

  it('gives lines, or the text as a whole', () => {
    expect(urlTexts(`${base}/lines`, {})).toEqual(['one', 'two'])
    expect(urlTexts(`${base}/lines`, { split_lines: false })).toEqual(['one\ntwo\n'])
  })

  it('logs in and sends headers', () => {
    expect(urlTexts(`${base}/login`, { username: 'u', password: 'p', headers: { 'X-A': 'b' } })).toEqual([
      `Basic ${Buffer.from('u:p').toString('base64')} b`,
    ])
  })

  it.each([
    ['/missing', /HTTP 404/],
    [':1/', /failed/],
  ])('%s is an error', (place, message) => {
    const url = place.startsWith(':') ? `http://127.0.0.1${place}` : `${base}${place}`
    expect(() => urlTexts(url, {})).toThrow(message)
  })
})
