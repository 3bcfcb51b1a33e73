import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { aPlace, type Place } from './io.ts'

const PROGRAM = path.resolve(import.meta.dirname, '../../roles/backup-config/files')
const HOSTS = 'all: { children: { prod: { hosts: { one: { ansible_connection: local } } } } }\n'
const SITE = '- { hosts: prod, gather_facts: false, roles: [store] }\n'

/** What role backup-config would write: a folder, and a store whose file its role brings back. No Docker is needed for either. */
const items = (
  folder: string,
) => `project=shop root='${folder}/backups' log= keep_days=3 reader= heartbeat= restic=
items='papers store'
about() {
  databases= output= storage= qdrant_key=
  case $1 in
    papers) kind=files service=shop role=shop when=daily container=shop_shop image=x ;;
    store) kind=redis service=store role=store when=daily container=shop_store image=x ;;
    *) return 1 ;;
  esac
}
paths_of() { echo '${folder}/papers'; }
users() { :; }
keys() { :; }
`

describe('backups', () => {
  let place: Place
  const file = (...names: readonly string[]) => path.join(place.folder, ...names)
  const vpai = (...argv: string[]) => place.run(argv)

  beforeEach(async () => {
    place = aPlace({
      'vpai.yml': 'name: shop\n',
      'inventory/hosts.yml': HOSTS,
      'playbooks/site.yml': SITE,
      'roles/store/tasks/main.yml': '[]\n',
      'roles/store/tasks/snapshot.yml': '[]\n',
      'roles/store/tasks/restore.yml':
        '- shell: test ! -e {{ data }}.broken && cp {{ vpai_snapshot }}/dump.rdb {{ data }}\n',
      'roles/store/defaults/main.yml': 'data: "{{ inventory_dir | dirname }}/store"\n',
    })
    onTestFinished(() => place.remove())
    place.write('inventory/group_vars/all.yml', JSON.stringify({ backup_scripts: file('scripts') }))
    cpSync(PROGRAM, file('scripts'), { recursive: true })
    chmodSync(file('scripts/backup.sh'), 0o700)
    writeFileSync(file('scripts/items.sh'), items(place.folder))
    place.write('papers/one', 'one\n')
    await vpai('secrets', 'init')
  })

  /** A backup of the store as Redis would have made it. */
  const storeBackup = (name: string, text: string) => {
    mkdirSync(file('backups/store', name), { recursive: true })
    writeFileSync(file('backups/store', name, 'dump.rdb'), text)
    const digest = createHash('sha256').update(text).digest('hex')
    writeFileSync(
      file('backups/store', name, 'manifest'),
      `item\tstore\nname\t${name}\nat\t1700000000\nkind\tredis\nfile\t${text.length}\t${digest}\tdump.rdb\n`,
    )
  }

  it('are made, listed, shown before they come back, and come back', async () => {
    const made = await vpai('backup', 'prod', 'papers')
    expect([made.code, made.out]).toEqual([
      0,
      expect.stringMatching(/papers ok \S+ \d+ bytes, 2 files and folders/),
    ])
    storeBackup('20200101T000000Z-aaaaaa', 'old')
    storeBackup('20200102T000000Z-bbbbbb', 'new')
    writeFileSync(file('papers/one'), 'another\n')
    const listed = JSON.parse((await vpai('backup-restore', 'prod', '--list', '--output', 'json')).out)
    expect(listed.backups.map((one: { item: string }) => one.item)).toEqual(['papers', 'store', 'store'])
    const looked = await vpai('backup-restore', 'prod', '--all', '--check')
    expect([looked.code, looked.out]).toEqual([
      2,
      expect.stringMatching(/^one: papers of [\s\S]*^one: store of 2023-11-14/m),
    ])
    expect(readFileSync(file('papers/one'), 'utf8')).toBe('another\n')
    const back = await vpai('backup-restore', 'prod', '--all', '--yes')
    expect([back.code, back.err], back.out).toEqual([0, ''])
    expect([readFileSync(file('papers/one'), 'utf8'), readFileSync(file('store'), 'utf8')]).toEqual([
      'one\n',
      'new',
    ])
    expect(readdirSync(file('backups')).sort()).toEqual(['.lock', 'papers', 'store'])
    await vpai('backup-restore', 'prod', 'store', '--at', '2020-01-01', '--yes')
    expect(readFileSync(file('store'), 'utf8')).toBe('old')
  })

  it('that do not come back to the end are ended by the same command', async () => {
    storeBackup('20200101T000000Z-aaaaaa', 'old')
    writeFileSync(file('store.broken'), '')
    const failed = await vpai('backup-restore', 'prod', 'store', '--yes')
    expect(failed.code).toBe(2)
    expect(existsSync(file('backups/.restore'))).toBe(true)
    await vpai('exec', 'prod', '--', `rm ${file('store.broken')}`)
    expect((await vpai('backup-restore', 'prod', 'store', '--yes')).code).toBe(0)
    expect(existsSync(file('backups/.restore'))).toBe(false)
  })

  it('that are damaged are refused before anything is touched', async () => {
    storeBackup('20200101T000000Z-aaaaaa', 'old')
    writeFileSync(file('backups/store/20200101T000000Z-aaaaaa/dump.rdb'), 'ol')
    const { code, err } = await vpai('backup-restore', 'prod', 'store', '--yes')
    expect([code, err]).toEqual([2, expect.stringContaining('dump.rdb has 2 bytes, and had 3')])
    expect(existsSync(file('store'))).toBe(false)
  })

  it('are proven by a drill, whose proof only this project can have signed', async () => {
    await vpai('backup', 'prod', 'papers')
    const { code, out } = await vpai('drill', 'prod', 'papers')
    expect([code, out]).toEqual([0, expect.stringMatching(/^one {2}papers {2}ok /)])
    const record = path.join(place.folder, '../record/shop')
    const [name = ''] = readdirSync(path.join(record, 'proofs'))
    expect(JSON.parse(readFileSync(path.join(record, 'proven-restore'), 'utf8'))).toMatchObject({
      result: 'ok',
    })
    expect((await vpai('status', 'prod')).out).toMatch(/ \d+ seconds? ago$/m)
    const genuine = await vpai('drill', 'prod', '--proofs')
    expect([genuine.code, genuine.out]).toEqual([
      0,
      expect.stringMatching(/^one {2}genuine {2}\{.*"item":"papers"/),
    ])
    const proof = path.join(record, 'proofs', name)
    writeFileSync(proof, readFileSync(proof, 'utf8').replace('shop', 'shap'))
    const forged = await vpai('drill', 'prod', '--proofs')
    expect([forged.code, forged.out]).toEqual([2, expect.stringMatching(/^one {2}NOT OURS /)])
    writeFileSync(file('backups/papers', readdirSync(file('backups/papers'))[0] ?? '', 'files.tar'), '')
    const red = await vpai('drill', 'prod', 'papers', '--output', 'json')
    expect([red.code, JSON.parse(red.out).hosts[0].items[0]]).toEqual([
      2,
      expect.objectContaining({ result: 'failed' }),
    ])
    expect((await vpai('status', 'prod')).out).toMatch(/ago, failed$/m)
  })

  it.each([
    ['nothing is chosen', ['backup-restore', 'prod'], 'some items, or all of them'],
    ['an item is not there', ['backup-restore', 'prod', 'store', '--yes'], 'there is no backup of store'],
    ['no host saves it', ['backup-restore', 'prod', 'stroe', '--yes'], 'no host of prod saves stroe'],
    ['nobody says yes', ['backup-restore', 'prod', 'papers'], 'asks first'],
    [
      'the program is not there',
      ['backup', 'prod', '-e', 'backup_scripts=/nowhere'],
      'no host of prod has backups configured',
    ],
  ])('say it where %s', async (_what, argv, told) => {
    await vpai('backup', 'prod', 'papers')
    const { code, err } = await vpai(...argv)
    expect([code, err]).toEqual([argv[2] === 'store' ? 2 : 1, expect.stringContaining(told)])
  })
})
