/** pip in a virtual environment, with packages from a folder: nothing is fetched. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pip } from '../../src/modules/pip.ts'
import { converge } from './harness.ts'
import { temporaryDirectory } from './shells.ts'

const why = spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0 ? '' : 'no python3-venv'
if (why) console.log(`skipped: ${why}`)

let top = ''

beforeAll(() => {
  top = temporaryDirectory()
  for (const version of ['1.0', '2.0']) wheel('vpai_one', version)
  writeFileSync(join(top, 'requirements.txt'), 'vpai-one>=2\n')
})
afterAll(() => rmSync(top, { recursive: true, force: true }))

/** The smallest package that pip takes. */
function wheel(name: string, version: string): void {
  const info = `${name}-${version}.dist-info`
  const folder = join(top, `${name}-${version}`)
  mkdirSync(join(folder, info), { recursive: true })
  writeFileSync(join(folder, `${name}.py`), '')
  writeFileSync(join(folder, info, 'METADATA'), `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`)
  writeFileSync(join(folder, info, 'WHEEL'), 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n')
  writeFileSync(join(folder, info, 'RECORD'), '')
  execFileSync('zip', ['-qr', join(top, `${name}-${version}-py3-none-any.whl`), '.'], { cwd: folder })
}

const freeze = () =>
  execFileSync(join(top, 'v/bin/pip'), ['list', '--format=freeze'], { encoding: 'utf8' }).match(/vpai.*/)?.[0]

describe.skipIf(why)('pip', () => {
  test.each([
    ['makes the environment and installs', { name: 'vpai_one==1.0' }, 'vpai_one==1.0'],
    ['installs a file of requirements', { requirements: 'requirements.txt' }, 'vpai_one==2.0'],
    ['removes', { name: 'vpai_one', state: 'absent' }, undefined],
  ])('%s', (_what, args, after) => {
    const common = {
      virtualenv: join(top, 'v'),
      virtualenv_command: 'python3 -m venv',
      chdir: top,
      ...('state' in args && args.state === 'absent' ? {} : { extra_args: `--no-index --find-links ${top}` }),
    }
    const first = converge(pip, { ...args, ...common })
    expect(first, JSON.stringify(first.result)).toMatchObject({
      failed: false,
      changed: true,
      after: { kind: 'ok' },
    })
    expect(freeze()).toBe(after)
  })
})
