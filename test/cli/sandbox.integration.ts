/** The whole way of somebody new: init, sandbox up, run, ssh, down. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findTier } from '../../src/sandbox/tier.ts'
import { aPlace, type Place } from './io.ts'

const refusal = await findTier().then(
  () => null,
  (error: Error) => error.message,
)
if (refusal) console.warn(`skipped: ${refusal}`)

describe.skipIf(refusal)('vpai sandbox', () => {
  let place: Place
  const inventory = '.vpai/sandbox/default/inventory.yml'

  beforeAll(async () => {
    place = aPlace()
    await place.run(['init'])
  })
  afterAll(async () => {
    await place.run(['sandbox', 'down'])
    place.remove()
  })

  it('up writes an inventory that runs use, and says how', async () => {
    const { code, out } = await place.run(['sandbox', 'up'])
    expect(code).toBe(0)
    expect(out).toMatch(/^Tier: (root|subuid|single uid) \(namespaces .*\)\.$/m)
    expect(out).toContain(`vpai run playbooks/site.yml -i ${inventory}`)
    const ran = await place.run(['exec', 'sandbox', '-i', inventory, '--', 'echo uid $(id -u)'])
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('uid 0') })
  })

  it('list shows it, for people and for programs', async () => {
    expect((await place.run(['sandbox', 'list'])).out).toMatch(
      /^default {2}embedded {2}root@127\.0\.0\.1:\d+\n$/,
    )
    const { sandboxes } = JSON.parse((await place.run(['sandbox', 'list', '--output', 'json'])).out)
    expect(sandboxes).toMatchObject([{ name: 'default', status: 'running' }])
  })

  it('doctor looks at it', async () => {
    const { code, out } = await place.run(['doctor', 'sandbox', '-i', inventory])
    expect(code).toBe(0)
    expect(out).toMatch(/^sandbox\n {2}ok {4}login {8}as root$/m)
  })

  it('down removes all of it, and a second time finds nothing', async () => {
    expect((await place.run(['sandbox', 'down'])).out).toBe('The sandbox default is gone.\n')
    expect(existsSync(path.join(place.folder, '.vpai/sandbox/default'))).toBe(false)
    const again = await place.run(['sandbox', 'down'])
    expect([again.code, again.out]).toEqual([0, 'There is no sandbox default.\n'])
    expect((await place.run(['sandbox', 'list'])).out).toBe('')
  })

  it('refuses a name that is none', async () => {
    const { code, err } = await place.run(['sandbox', 'up', '--name', '../x'])
    expect([code, err]).toEqual([1, expect.stringContaining('cannot be the name')])
  })
})
