import { describe, expect, it } from 'vitest'
import { aptRepository } from '../../src/modules/apt_repository.ts'
import { dnf } from '../../src/modules/dnf.ts'
import { packageModule } from '../../src/modules/package.ts'
import { type Answers, brief, decideWith, drive, lines } from './tables.ts'

const LINE = 'deb [arch=amd64 signed-by=/k.asc] https://download.example.org/linux/debian bookworm stable'

const sources =
  (text: string): Answers =>
  key =>
    key.kind === 'read' ? { code: 0, stdout: text, stderr: '' } : undefined

describe('apt_repository.decide', () => {
  it.each<[string, object, string, string]>([
    [
      'adds to the file named after the address',
      { repo: LINE },
      '==end\n',
      `line /etc/apt/sources.list.d/download_example_org_linux_debian.list >${LINE}`,
    ],
    [
      'uses the name asked for',
      { repo: LINE, filename: 'docker' },
      '==end\n',
      `line /etc/apt/sources.list.d/docker.list >${LINE}`,
    ],
    [
      'knows the line, its options in any order',
      { repo: LINE },
      '==/etc/apt/sources.list\ndeb  [signed-by=/k.asc arch=amd64] https://download.example.org/linux/debian bookworm  stable # x\n\n==end\n',
      'ok',
    ],
    [
      'does not take a comment for the line',
      { repo: LINE, filename: 'a' },
      `==/etc/apt/sources.list\n# ${LINE}\n\n==end\n`,
      `line /etc/apt/sources.list.d/a.list >${LINE}`,
    ],
    [
      'removes it wherever it is',
      { repo: LINE, state: 'absent' },
      `==/etc/apt/sources.list.d/x.list\n${LINE}\n\n==end\n`,
      `line /etc/apt/sources.list.d/x.list ${LINE}>`,
    ],
    ['is done when gone', { repo: LINE, state: 'absent' }, '==end\n', 'ok'],
    [
      'refuses what is no line',
      { repo: 'https://x' },
      '==end\n',
      'fail: Invalid repository string: https://x',
    ],
  ])('%s', (_why, args, text, says) => {
    expect(brief(decideWith(aptRepository, args, sources(text)))).toBe(says)
  })

  it('takes the file away with its last line', () => {
    const text = `==/etc/apt/sources.list.d/x.list\n${LINE}\n\n==end\n`
    const verdict = decideWith(
      aptRepository,
      { repo: LINE, state: 'absent', update_cache: false },
      sources(text),
    )
    expect(lines(drive(verdict).actions)).toEqual(['remove /etc/apt/sources.list.d/x.list'])
  })

  it('puts the sources back when the lists cannot be fetched', () => {
    const verdict = decideWith(aptRepository, { repo: LINE, filename: 'a' }, sources('==end\n'))
    const { actions, result } = drive(verdict, action =>
      action.do === 'run' ? { code: 100, stdout: 'E: no key' } : {},
    )
    expect(actions.map(action => action.do)).toEqual(['put', 'run', 'remove'])
    expect(result).toMatchObject({ failed: true, msg: expect.stringContaining('no key') })
  })
})

/** What dnf would print when asked to install, upgrade or remove. */
function transaction(call: string): string {
  const heading = / install /.test(call) ? 'Installing' : / upgrade /.test(call) ? 'Upgrading' : 'Removing'
  return `Dependencies resolved.\n${heading}:\n ${call.split(' ').at(-1)} x86_64 9-1 base 1 k\n\nTransaction Summary\n`
}

const host =
  (pkgMgr: string, installed: Record<string, string>): Answers =>
  key => {
    if (key.kind === 'facts') return { pkg_mgr: pkgMgr }
    if (key.kind === 'which' && key.command === 'dpkg-query') return { path: null }
    if (key.kind === 'read') return { code: 1, stdout: transaction(key.name), stderr: '' }
    if (key.kind !== 'package') return undefined
    const version = installed[key.name] ?? null
    return { installed: version !== null, version, held: false, candidate: '9', broken: false }
  }

describe('package and dnf', () => {
  it.each<[string, string, object, string[]]>([
    ['apk', 'apk', { name: ['curl', 'jq'] }, ['apk add jq']],
    ['dnf', 'dnf', { name: 'jq', update_cache: true }, ['dnf -y install jq']],
    ['dnf, latest', 'dnf', { name: 'curl', state: 'latest' }, ['dnf -y upgrade curl']],
    ['dnf, absent', 'dnf', { name: 'curl', state: 'absent' }, ['dnf -y remove curl']],
    ['apt', 'apt', { name: 'jq' }, [expect.stringContaining(' install jq') as unknown as string]],
  ])('package uses %s', (_why, manager, args, commands) => {
    expect(lines(drive(decideWith(packageModule, args, host(manager, { curl: '8' }))).actions)).toEqual(
      commands,
    )
  })

  it.each<[string, object]>([
    ['apk', { name: 'curl' }],
    ['apt', { name: 'curl' }],
    ['dnf', { name: 'jq', state: 'absent' }],
  ])('package is done on %s', (manager, args) => {
    expect(brief(decideWith(packageModule, args, host(manager, { curl: '8' })))).toBe('ok')
  })

  it('package names a manager it does not know', () => {
    expect(brief(decideWith(packageModule, { name: 'x' }, host('portage', {})))).toMatch(/fail: .*portage/)
  })

  it.each([aptRepository, dnf, packageModule])('$name refuses a key it does not know', module => {
    expect(module.args().safeParse({ name: 'x', repo: 'x', colour: 'red' }).success).toBe(false)
  })
})
