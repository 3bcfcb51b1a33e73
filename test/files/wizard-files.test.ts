import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../src/base/secret.ts'
import { openSecretsFile, viewSecrets } from '../../src/files/secrets-file.ts'
import { readFormerProject, writeWizardResult } from '../../src/files/wizard-files.ts'
import { generateIdentity, type Keys } from '../../src/secrets/age.ts'
import { settle } from '../../src/wizard/settle.ts'
import type { Answers } from '../../src/wizard/variable.ts'
import { ANSWERS, aRandom } from '../wizard/a-wizard.ts'

let folder: string
let keys: Keys

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vpai-wizard-'))
  keys = { identities: [await generateIdentity()] }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const former = () => readFormerProject(folder, { keys: async () => keys, deployed: false })

async function runWizard(given: Answers = ANSWERS) {
  const before = await former()
  const { result, errors } = settle({ systems: ['vpai'], given, former: before, random: aRandom() })
  expect(errors).toEqual([])
  return { result, written: await writeWizardResult(folder, result, { keys, former: before }) }
}

/** Every file below the folder with its bytes. */
function tree(): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = names.filter(name => statSync(path.join(folder, name)).isFile()).sort()
  return Object.fromEntries(files.map(name => [name, readFileSync(path.join(folder, name), 'latin1')]))
}

describe('writeWizardResult', () => {
  it('writes the whole project, secrets in the age file only', async () => {
    const { result, written } = await runWizard()
    expect(written).toContain('inventory/secrets.age')
    expect(Object.keys(tree()).sort()).toEqual([...written].sort())
    const everything = Object.values(tree()).join('\n')
    for (const secret of Object.values(result.secrets)) expect(everything).not.toContain(secret.reveal())
    const { document } = await openSecretsFile(path.join(folder, 'inventory/secrets.age'), keys)
    expect((document.get('s3_secret_key') as Secret).reveal()).toBe('S3-SECRET-KEY-0001')
    expect([...document.paths()].sort()).toEqual(['vpai_signing_key', ...Object.keys(result.secrets)].sort())
  })

  it('run again with nothing new writes nothing', async () => {
    await runWizard()
    const before = tree()
    const { written } = await runWizard({})
    expect(written).toEqual([])
    expect(tree()).toEqual(before)
  })

  it('run again with the same secrets given writes nothing', async () => {
    await runWizard()
    const before = tree()
    const { written } = await runWizard()
    expect(written).toEqual([])
    expect(tree()).toEqual(before)
  })

  it('run again keeps secrets, signing key and what people added, and changes one answer', async () => {
    await runWizard()
    const secrets = await viewSecrets(path.join(folder, 'inventory/secrets.age'), keys)
    const settings = path.join(folder, 'inventory/group_vars/all/main.yml')
    writeFileSync(settings, `${readFileSync(settings, 'utf8')}mine: 1\n`)
    const { written } = await runWizard({ prod_ssh_port: 804 })
    expect([...written].sort()).toEqual(['inventory/group_vars/all/main.yml', 'inventory/hosts.yml'])
    expect(readFileSync(settings, 'utf8')).toMatch(/prod_ssh_port: 804\n[\s\S]*mine: 1\n$/)
    expect(await viewSecrets(path.join(folder, 'inventory/secrets.age'), keys)).toBe(secrets)
  })

  it('leaves every file as it was when one cannot be written', async () => {
    await runWizard()
    const before = tree()
    const again = await former()
    const { result } = settle({
      systems: ['vpai'],
      given: { prod_ssh_port: 804, s3_secret_key: 'another-one-2' },
      former: again,
      random: aRandom(),
    })
    rmSync(path.join(folder, 'inventory/secrets.recipients'))
    mkdirSync(path.join(folder, 'inventory/secrets.recipients'))
    await expect(writeWizardResult(folder, result, { keys, former: again })).rejects.toThrow()
    const { 'inventory/secrets.recipients': _, ...rest } = before
    expect(tree()).toEqual(rest)
  })
})

describe('readFormerProject', () => {
  it('finds nothing in an empty folder and needs no key there', async () => {
    const found = await readFormerProject(folder, {
      keys: () => Promise.reject(new Error('not needed')),
      deployed: false,
    })
    expect(found).toEqual({
      variables: {},
      untouched: new Set(),
      secrets: {},
      deployed: false,
      systems: undefined,
    })
  })

  it('refuses to go on with the wrong key, lest secrets be made anew (SECRETS_WRONG_KEY)', async () => {
    await runWizard()
    const others: Keys = { identities: [await generateIdentity()] }
    await expect(readFormerProject(folder, { keys: async () => others, deployed: false })).rejects.toEqual(
      expect.objectContaining({ code: 'SECRETS_WRONG_KEY' }),
    )
  })

  it('takes the name of a project that has one already', async () => {
    writeFileSync(path.join(folder, 'vpai.yml'), 'name: my-own\n')
    expect((await former()).variables).toEqual({ project_name: 'my-own' })
    const { result } = await runWizard()
    expect(result.variables.project_name).toBe('my-own')
  })

  it('reads and writes secrets where the project keeps them', async () => {
    const secretsFile = path.join(folder, 'vault/all.age')
    const before = await readFormerProject(folder, { keys: async () => keys, deployed: false, secretsFile })
    const { result } = settle({ systems: ['vpai'], given: ANSWERS, former: before, random: aRandom() })
    const written = await writeWizardResult(folder, result, { keys, former: before, secretsFile })
    expect(written.filter(name => name.startsWith('vault'))).toEqual([
      'vault/all.age',
      'vault/all.recipients',
    ])
    const after = await readFormerProject(folder, { keys: async () => keys, deployed: false, secretsFile })
    expect(after.secrets.redis_password).toBeInstanceOf(Secret)
  })

  it('refuses to go on with settings it cannot read (YAML_SYNTAX)', async () => {
    await runWizard()
    writeFileSync(path.join(folder, 'inventory/group_vars/all/main.yml'), 'a: "x\n')
    await expect(former()).rejects.toEqual(expect.objectContaining({ code: 'YAML_SYNTAX' }))
  })

  it('reads answers, templates somebody wrote, secrets and systems', async () => {
    await runWizard()
    const settings = path.join(folder, 'inventory/group_vars/all/main.yml')
    writeFileSync(
      settings,
      readFileSync(settings, 'utf8').replace('prod_ip: 203.0.113.10', 'prod_ip: "{{ lookup_ip }}"'),
    )
    const found = await former()
    expect(found.systems).toEqual(['vpai'])
    expect([...(found.untouched ?? [])]).toEqual(['prod_ip'])
    expect(found.variables.domain_name).toBe('example.org')
    expect(found.secrets.redis_password).toBeInstanceOf(Secret)
  })
})
