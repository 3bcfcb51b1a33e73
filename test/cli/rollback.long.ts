import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { deploy, deployed, made, SITE, told } from './released-project.ts'

describe('rollback', () => {
  it('goes back from a deploy that failed, to the release before it', async () => {
    const place = await deployed('one')
    const { run } = place
    place.write('playbooks/site.yml', `${SITE.replace('handlers:', '  - command: "false"\n  handlers:')}`)
    const failed = await deploy(place, 'two')
    expect(failed.code).toBe(2)
    expect(failed.err).toContain('vpai rollback prod --to 1')
    const back = await run(['rollback', 'prod', '--yes'])
    expect([back.code, back.err], back.out).toEqual([0, ''])
    expect(readFileSync(made(place, 'open'), 'utf8')).toBe('one\n')
    expect(existsSync(made(place, 'later'))).toBe(false)
    expect(told(place)).toBe('one\none\n')
    expect((await run(['diff', '1', '2', 'prod'])).out).toBe('one: no difference\n')
  })

  it('is done at once with --rollback-on-failure', async () => {
    const place = await deployed('one')
    place.write('playbooks/site.yml', `${SITE.replace('handlers:', '  - command: "false"\n  handlers:')}`)
    const failed = await deploy(place, 'two', '--rollback-on-failure')
    expect([failed.code, failed.err]).toEqual([2, expect.stringContaining('going back to release 1')])
    expect(readFileSync(made(place, 'open'), 'utf8')).toBe('one\n')
    expect((await place.run(['diff', '1', '2', 'prod'])).out).toBe('one: no difference\n')
  })

  it('puts the newer one back where the older one fails', async () => {
    const site = SITE.replace('cat {{', 'grep -q broken {{').replace(
      '>>{{ inventory_dir }}/../told',
      '&& exit 1; true',
    )
    const place = await deployed('broken')
    place.write('playbooks/site.yml', site)
    expect((await deploy(place, 'two')).code).toBe(0)
    const back = await place.run(['rollback', 'prod', '--yes'])
    expect([back.code, back.err]).toEqual([2, expect.stringContaining('Release 2 is back')])
    expect(readFileSync(made(place, 'open'), 'utf8')).toBe('two\n')
    expect(existsSync(made(place, 'later'))).toBe(true)
  })
})
