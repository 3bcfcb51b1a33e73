import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { aPlace, type Place } from '../cli/io.ts'
import { manifest } from '../manifest/a-service.ts'
import { DATA, SECRETS, SETTINGS } from './applications.ts'
import { renderStack } from './render-stack.ts'

const ROLE = path.resolve(import.meta.dirname, '../../roles/backup-config')
const PROGRAM = path.join(ROLE, 'files')

const hasRestic = spawnSync('restic', ['version']).status === 0
if (!hasRestic) console.warn('restic is not here: see test/packages/integration.txt')

/** Folders alone need no Docker; what does is proven on a host that has it. */
const OWN = (folder: string) => ({
  'shop/service.yml': manifest({
    shop: {
      backup: [
        {
          name: 'papers',
          kind: 'files',
          paths: [`${folder}/papers`, `${folder}/it's one`],
          keys: ['shop_key'],
        },
        { name: 'pictures', kind: 'files', paths: [`${folder}/pictures`], when: 'weekly' },
      ],
      databases: [{ name: 'shop', owner: 'shop' }],
      depends_on: {},
    },
    helper: {
      enabled: '{{ 1 == 2 }}',
      backup: [{ name: 'helper', kind: 'files', paths: ['{{ 1 / 0 }}'] }],
    },
  }),
  'shop/defaults/main.yml': 'image_shop: registry.example.org/shop:1.0\n',
  'shop/tasks/main.yml': '[]\n',
})

describe('the backup program', () => {
  let place: Place
  let items: string
  const file = (...names: readonly string[]) => path.join(place.folder, ...names)
  const run = (...words: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(file('scripts/backup.sh'), words, {
      encoding: 'utf8',
      env: { BACKUP_HEALTH: '1' },
    })
    return { code: status, out: stdout, err: stderr }
  }
  const backups = (item: string) =>
    existsSync(file('backups', item)) ? readdirSync(file('backups', item)).sort() : []
  const newest = (item: string) => file('backups', item, backups(item).at(-1) ?? 'none')

  const FOLDER = '/vpai-test-folder'
  beforeAll(async () => {
    const variables = {
      backup_root: `${FOLDER}/backups`,
      backup_scripts: `${FOLDER}/scripts`,
      backup_log: `${FOLDER}/log`,
      shop_key: 'not-for-everybody',
    }
    const texts = await renderStack({ roles: ['shop', 'backup-config'], own: OWN(FOLDER), variables }, [
      'items.sh',
    ])
    items = texts['items.sh']
  })

  beforeEach(() => {
    place = aPlace()
    onTestFinished(() => place.remove())
    mkdirSync(file('scripts'))
    for (const name of readdirSync(PROGRAM))
      writeFileSync(file('scripts', name), readFileSync(path.join(PROGRAM, name)), { mode: 0o700 })
    writeFileSync(file('scripts/items.sh'), items.replaceAll(FOLDER, place.folder))
    for (const name of ['papers', "it's one", 'pictures']) {
      mkdirSync(file(name))
      writeFileSync(file(name, 'one'), `${name} one\n`)
    }
  })

  it('is sh, in all its parts', () => {
    for (const name of readdirSync(file('scripts'))) execFileSync('sh', ['-n', file('scripts', name)])
  })

  it('knows items of services that are enabled, and no secret', () => {
    expect(items).toContain("items='papers pictures'")
    expect(items).not.toContain('not-for-everybody')
  })

  it('writes each item into a folder of its own that only root reads, with sizes and digests', () => {
    const { code, out, err } = run('run')
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^papers ok \d{8}T\d{6}Z-[0-9a-f]{6} \d+ bytes, 4 files and folders\npictures ok /)
    const [name = ''] = backups('papers')
    expect(backups('pictures')).toEqual([name])
    expect(statSync(file('backups')).mode & 0o777).toBe(0o700)
    expect(statSync(newest('papers')).mode & 0o777).toBe(0o700)
    const lines = readFileSync(path.join(newest('papers'), 'manifest'), 'utf8')
    expect(lines).toContain(`item\tpapers\nname\t${name}\n`)
    expect(lines).toMatch(/^key\tshop_key\t[0-9a-f]{16}\tshop$/m)
    expect(lines).toMatch(/^file\t\d+\t[0-9a-f]{64}\tfiles\.tar$/m)
    expect(readdirSync(newest('papers')).sort()).toEqual(['files.tar', 'manifest'])
    expect(readFileSync(file('log'), 'utf8')).toMatch(/^\d{4}-\S+Z papers ok .*\n\S+ pictures ok /)
  })

  it('that cannot save an item leaves no half of it, says so, saves the others and ends with 1', () => {
    run('run')
    rmSync(file("it's one"), { recursive: true })
    const { code, out, err } = run('run')
    expect(code).toBe(1)
    expect(err).toBe(`papers FAILED there is no ${file("it's one")}\nbackup FAILED: papers\n`)
    expect(out).toMatch(/^pictures ok/)
    expect([backups('papers').length, backups('pictures').length]).toEqual([1, 2])
    expect(readdirSync(file('backups')).sort()).toEqual(['.lock', 'papers', 'pictures'])
    expect(readFileSync(file('log'), 'utf8')).toMatch(/ papers FAILED there is no /)
  })

  it('removes older ones after a newer one is whole, and never the newest', () => {
    run('run')
    const old = backups('papers')[0] ?? ''
    const aged = old.replace(/^\d{8}/, '20200101')
    for (const item of ['papers', 'pictures'])
      execFileSync('mv', [file('backups', item, old), file('backups', item, aged)])
    rmSync(file('pictures'), { recursive: true })
    expect(run('run').code).toBe(1)
    expect(backups('papers')).not.toContain(aged)
    expect(backups('papers')).toHaveLength(1)
    expect(backups('pictures')).toEqual([aged])
  })

  it('keeps the newest also where the clock was ahead', () => {
    const here = file('scripts/items.sh')
    writeFileSync(here, readFileSync(here, 'utf8').replace('keep_days=3', 'keep_days=-1'))
    run('run', 'papers')
    expect(run('run', 'papers').code).toBe(0)
    expect(backups('papers')).toHaveLength(1)
  })

  it('makes a weekly one in the night only where the last is old', () => {
    run('run', '--due')
    run('run', '--due')
    expect([backups('papers').length, backups('pictures').length]).toEqual([2, 1])
    const at = path.join(newest('pictures'), 'manifest')
    writeFileSync(at, readFileSync(at, 'utf8').replace(/^at\t\d+/m, 'at\t1000000000'))
    run('run', '--due')
    expect(backups('pictures')).toHaveLength(2)
  })

  it('of which another one is at work does nothing', () => {
    run('run')
    const held = spawnSync('flock', ['-x', file('backups/.lock'), file('scripts/backup.sh'), 'run'], {
      encoding: 'utf8',
    })
    expect([held.status, held.stderr]).toEqual([75, expect.stringContaining('is at work')])
  })

  it('brings folders back as they were, and only those that were chosen', () => {
    run('run')
    writeFileSync(file('papers/one'), 'another\n')
    writeFileSync(file('papers/two'), 'more\n')
    writeFileSync(file('pictures/one'), 'another\n')
    expect(run('prepare', 'papers').code).toBe(0)
    expect(run('put-back')).toEqual({ code: 0, out: 'papers is back\n', err: '' })
    expect(run('start').code).toBe(0)
    expect(readdirSync(file('papers'))).toEqual(['one'])
    expect(readFileSync(file('papers/one'), 'utf8')).toBe('papers one\n')
    expect(readFileSync(file('pictures/one'), 'utf8')).toBe('another\n')
    expect(readdirSync(place.folder).filter(name => name.startsWith('.vpai'))).toEqual([])
    expect(readdirSync(file('backups')).sort()).toEqual(['.lock', 'papers', 'pictures'])
  })

  it.each([
    [
      'cut short',
      (tar: string) => writeFileSync(tar, readFileSync(tar).subarray(0, 1000)),
      /has 1000 bytes, and had/,
    ],
    ['empty', (tar: string) => writeFileSync(tar, ''), /files\.tar is empty/],
    [
      'another one',
      (tar: string) => writeFileSync(tar, readFileSync(tar).fill(7)),
      /is not what was written/,
    ],
    ['gone', (tar: string) => rmSync(tar), /files\.tar is gone/],
  ])('refuses a file that is %s, and a drill says so', (_what, harm, told) => {
    run('run')
    harm(path.join(newest('papers'), 'files.tar'))
    const { code, err } = run('prepare', 'papers')
    expect([code, err]).toEqual([1, expect.stringMatching(told)])
    expect(readFileSync(file('backups/.restore/chosen'), 'utf8')).toBe('')
    const drilled = run('drill')
    expect(drilled.out).toMatch(/^drill\tpapers\t\S+\tfailed\t.*\ndrill\tpictures\t\S+\tok\t/)
  })

  it('refuses data of another key, unless that is meant', () => {
    run('run')
    const here = file('scripts/items.sh')
    const text = readFileSync(here, 'utf8')
    writeFileSync(here, text.replace(/shop_key [0-9a-f]{4}/, 'shop_key 0000'))
    const { code, err } = run('prepare', 'papers')
    expect([code, err]).toEqual([1, expect.stringContaining('was made with another shop_key')])
    expect(run('prepare', '--any-key', 'papers').code).toBe(0)
  })

  it('finds the newest until a time, of the item itself', () => {
    run('run')
    const old = backups('papers')[0] ?? ''
    const aged = old.replace(/^\d{8}/, '20200101')
    execFileSync('cp', ['-a', newest('papers'), file('backups/papers', aged)])
    run('run', 'pictures')
    const found = (...words: readonly string[]) =>
      run('prepare', '--look', ...words, 'papers').out.split('\t')[2]
    expect(found()).toBe(old)
    expect(found('--at', '2020-01-01')).toBe(aged)
    expect(found('--at', '2020-01-02 10:00')).toBe(aged)
    expect(found('--at', aged)).toBe(aged)
    expect(run('prepare', '--look', '--at', '2019-01-01', 'papers')).toMatchObject({
      code: 1,
      err: 'there is no backup of papers that is old enough\n',
    })
  })

  it.skipIf(!hasRestic)('carries what is whole to a repository of restic, from which it can be had', () => {
    const settings = `RESTIC_REPOSITORY=${file('far')} RESTIC_PASSWORD=not-for-everybody RESTIC_CACHE_DIR=${file('cache')}`
    writeFileSync(file('scripts/restic.env'), `${settings}\n`)
    const here = file('scripts/items.sh')
    writeFileSync(
      here,
      readFileSync(here, 'utf8').replace(/^restic=.*$/m, `restic=${file('scripts/restic.env')}`),
    )
    rmSync(file("it's one"), { recursive: true })
    expect(run('run')).toMatchObject({ code: 1, out: expect.stringContaining('restic ok') })
    const env = { ...process.env, ...Object.fromEntries(settings.split(' ').map(one => one.split('='))) }
    execFileSync('restic', ['restore', '--quiet', 'latest', '--target', file('back')], { env })
    const back = file('back', file('backups'))
    expect(readdirSync(back)).toEqual(['pictures'])
    expect(readFileSync(path.join(back, 'pictures', backups('pictures')[0] ?? '', 'files.tar'))).toEqual(
      readFileSync(path.join(newest('pictures'), 'files.tar')),
    )
    writeFileSync(file('scripts/restic.env'), `${settings.replace(file('far'), '/dev/null/far')}\n`)
    expect(run('run', 'pictures')).toMatchObject({ code: 1, err: expect.stringContaining('restic FAILED') })
  })

  it.each(['2026-02-30', '2026-13-01', 'yesterdays'])('does not take %s for a time', time => {
    run('run')
    expect(run('prepare', '--look', '--at', time, 'papers')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('invalid date'),
    })
  })

  it('lays out what was shown, and nothing newer', () => {
    run('run')
    const [, what = '', name = ''] = run('prepare', '--look', 'papers').out.split('\t')
    expect(run('prepare', '--look', '--expect', `${what}=${name}`, 'papers').code).toBe(0)
    expect(run('prepare', '--expect', `${what}=${name}x`, 'papers')).toMatchObject({
      code: 1,
      err: 'another backup of papers was made meanwhile: look again\n',
    })
  })

  it('saves nothing of a restore under way, also where nothing had to be stopped for it', () => {
    run('run')
    expect(run('prepare', 'papers').code).toBe(0)
    expect(run('stop')).toMatchObject({ code: 0, out: '' })
    expect(run('run').code).toBe(1)
    expect([run('put-back').code, run('start').code, run('run').code]).toEqual([0, 0, 0])
  })

  it('saves nothing while a restore has not come to its end', () => {
    run('run')
    writeFileSync(file('backups/.stopped'), 'shop_app\n')
    expect(run('run')).toMatchObject({ code: 1, err: expect.stringContaining('has not come to its end') })
  })
})

it('of all applications what is saved is sh, names who uses each database, and holds no secret', async () => {
  const roles = [
    ...DATA,
    'n8n',
    'litellm',
    'nocodb',
    'openclaw',
    'sure',
    'palais',
    'docker-stack',
    'backup-config',
  ]
  const texts = await renderStack({ roles, variables: { ...SECRETS, ...SETTINGS } }, ['items.sh'])
  const sh = (line: string) =>
    execFileSync('sh', ['-c', `${texts['items.sh']}\n${line}`], { encoding: 'utf8' }).trim()
  expect(texts['items.sh']).not.toContain('secret-of')
  expect(sh('echo $items')).toBe('postgresql redis qdrant certificates n8n nocodb openclaw sure palais')
  expect(sh('users postgresql/n8n')).toBe('shop_n8n')
  expect(sh('users postgresql/sure_production').split(' ').sort()).toEqual([
    'shop_sure-web',
    'shop_sure-worker',
  ])
  expect(sh('users postgresql').split(' ')).toEqual(
    expect.arrayContaining(['shop_n8n', 'shop_litellm', 'shop_nocodb', 'shop_palais', 'shop_sure-web']),
  )
  expect(sh('about postgresql; echo $databases')).toContain('litellm')
  expect(sh('users certificates')).toBe('shop_caddy')
  expect(sh('keys')).toMatch(/^n8n_encryption_key\t[0-9a-f]{16}\tn8n\tn8n$/)
})
