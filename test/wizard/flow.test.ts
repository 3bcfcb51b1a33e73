import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/base/secret.ts'
import { type Ask, converse, type Question, type Reply } from '../../src/wizard/ask.ts'
import { wizardFlow } from '../../src/wizard/flow.ts'
import { type Former, NOTHING_BEFORE } from '../../src/wizard/settle.ts'
import { type Answers, STEP_TITLES, type System } from '../../src/wizard/variable.ts'
import { ANSWERS, aFormer, aRandom } from './a-wizard.ts'

interface Run {
  readonly answers?: Answers
  /** Replies to the same question when it comes again. */
  readonly later?: Answers
  readonly former?: Former
  readonly systems?: readonly System[]
}

/** Answers from a table, first of several replies first; takes the default for all else. */
async function play({
  answers = ANSWERS,
  later = {},
  former = NOTHING_BEFORE,
  systems = ['vpai'],
}: Run = {}) {
  const asked: Question[] = []
  const headings: string[] = []
  const queue = new Map(Object.entries(answers))
  const reply = <Kind extends Reply>(
    question: Question,
    otherwise: Kind,
    turn: (value: unknown) => Kind,
  ): Kind => {
    asked.push(question)
    if (asked.length > 400) throw new Error(`endless: ${question.name} ${question.problem}`)
    if (!queue.has(question.name)) return otherwise
    const value = queue.get(question.name)
    queue.delete(question.name)
    if (later[question.name] !== undefined && value !== later[question.name])
      queue.set(question.name, later[question.name] ?? null)
    return turn(value)
  }
  const ask: Ask = {
    heading: title => headings.push(title),
    text: async question => reply(question, question.default, String),
    select: async question => reply(question, question.default ?? '', String),
    confirm: async question => reply(question, question.default, Boolean),
    password: async question => reply(question, new Secret(''), value => new Secret(String(value))),
    list: async question =>
      reply(question, question.default, value => (Array.isArray(value) ? value.map(String) : [])),
  }
  const result = await converse(wizardFlow({ systems, former, random: aRandom() }), ask, STEP_TITLES)
  return { result, asked, headings, names: asked.map(question => question.name) }
}

describe('wizardFlow', () => {
  it('asks in nine steps and ends with the same as an answers file would give', async () => {
    const { result, headings, names } = await play()
    expect(headings).toEqual(Object.values(STEP_TITLES))
    expect(result.variables).toMatchObject({
      domain_name: 'example.org',
      prod_ip: '203.0.113.10',
      telegram_monitoring_chat_id: -1001,
    })
    expect(result.secrets.s3_access_key?.reveal()).toBe('S3-ACCESS-KEY-0001')
    expect(result.generated).toContain('postgresql_password')
    expect(names).not.toContain('postgresql_password')
    expect(names).not.toContain('backup_gfs_keep_daily')
  })

  it('asks again with the reason after a wrong reply', async () => {
    const queue = [{ ...ANSWERS, prod_user: 'root' }]
    const { asked } = await play({ answers: queue[0] })
    const questions = asked.filter(question => question.name === 'prod_user')
    expect(questions.map(question => question.problem)).toEqual([
      undefined,
      'prod_user must not be root: hardening closes root logins',
    ])
  })

  it('goes through the further settings of a step on request', async () => {
    const { names, result } = await play({
      answers: { ...ANSWERS, 'step:domain': true, n8n_subdomain: 'flows' },
    })
    expect(names).toContain('grafana_subdomain')
    expect(result.variables.n8n_subdomain).toBe('flows')
  })

  it('asks about both when two answers do not go together, in the same step', async () => {
    const { asked, result } = await play({
      answers: { ...ANSWERS, admin_subdomain: 'tala' },
      later: { admin_subdomain: 'office' },
    })
    const again = asked.filter(question => question.problem?.includes('must differ'))
    expect(again.map(question => [question.name, question.step])).toEqual([
      ['grafana_subdomain', 'domain'],
      ['admin_subdomain', 'domain'],
    ])
    expect(result.variables.admin_subdomain).toBe('office')
  })

  it('asks which systems when nobody said', async () => {
    const flow = wizardFlow({ former: NOTHING_BEFORE, random: aRandom() })
    expect(flow.next('').value).toMatchObject({
      kind: 'list',
      name: 'systems',
      choices: ['vpai', 'atlas', 'homelab'],
    })
    expect(flow.next([]).value).toMatchObject({ name: 'systems', problem: 'choose one at least' })
    expect(flow.next(['homelab']).value).toMatchObject({ name: 'project_name' })
  })

  it('asks for OVH keys only with DNS certificates, and for the webhook only of discord and slack', async () => {
    const slack = {
      ...ANSWERS,
      notification_method: 'slack',
      notification_webhook_url: 'https://hooks.example.org/x',
    }
    const { names, result } = await play({ answers: slack })
    expect(names).not.toContain('telegram_monitoring_bot_token')
    expect(result.secrets.notification_webhook_url?.reveal()).toBe('https://hooks.example.org/x')
  })
})

describe('wizardFlow, run again', () => {
  it('offers former answers and keeps all secrets with nothing but Enter', async () => {
    const former = aFormer({ deployed: true })
    const { result, asked, names } = await play({ answers: {}, former })
    expect(result.variables).toEqual(former.variables)
    expect(result.secrets).toEqual({})
    expect(names).not.toContain('project_name')
    expect(asked.find(question => question.name === 's3_secret_key')?.message).toContain('stays as it is')
  })

  it('puts no secret into any question', async () => {
    const former = aFormer()
    const { asked } = await play({ answers: {}, former })
    const shown = JSON.stringify(asked)
    for (const secret of Object.values(former.secrets))
      expect(shown).not.toContain((secret as Secret).reveal())
  })
})
