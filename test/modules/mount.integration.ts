/** mount against the kernel, in a mount namespace of its own. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mount } from '../../src/modules/mount.ts'
import { converge } from './harness.ts'
import { type Namespace, namespace } from './namespace.ts'
import { runScript, temporaryDirectory } from './shells.ts'

let space: Namespace | null = null
let top = ''

beforeAll(async () => {
  space = await namespace(['--mount'])
  top = temporaryDirectory()
})
afterAll(() => {
  space?.stop()
  rmSync(top, { recursive: true, force: true })
})

const mounted = (path: string) =>
  runScript(space!.shell, `grep -F " ${path} " /proc/self/mountinfo`).stdout.toString()

describe('mount', () => {
  test('mounts, changes, unmounts and forgets', ({ skip }) => {
    if (space === null) skip('no mount namespaces here')
    const { shell } = space!
    const [fstab, path] = [join(top, 'fstab'), join(top, 'a b')]
    writeFileSync(fstab, '# kept')
    const args = { path, src: 'tmpfs', fstype: 'tmpfs', opts: 'size=64k', fstab }
    const first = converge(mount, { ...args, state: 'mounted' }, { shell })
    expect(first).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(readFileSync(fstab, 'utf8')).toBe(
      `# kept\ntmpfs ${path.replace(' ', '\\040')} tmpfs size=64k 0 0\n`,
    )
    expect(mounted(path.replace(' ', '\\040'))).toContain('size=64k')
    const second = converge(mount, { ...args, opts: 'size=128k', state: 'mounted' }, { shell })
    expect(second).toMatchObject({ failed: false, after: { kind: 'ok' } })
    expect(mounted(path.replace(' ', '\\040'))).toContain('size=128k')
    expect(converge(mount, { path, fstab, state: 'remounted' }, { shell })).toMatchObject({ failed: false })
    const gone = converge(mount, { path, fstab, state: 'absent' }, { shell })
    expect(gone).toMatchObject({ failed: false, changed: true, after: { kind: 'ok' } })
    expect(readFileSync(fstab, 'utf8')).toBe('# kept\n')
    expect(existsSync(path)).toBe(false)
  })

  test('mounts a folder a second time, found through a link', ({ skip }) => {
    if (space === null) skip('no mount namespaces here')
    const { shell } = space!
    const [source, target, link] = [join(top, 'source'), join(top, 'target'), join(top, 'link')]
    mkdirSync(source)
    mkdirSync(target)
    runScript(shell, `ln -s '${target}' '${link}'`)
    const args = { path: link, src: source, fstype: 'none', opts: 'bind', state: 'ephemeral' }
    expect(converge(mount, args, { shell })).toMatchObject({ failed: false, changed: true })
    expect(mounted(target)).toContain(target)
    expect(converge(mount, { path: link, state: 'unmounted' }, { shell })).toMatchObject({
      failed: false,
      after: { kind: 'ok' },
    })
  })
})
