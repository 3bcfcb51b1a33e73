import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))

/** What the package is made of; a copy, so that dist/ of this folder is left as it is. */
const SOURCES = ['bin', 'src', 'scripts', 'roles', 'playbooks', 'templates', 'schemas', 'package.json']
const ALSO = ['README.md', 'LICENSE', 'CHANGELOG.md']

let scratch: string
let packed: string

beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'vpai-package-'))
  const sources = path.join(scratch, 'sources')
  mkdirSync(sources)
  const there = new Set(readdirSync(root))
  for (const name of [...SOURCES, ...ALSO.filter(one => there.has(one))])
    cpSync(path.join(root, name), path.join(sources, name), { recursive: true })
  symlinkSync(path.join(root, 'node_modules'), path.join(sources, 'node_modules'))
  npm(sources, ['pack', '--pack-destination', scratch])
  packed = path.join(scratch, `vpai-${version}.tgz`)
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

it('the package holds the program, its roles, playbooks and templates, and no source or test', () => {
  const names = execFileSync('tar', ['-tzf', packed], { encoding: 'utf8' }).trim().split('\n')
  for (const start of [
    'vpai.mjs',
    'chunks/',
    'roles/caddy/tasks/main.yml',
    'playbooks/site.yml',
    'templates/',
    'schemas/playbook.json',
  ])
    expect(names.filter(name => name.startsWith(`package/dist/${start}`))).not.toEqual([])
  expect(names).toContain('package/LICENSE')
  const others = names.filter(name => !/^package\/(dist\/|package\.json|[A-Z]+(\.md)?$)/.test(name))
  expect(others).toEqual([])
  expect(names.filter(name => /\/test\/|node_modules/.test(name))).toEqual([])
})

it('the package is installed without a network and runs', () => {
  const prefix = path.join(scratch, 'prefix')
  npm(scratch, ['install', '--global', '--prefix', prefix, '--offline', packed])
  expect(readdirSync(path.join(prefix, 'lib/node_modules'))).toEqual(['vpai'])
  expect(readdirSync(path.join(prefix, 'lib/node_modules/vpai'))).not.toContain('node_modules')
  const vpai = (args: readonly string[]) =>
    execFileSync(path.join(prefix, 'bin/vpai'), args, { cwd: scratch, encoding: 'utf8' })
  expect(vpai(['--version'])).toBe(`${version}\n`)
  const files = vpai(['init', 'shop'])
  expect(files).not.toBe('')
})

/** Its own cache and no settings of the user, so that nothing but the tarball can help. */
function npm(cwd: string, args: readonly string[]): void {
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--cache', path.join(scratch, 'cache')], {
    cwd,
    env: { PATH: process.env.PATH, HOME: scratch, npm_config_update_notifier: 'false' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}
