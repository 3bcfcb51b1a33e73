import { describe, expect, it } from 'vitest'
import { ProblemsError } from '../../src/base/error.ts'
import { settleAnswersFile } from '../../src/wizard/answers-file.ts'
import { NOTHING_BEFORE } from '../../src/wizard/settle.ts'
import { ANSWERS, aRandom } from './a-wizard.ts'

const FULL = Object.entries(ANSWERS)
  .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
  .join('')

function settleText(text: string) {
  return settleAnswersFile({ text, file: 'answers.yml', former: NOTHING_BEFORE, random: aRandom() })
}

function problemsOf(text: string) {
  try {
    settleText(text)
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error
    return error.problems.map(({ code, hint, position }) => ({
      code,
      hint,
      at: `${position?.file}:${position?.line}:${position?.column}`,
    }))
  }
  return []
}

describe('settleAnswersFile', () => {
  it('takes a whole file', () => {
    expect(settleText(FULL).variables.domain_name).toBe('example.org')
  })

  it('tells every problem at once with its place', () => {
    const text = `prod_ssh_prot: 804\nprod_user: root\n${FULL}docker_egress_subnet: 172.20.2.0/24\nCOLD_STORAGE_PATH: /x\n`
    expect(problemsOf(text)).toEqual([
      { code: 'WIZARD_UNKNOWN_VARIABLE', hint: 'Did you mean prod_ssh_port?', at: 'answers.yml:1:1' },
      { code: 'WIZARD_BAD_ANSWER', hint: undefined, at: 'answers.yml:2:12' },
      { code: 'WIZARD_SUBNET_OVERLAP', hint: undefined, at: 'answers.yml:16:23' },
      {
        code: 'WIZARD_UNKNOWN_VARIABLE',
        hint: 'it belongs to homelab, which this project does not run',
        at: 'answers.yml:17:1',
      },
    ])
  })

  it('lists all that is missing, at the top', () => {
    const problems = problemsOf('systems: homelab\n')
    expect(problems.map(problem => [problem.code, problem.at])).toEqual([
      ['WIZARD_MISSING', 'answers.yml:1:1'],
      ['WIZARD_MISSING', 'answers.yml:1:1'],
      ['WIZARD_MISSING', 'answers.yml:1:1'],
    ])
  })

  it.each([
    ['broken YAML', 'a: "x\n', 'YAML_SYNTAX'],
    ['a list', '- a\n', 'WIZARD_ANSWERS'],
    ['a key twice', `${FULL}prod_ram_gb: 4\n`, 'YAML_DUPLICATE_KEY'],
    ['an unknown system', `systems: [vpai, mars]\n${FULL}`, 'WIZARD_UNKNOWN_SYSTEM'],
  ])('refuses %s', (_, text, code) => {
    expect(problemsOf(text).map(problem => problem.code)).toEqual([code])
  })

  it('sets up several systems together', () => {
    const text = `systems: [vpai, homelab]\n${FULL}TAILSCALE_IP_ADDRESS: 100.64.0.5\nTAILSCALE_ALLOWED_IPS: [100.64.0.0/10]\nnpm_admin_email: me@example.org\n`
    const result = settleText(text)
    expect(result.variables.TAILSCALE_IP_ADDRESS).toBe('100.64.0.5')
    expect(result.generated).toContain('PI_HOLE_SECURE_WEBPASSWORD')
  })
})
