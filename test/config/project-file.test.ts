import { describe, expect, it } from 'vitest'
import { projectSchema, readProjectFile } from '../../src/config/project-file.ts'
import { memoryReader } from './memory-reader.ts'

const read = (text: string) => readProjectFile(memoryReader({ 'vpai.yml': text }))

describe('vpai.yml', () => {
  it.each([
    ['is missing', memoryReader({})],
    ['is empty', memoryReader({ 'vpai.yml': '' })],
  ])('gives defaults when it %s', (_, reader) => {
    expect(readProjectFile(reader)).toMatchObject({
      problems: [],
      settings: {
        inventory: ['inventory/'],
        playbook: 'playbooks/site.yml',
        roles_path: [],
        secrets: 'inventory/secrets.age',
        strict_secrets: false,
        shipped_roles: true,
      },
    })
  })

  it('takes one inventory or several', () => {
    expect(read('inventory: hosts.ini\nroles_path: more').settings).toMatchObject({
      inventory: ['hosts.ini'],
      roles_path: ['more'],
    })
    expect(read('inventory: [a, b]').settings.inventory).toEqual(['a', 'b'])
  })

  it('tells all problems at once, each with its place', () => {
    const { problems } = read(
      'name: My Project\nforks: many\nplaybok: x.yml\nroles_path:\n  - a\n  - 1\nstrict_secrets: "no"\n',
    )
    const places = problems.map(({ code, position }) => `${code} ${position?.line}:${position?.column}`)
    expect(places.sort()).toEqual([
      'CONFIG_PROJECT_FILE_INVALID 1:7',
      'CONFIG_PROJECT_FILE_INVALID 2:8',
      'CONFIG_PROJECT_FILE_INVALID 5:3',
      'CONFIG_PROJECT_FILE_INVALID 7:17',
      'CONFIG_UNKNOWN_KEYWORD 3:1',
    ])
    expect(problems.find(problem => problem.code === 'CONFIG_UNKNOWN_KEYWORD')?.hint).toBe(
      'Did you mean playbook?',
    )
  })

  it.each([
    ['at the top', 'on: 1\n', 'vpai.yml has no key true', '1:1'],
    ['below lint', 'lint:\n  skip: []\n  off: []\n', 'lint in vpai.yml has no key false', '2:3'],
    ['below lint, mistyped', 'lint: { skipp: [] }\n', 'lint in vpai.yml has no key skipp', '1:9'],
  ])(
    'refuses a key that is not there %s, also one that YAML takes for true or false',
    (_, text, message, at) => {
      const [problem] = read(text).problems
      expect(problem).toMatchObject({ code: 'CONFIG_UNKNOWN_KEYWORD', message })
      expect(`${problem?.position?.line}:${problem?.position?.column}`).toBe(at)
    },
  )

  it.each([
    ['a list', '- a\n', 'CONFIG_PROJECT_FILE_INVALID'],
    ['broken YAML', 'a: [', 'YAML_SYNTAX'],
  ])('refuses %s', (_, text, code) => {
    expect(read(text).problems.map(problem => problem.code)).toEqual([code])
  })

  it('describes every key', () => {
    const undescribed = Object.entries(projectSchema.shape).filter(([, schema]) => !schema.description)
    expect(undescribed).toEqual([])
  })
})
