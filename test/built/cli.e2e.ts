import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { builtProgram } from '../cli/program.ts'
import { type Sshd, sshdMissing, startSshd } from '../connections/sshd.ts'
import { BuiltProject } from './built-project.ts'

const missing = sshdMissing()
if (missing) console.warn(`nothing is logged in to: ${missing}`)

const { version } = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'))

/** A port nobody listens at, so that a test that connects fails. */
const NOWHERE = { port: 1, user: 'nobody', privateKeyPath: '/nowhere', knownHostsPath: '/nowhere' }

const SITE = `
- name: A site
  hosts: all
  gather_facts: false
  tasks:
    - name: Folder
      file: { path: "{{ target }}", state: directory, mode: "0750" }
      tags: files
    - name: Text
      copy: { content: "hello\\n", dest: "{{ target }}/hello", mode: "0644" }
      tags: files
      notify: told
    - name: Template
      template: { src: greeting.j2, dest: "{{ target }}/greeting" }
      tags: [files, words]
    - name: Command
      command: touch {{ target }}/made
      args: { creates: "{{ target }}/made" }
  handlers:
    - name: told
      copy: { content: told, dest: "{{ target }}/told" }
`

let program: string
let copy: string
let project: BuiltProject

beforeAll(() => {
  const built = builtProgram()
  copy = mkdtempSync(path.join(tmpdir(), 'vpai-copied-'))
  cpSync(path.dirname(built), path.join(copy, 'dist'), { recursive: true })
  rmSync(path.dirname(built), { recursive: true, force: true })
  program = path.join(copy, 'dist', 'vpai.mjs')
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

beforeEach(() => {
  project = new BuiltProject(program)
  project.write('site.yml', SITE)
  project.write('templates/greeting.j2', 'I am {{ inventory_hostname }}.\n')
  project.writeHosts(NOWHERE, { target: path.join(project.folder, 'target') })
  return () => project.remove()
})

const onHosts = ['run', 'site.yml', '-i', 'hosts.yml']

describe('the copied program', () => {
  it('has no add-on and no package beside or above it', () => {
    const files = readdirSync(copy, { recursive: true, encoding: 'utf8' })
    expect(files.filter(file => /\.node$|node_modules/.test(file))).toEqual([])
    for (let folder = copy; folder !== path.dirname(folder); folder = path.dirname(folder))
      expect(existsSync(path.join(folder, 'node_modules'))).toBe(false)
  })

  it('brings roles, playbooks and templates, without their tests', () => {
    expect(readdirSync(path.dirname(program))).toEqual(
      expect.arrayContaining(['playbooks', 'roles', 'templates']),
    )
    const files = readdirSync(path.join(copy, 'dist', 'roles'), { recursive: true, encoding: 'utf8' })
    expect(files.filter(file => file.includes('/test/'))).toEqual([])
  })

  it.each([
    [['--version'], 0, `${version}\n`, ''],
    [['--help'], 0, 'Usage: vpai', ''],
    [['run', '--help'], 0, '--list-tasks', ''],
    [['depoly', 'prod'], 1, '', 'Did you mean deploy?'],
    [['run', 'site.yml', '--lits-tasks'], 1, '', 'Did you mean --list-tasks?'],
    [['run'], 1, '', "missing required argument 'playbooks'"],
    [['run', 'nope.yml', '-i', 'hosts.yml'], 1, '', 'nope.yml'],
    [['run', 'site.yml', '-i', 'hosts.yml', '--forks', 'many'], 1, '', '--forks'],
    [['__complete', '--', 'dep'], 0, 'deploy\t', ''],
  ])('vpai %j ends with %d', async (args, code, out, err) => {
    const done = await project.vpai(args)
    expect(done).toMatchObject({ code, stdout: expect.stringContaining(out) })
    expect(done.stderr).toContain(err)
    if (err === '') expect(done.stderr).toBe('')
  })

  it.each([
    ['--list-tasks', ['play #1 (all): A site', '    Template  [files, words]', '    Command']],
    ['--list-hosts', ['hosts (1):', '    web1']],
    ['--list-tags', ['tags: files, words']],
    ['--syntax-check', ['1 play, 4 tasks: no problems']],
  ])('%s tells without connecting', async (flag, lines) => {
    const done = await project.vpai([...onHosts, flag])
    expect(done).toMatchObject({ code: 0, stderr: '' })
    for (const line of lines) expect(done.stdout).toContain(line)
    expect(existsSync(path.join(project.folder, '.vpai'))).toBe(false)
  })

  it('points at the place of a mistake in a playbook, and touches nothing', async () => {
    project.write(
      'site.yml',
      '- hosts: all\n  tasks:\n    - copy: { content: x, dset: /tmp/x }\n    - fiel: {}\n',
    )
    const { code, stdout, stderr } = await project.vpai(onHosts)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('site.yml:3:27')
    expect(stderr).toContain('site.yml:4:7')
    expect(stderr).toContain('dest')
  })

  it('ends with 4 when a host cannot be reached', async () => {
    const done = await project.vpai(onHosts)
    expect(done.code).toBe(4)
    expect(done.stdout).toContain('UNREACHABLE')
    expect(done.stdout).toMatch(/unreachable=1/)
  })
})

describe.skipIf(missing)('over SSH, the copied program', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(() => sshd?.stop())
  beforeEach(() => project.writeHosts(sshd, { target: path.join(project.folder, 'target') }))

  it('makes what a playbook says, and changes nothing the second time', async () => {
    const first = await project.vpai(onHosts)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(/ok=5 .*changed=5/)
    const target = (name: string) => readFileSync(path.join(project.folder, 'target', name), 'utf8')
    expect([target('hello'), target('greeting'), target('told'), target('made')]).toEqual([
      'hello\n',
      'I am web1.\n',
      'told',
      '',
    ])
    const second = await project.vpai(onHosts)
    expect(second.code).toBe(0)
    expect(second.stdout).toMatch(/changed=0 .*failed=0/)
  })

  it('writes one JSON document for --output json', async () => {
    const { code, stdout } = await project.vpai([...onHosts, '--output', 'json'])
    const document = JSON.parse(stdout)
    expect(document).toMatchObject({ version: 1, exitCode: code, stats: { web1: { changed: 5, failed: 0 } } })
  })

  it('writes one JSON object a line for --output ndjson, the last with the exit code', async () => {
    const { stdout } = await project.vpai([...onHosts, '--output', 'ndjson'])
    const events = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(events[0]).toMatchObject({ version: 1, type: 'run.started' })
    expect(events.at(-1)).toEqual({ version: 1, type: 'exit', exitCode: 0 })
  })

  it.each([
    ['nothing is asked', [], {}],
    ['pretty is asked', ['--output', 'pretty'], {}],
    ['NO_COLOR is set', ['--output', 'pretty'], { NO_COLOR: '1' }],
    ['NO_COLOR is set beside FORCE_COLOR', ['--output', 'pretty'], { NO_COLOR: '1', FORCE_COLOR: '3' }],
  ])('writes no escape codes to a pipe when %s', async (_when, flags, env) => {
    const { stdout, stderr } = await project.vpai([...onHosts, ...flags], { env })
    expect(stdout).toContain('RECAP')
    expect(stdout + stderr).not.toContain('\u001b')
  })

  it('ends with 2 when a task fails, and says why and where', async () => {
    project.write(
      'site.yml',
      '- hosts: all\n  tasks:\n    - name: Breaks\n      command: sh -c "echo bad >&2; exit 3"\n',
    )
    const done = await project.vpai(onHosts)
    expect(done.code).toBe(2)
    expect(done.stdout).toContain('FAILED')
    expect(done.stdout).toContain('bad')
    expect(done.stdout).toContain('site.yml:3:7')
  })
})
