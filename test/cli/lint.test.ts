import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aPlace, type Place } from './io.ts'

const PLAYBOOK = `- name: p
  hosts: all
  tasks:
    - name: folder
      file: { path: /srv, state: directory, mode: 0755 }
`

let place: Place

beforeEach(() => {
  place = aPlace({
    'vpai.yml': 'name: shop\n',
    'inventory/hosts.yml': 'all: { hosts: { a: } }\n',
    'playbooks/site.yml': PLAYBOOK,
  })
})
afterEach(() => place.remove())

describe('vpai lint', () => {
  it('says what it found, one line each, counts, and ends with 2', async () => {
    const { code, out } = await place.run(['lint'])
    expect(out).toBe(
      'playbooks/site.yml:5:51: warning: mode 0755 without quotes depends on how YAML reads numbers (mode-unquoted)\n' +
        '0 errors, 1 warning, 0 remarks, 1 can be mended with --fix\n',
    )
    expect(code).toBe(2)
  })

  it('mends it with --fix, and then finds nothing', async () => {
    const { code, out } = await place.run(['lint', '--fix'])
    expect(out).toBe('0 errors, 0 warnings, 0 remarks, 1 mended\n')
    expect(code).toBe(0)
    expect(readFileSync(path.join(place.folder, 'playbooks/site.yml'), 'utf8')).toContain('mode: "0755"')
  })

  it('writes SARIF with the rule and the place', async () => {
    const { out } = await place.run(['lint', '--output', 'sarif'])
    const [run] = JSON.parse(out).runs
    expect(run.results).toMatchObject([
      {
        ruleId: 'mode-unquoted',
        level: 'warning',
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'playbooks/site.yml' },
              region: { startLine: 5, startColumn: 51 },
            },
          },
        ],
      },
    ])
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toContain('mode-unquoted')
  })

  it('counts remarks only with --strict', async () => {
    place.write('playbooks/site.yml', '- hosts: all\n  tasks: []\n')
    expect((await place.run(['lint'])).code).toBe(0)
    expect((await place.run(['lint', '--strict'])).code).toBe(2)
  })

  it('knows which rules vpai.yml may switch off', async () => {
    place.write('vpai.yml', 'lint: { skip: [mode-unquoted] }\n')
    expect((await place.run(['lint'])).out).toBe('0 errors, 0 warnings, 0 remarks\n')
    place.write('vpai.yml', 'lint: { skip: [mode-unqoted] }\n')
    const { code, err } = await place.run(['lint'])
    expect(code).toBe(1)
    expect(err).toContain('Did you mean mode-unquoted?')
  })

  it('lists its rules', async () => {
    const { code, out } = await place.run(['lint', '--list-rules'])
    expect(code).toBe(0)
    expect(out).toContain('secret-in-clear (error): ')
  })
})
