/** Modules of RPM systems, with dnf and rpm in a root directory of their own. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { dnf } from '../../src/modules/dnf.ts'
import { converge, decideOn } from './harness.ts'
import { temporaryDirectory } from './shells.ts'

const missing = ['dnf', 'rpm', 'rpmbuild', 'createrepo_c'].filter(
  one => spawnSync('which', [one]).status !== 0,
)
if (missing.length > 0) console.log(`skipped: not installed: ${missing.join(', ')}`)

let top = ''

const sh = (script: string): string => execFileSync('/bin/sh', ['-c', script], { cwd: top, encoding: 'utf8' })

/** Packages vpai-one 1 and 2, and vpai-two, which needs vpai-one. */
beforeAll(() => {
  if (missing.length > 0) return
  top = temporaryDirectory()
  // rpm on Debian keeps a database of its own below the home directory.
  vi.stubEnv('HOME', top)
  for (const [name, version, needs] of [
    ['vpai-one', '1', ''],
    ['vpai-one', '2', ''],
    ['vpai-two', '1', 'Requires: vpai-one\n'],
  ]) {
    writeFileSync(
      join(top, 'x.spec'),
      `Name: ${name}\nVersion: ${version}\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n${needs}%description\nx\n%files\n`,
    )
    sh(`rpmbuild -bb --define '_topdir ${top}/build' --define '_rpmdir ${top}/repository' x.spec 2>&1`)
  }
  sh('createrepo_c -q repository')
  mkdirSync(join(top, 'root'))
  writeFileSync(
    join(top, 'dnf.conf'),
    `[main]\nreposdir=${top}/none\ncachedir=${top}/cache\nlogdir=${top}\npluginpath=${top}/none\n[test]\nname=Test\nbaseurl=file://${top}/repository\ngpgcheck=0\n`,
  )
}, 60_000)
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(top, { recursive: true, force: true })
})

const place = () => ({ conf_file: `${top}/dnf.conf`, installroot: `${top}/root`, releasever: '1' })
const installed = () => sh(`rpm --root ${top}/root -qa --qf '%{name} %{version}\\n' | sort`)

describe.skipIf(missing.length > 0)('dnf', () => {
  test.each([
    ['installs a version', { name: 'vpai-one-1' }, 'vpai-one 1\n'],
    ['upgrades', { name: 'vpai-one', state: 'latest' }, 'vpai-one 2\n'],
    ['goes back', { name: 'vpai-one-1', allow_downgrade: true }, 'vpai-one 1\n'],
    ['installs what is needed', { name: ['vpai-two'] }, 'vpai-one 1\nvpai-two 1\n'],
    ['upgrades everything', { name: '*', state: 'latest' }, 'vpai-one 2\nvpai-two 1\n'],
    ['removes what needs it, too', { name: 'vpai-one', state: 'absent' }, ''],
  ])('%s', (_what, args, after) => {
    const first = converge(dnf, { ...args, ...place() })
    expect(first).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(installed()).toBe(after)
  })

  test('fails with the words of dnf', () => {
    const verdict = decideOn(dnf, { name: 'vpai-none', ...place() })
    expect(verdict).toMatchObject({ kind: 'fail', message: expect.stringContaining('vpai-none') })
  })

  test('lists', () => {
    const verdict = decideOn(dnf, { list: 'available', ...place() })
    expect(verdict).toMatchObject({
      kind: 'ok',
      result: {
        results: expect.arrayContaining([expect.objectContaining({ name: 'vpai-two', version: '1' })]),
      },
    })
  })
})
