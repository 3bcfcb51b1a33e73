/** Playbook files, with import_playbook followed, to plays; every problem is gathered, nothing is thrown. */
import type { Problem } from '../base/error.ts'
import { checkProject } from './check.ts'
import type { Cursor } from './cursor.ts'
import { type DataPlays, dataPlays, WORKS } from './data-plays.ts'
import { LoadContext, type LoadOptions } from './load-context.ts'
import { inherit } from './load-handlers.ts'
import { loadPlay } from './load-play.ts'
import type { Keywords, Play, Playbook } from './model.ts'
import { checkKeywords, readKeywords } from './read-keywords.ts'
import type { ProjectReader } from './reader.ts'
import { directoryOf, join, searchedHint } from './search-files.ts'
import { sortProblems } from './sort-problems.ts'
import { describe } from './value-types.ts'

export interface LoadedProject {
  readonly playbooks: readonly Playbook[]
  /** Sorted by place; warnings among them. */
  readonly problems: readonly Problem[]
  /** What its roles say of their data. */
  readonly data: DataPlays
  /** Caches of what was read, for includes at run time. */
  readonly context: LoadContext
}

/** Loads and checks playbooks with all roles and files they name. */
export function loadPlaybooks(
  reader: ProjectReader,
  files: readonly string[],
  options: LoadOptions,
): LoadedProject {
  const context = new LoadContext(reader, options)
  const playbooks = files.map((file, index) => {
    const again = files.indexOf(file) < index ? `${index + 1}.` : ''
    const path = join('.', file)
    if (!reader.isFile(path)) {
      context.report('CONFIG_FILE_NOT_FOUND', `There is no playbook ${file}`, {
        position: { file, line: 1, column: 1 },
      })
      return { file, plays: [] }
    }
    return { file, plays: loadFile(context, path, { chain: [], idPrefix: again }) }
  })
  const data = dataPlays(context, playbooks)
  const plays = WORKS.flatMap(work => data.plays(work))
  checkProject(context, plays.length === 0 ? playbooks : [...playbooks, { file: 'data', plays }])
  return { playbooks, data, problems: sortProblems(context.problems), context }
}

interface FilePlace {
  readonly chain: readonly string[]
  readonly idPrefix: string
}

function loadFile(context: LoadContext, file: string, { chain, idPrefix }: FilePlace): Play[] {
  const cursor = context.open(file)
  if (cursor === undefined || cursor.value === null) return []
  if (!cursor.isList) {
    context.report('CONFIG_NOT_A_LIST', `A playbook must be a list of plays, not ${describe(cursor.value)}`, {
      position: cursor.position,
      hint: 'Begin each play with "- ".',
    })
    return []
  }
  const place = { file, directory: directoryOf(file), idPrefix }
  return cursor.items().flatMap(item => {
    if (!item.isMapping) {
      const message = `A play must be a mapping, not ${describe(item.value)}`
      context.report('CONFIG_NOT_A_MAPPING', message, { position: item.position })
      return []
    }
    if (IMPORTS.some(key => item.get(key) !== undefined)) {
      return importPlaybook(context, item, { file, chain: [...chain, file], idPrefix })
    }
    return loadPlay(context, item, place) ?? []
  })
}

const IMPORTS = ['import_playbook', 'ansible.builtin.import_playbook']

function importPlaybook(context: LoadContext, item: Cursor, here: FilePlace & { file: string }): Play[] {
  if (!context.count(item.position)) return []
  const target = IMPORTS.flatMap(key => item.get(key) ?? [])[0]!
  checkKeywords(context, item, { level: 'import_playbook', skip: IMPORTS })
  const { position } = target
  const name = target.text
  if (target.isTemplate) {
    const message = 'The name of an imported playbook must be plain text'
    context.report('CONFIG_IMPORT_DYNAMIC', message, { position })
    return []
  }
  const file = join(directoryOf(here.file), name ?? '')
  if (name === undefined || !context.reader.isFile(file)) {
    const hint = searchedHint([file])
    context.report('CONFIG_FILE_NOT_FOUND', `There is no playbook ${name ?? ''}`, { position, hint })
    return []
  }
  if (here.chain.includes(file)) {
    context.report('CONFIG_IMPORT_CYCLE', `${file} imports itself: ${[...here.chain, file].join(' → ')}`, {
      position,
    })
    return []
  }
  const { line, column } = item.position
  const idPrefix = `${here.idPrefix}${here.file}:${line}:${column}>`
  const keywords = readKeywords(context, item)
  return loadFile(context, file, { chain: here.chain, idPrefix }).map(play => applyImport(play, keywords))
}

/** Variables of the import win over those of the play; conditions and tags add up. */
function applyImport(play: Play, keywords: Keywords): Play {
  const inherited = inherit(keywords, { when: play.when, tags: play.tags })
  const vars = keywords.vars === undefined ? play.vars : { ...play.vars, ...keywords.vars }
  return { ...play, ...inherited, ...(vars === undefined ? {} : { vars }) }
}
