import { describe, expect, it } from 'vitest'
import { basisOf, type PlayedOn, settled, signature } from '../../src/record/orphans.ts'
import { type Entry, type OwnedList, ownedText, ownerId, parseOwned } from '../../src/record/owned.ts'

const OWNER = { host: 'h1', playbook: 'site.yml', environment: 'prod' }

function entry(path: string, over: Partial<Entry> = {}): Entry {
  const resource = { kind: 'file', path, type: 'file' } as const
  return { resource, role: 'web', task: 'Page', module: 'copy', within: [], since: 'r1', ...over }
}

function listOf(entries: readonly Entry[], orphans: readonly Entry[] = []): OwnedList {
  return { id: ownerId(OWNER), owner: OWNER, basis: 'old', orphans, entries }
}

const PAGE = signature(entry('/p'))
const INCLUDE = signature({ role: 'web', module: 'include_tasks', task: 'more.yml' })
const OTHER = signature({ role: 'web', module: 'include_tasks', task: 'other.yml' })

function played(over: Partial<PlayedOn> = {}): PlayedOn {
  const nothing = new Set<string>()
  return {
    owner: OWNER,
    declared: [],
    present: nothing,
    fine: nothing,
    doubtful: nothing,
    away: [],
    perhaps: () => nothing,
    isWhole: true,
    ...over,
  }
}

const paths = (entries: readonly Entry[]) =>
  entries.map(({ resource }) => ('path' in resource ? resource.path : resource.kind))

describe('what was declared once is an orphan', () => {
  const ran = { present: new Set([PAGE]), fine: new Set([PAGE]) }
  it.each<[string, Partial<PlayedOn>]>([
    ['when its task is gone', {}],
    ['when its task declares something else', { ...ran, declared: [entry('/new')] }],
    ['when its task ran over nothing', ran],
    ['when an include that was not followed is of others', { present: new Set([INCLUDE]) }],
  ])('%s', (_title, over) => {
    expect(paths(settled(played(over), listOf([entry('/old')]), []).orphans)).toEqual(['/old'])
  })

  it('when what brought its task in is gone', () => {
    const before = listOf([entry('/old', { within: [INCLUDE] })])
    expect(paths(settled(played(), before, []).orphans)).toEqual(['/old'])
  })
})

describe('what was declared once is kept', () => {
  const present = new Set([PAGE])
  it.each<[string, Partial<PlayedOn>, Partial<Entry>?]>([
    ['when it is declared again', { declared: [entry('/old')] }],
    ['when its task was skipped', { present, doubtful: present }],
    ['when one item of its task was skipped', { present, fine: present, doubtful: present }],
    ['when its task did not have its turn', { present }],
    ['when a skipped task would declare it', { perhaps: () => new Set(['file /old']) }],
    ['when something of the run was left out', { isWhole: false }],
    [
      'when its include was not followed',
      { present: new Set([INCLUDE]), doubtful: new Set([INCLUDE]) },
      { within: [INCLUDE] },
    ],
    [
      'when its include has gone, but another was not followed',
      { present: new Set([OTHER]), doubtful: new Set([OTHER]) },
      { within: [INCLUDE] },
    ],
  ])('%s', (_title, over, about = {}) => {
    const list = settled(played(over), listOf([entry('/old', about)]), [])
    expect([paths(list.orphans), paths(list.entries)]).toEqual([[], ['/old']])
  })
})

describe('the list of a host', () => {
  it('lets go what another role, or another list, has taken over', () => {
    const declared = [entry('/a', { role: 'db' })]
    const others = [{ ...listOf([entry('/b')]), id: 'other' }]
    const list = settled(played({ declared }), listOf([entry('/a'), entry('/b')]), others)
    expect([list.orphans, list.entries.map(({ role }) => role)]).toEqual([[], ['db']])
  })

  it('lets go what a task has taken away, with all that was in it', () => {
    const away = [{ kind: 'file', path: '/srv/a', type: 'directory' }] as const
    const list = settled(
      played({ away, isWhole: false }),
      listOf([entry('/srv/a/b'), entry('/srv/ab')], [entry('/srv/a')]),
      [],
    )
    expect([list.orphans, paths(list.entries)]).toEqual([[], ['/srv/ab']])
    expect(basisOf(played({ away }))).not.toBe(basisOf(played()))
  })

  it('knows since when, and forgets orphans that are declared again', () => {
    const declared = [entry('/a', { since: 'r2' }), entry('/b', { since: 'r2' })]
    const list = settled(played({ declared }), listOf([], [entry('/a')]), [])
    expect(list.orphans).toEqual([])
    expect(list.entries.map(({ since }) => since)).toEqual(['r1', 'r2'])
  })

  it('is looked at anew after a run that left something out, if that brought something', () => {
    const partly = (declared: readonly Entry[]) =>
      settled(played({ isWhole: false, declared }), listOf([entry('/a')], [entry('/o')]), [])
    expect(partly([entry('/a')]).basis).toBe('old')
    expect(partly([entry('/b')]).basis).toBe('')
    expect(paths(partly([]).orphans)).toEqual(['/o'])
  })

  it('is made anew when a task that did not run is gone', () => {
    const skipped = { present: new Set([PAGE]), doubtful: new Set([PAGE]) }
    expect(basisOf(played(skipped))).not.toBe(basisOf(played()))
    expect(basisOf(played(skipped))).toBe(basisOf(played({ ...skipped, doubtful: new Set() })))
  })

  it('is read back as it was written, and what cannot be read is not there', () => {
    const list = listOf([entry('/b'), entry('/a')], [entry('/o')])
    const text = `owned ${list.id} ${ownedText(list)}entry {"half\nowned x.12 {"host":"h1"}\n`
    expect(parseOwned(text)).toEqual([listOf([entry('/a'), entry('/b')], [entry('/o')])])
  })
})
