import { afterEach, describe, expect, it } from 'vitest'
import { type Stage, type Theatre, theatre } from './stage.ts'

let open: Theatre | null = null

function on(site: string, more: Partial<Stage> & { also?: Record<string, string> } = {}): Theatre {
  const { also, ...stage } = more
  open = theatre({ files: { 'site.yml': site, ...also }, ...stage })
  return open
}

afterEach(() => {
  open?.close()
  open = null
})

const SITE = `
- hosts: "{{ where }}"
  serial: 1
  vars: { other: from-vars }
  vars_prompt:
    - { name: where, prompt: Where, private: false, default: all }
    - { name: phrase, prompt: Pass phrase, confirm: true, default: "{{ other }}" }
  tasks:
    - name: seen
      assert: { that: phrase == wanted }
`

const hosts = ['h1', 'h2']

describe('vars_prompt', () => {
  it('asks once a play, before it is known for which hosts, and again until both answers are the same', async () => {
    const { questions, results, events } = await on(SITE, {
      hosts,
      answers: ['h2', 'opensesame1', 'opensesam', 'opensesame1', 'opensesame1'],
      options: { extraVars: { wanted: 'opensesame1' } },
    }).play()
    expect(results).toEqual(['h2 seen: ok'])
    expect(questions).toEqual([
      'Where [all]',
      'Pass phrase',
      'Pass phrase (once more)',
      'Pass phrase',
      'Pass phrase (once more)',
    ])
    expect(JSON.stringify(events)).not.toContain('opensesame1')
  })

  it('takes defaults where nobody can be asked', async () => {
    const { results } = await on(SITE, { hosts, options: { extraVars: { wanted: 'from-vars' } } }).play()
    expect(results).toEqual(['h1 seen: ok', 'h2 seen: ok'])
  })

  it('asks nothing that the command line gives', async () => {
    const extraVars = { where: 'h1', phrase: 'x', wanted: 'x' }
    const { questions, results } = await on(SITE, { hosts, options: { extraVars } }).play()
    expect(questions).toEqual([])
    expect(results).toEqual(['h1 seen: ok'])
  })

  it('ends the run where nobody can be asked and there is no default', async () => {
    const site = SITE.replace(', default: all', '')
    await expect(on(site, { hosts }).play()).rejects.toMatchObject({ code: 'VARS_PROMPT_UNANSWERED' })
  })

  it('hashes an answer that encrypt is for', async () => {
    const { results } = await on(
      `
- hosts: all
  vars_prompt: [{ name: phrase, prompt: Pass phrase, encrypt: sha512_crypt }]
  tasks:
    - name: seen
      assert: { that: "phrase is match('[$]6[$]')" }
`,
      { answers: ['opensesame1'] },
    ).play()
    expect(results).toEqual(['h1 seen: ok'])
  })
})

it('vars_prompt encrypts with the salt that is given, or one of the size that is asked for; questions may be templates', async () => {
  const { questions, results } = await on(
    `
- hosts: all
  vars: { whose: mine }
  vars_prompt:
    - { name: one, prompt: "Word of {{ whose }}", encrypt: sha512_crypt, salt: abcdefgh }
    - { name: two, encrypt: sha512_crypt, salt_size: 7, confirm: "yes" }
    - { name: three, private: "no", unsafe: true }
  tasks:
    - name: seen
      assert:
        that:
          - one == ('first!' | password_hash('sha512', 'abcdefgh'))
          - two is match('[$]6[$](rounds=[0-9]+[$])?[A-Za-z0-9]{7}[$]')
          - three == '{' ~ '{ x }' ~ '}'
`,
    { answers: ['first!', 'second!', 'second!', '{{ x }}'] },
  ).play()
  expect(questions).toEqual(['Word of mine', 'two', 'two (once more)', 'three'])
  expect(results).toEqual(['h1 seen: ok'])
})
