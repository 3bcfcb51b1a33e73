/** What synchronize is to keep of the source, from its own arguments and from the rsync options that mean something here. */
import type { FilterRule } from './rsync-filter.ts'

export interface SyncOptions {
  readonly recursive: boolean
  readonly links: boolean
  readonly perms: boolean
  readonly times: boolean
  readonly owner: boolean
  readonly group: boolean
  readonly checksum: boolean
  readonly delete: boolean
  readonly deleteExcluded: boolean
  readonly existingOnly: boolean
  readonly ignoreExisting: boolean
  readonly sizeOnly: boolean
  readonly update: boolean
  readonly directoryTimes: boolean
  /** user and group for everything, instead of the source's. */
  readonly chown: { readonly user?: string; readonly group?: string }
  /** Permission bits for files and folders, instead of the source's. */
  readonly chmod: { readonly file?: number; readonly directory?: number }
  readonly rules: readonly FilterRule[]
}

/** The arguments of synchronize that count here; undefined: as `archive` says. */
export interface SyncWish {
  readonly archive: boolean
  readonly recursive?: boolean | undefined
  readonly links?: boolean | undefined
  readonly perms?: boolean | undefined
  readonly times?: boolean | undefined
  readonly owner?: boolean | undefined
  readonly group?: boolean | undefined
  readonly checksum: boolean
  readonly delete: boolean
  readonly existing_only: boolean
  readonly rsync_opts: readonly string[]
}

/** A text is the option that cannot be honoured. */
export function syncOptions(args: SyncWish): SyncOptions | string {
  const base = (value: boolean | undefined) => value ?? args.archive
  let options: SyncOptions = {
    recursive: base(args.recursive),
    links: base(args.links),
    perms: base(args.perms),
    times: base(args.times),
    owner: base(args.owner),
    group: base(args.group),
    checksum: args.checksum,
    delete: args.delete,
    deleteExcluded: false,
    existingOnly: args.existing_only,
    ignoreExisting: false,
    sizeOnly: false,
    update: false,
    directoryTimes: true,
    chown: {},
    chmod: {},
    rules: [],
  }
  for (const word of joinValues(args.rsync_opts)) {
    const next = withOption(options, word)
    if (next === null) return word
    options = next
  }
  return options
}

/** `--exclude X` in two elements is `--exclude=X`. */
function joinValues(words: readonly string[]): string[] {
  const joined: string[] = []
  for (const word of words.flatMap(one => (/^--\S+ \S/.test(one) ? [one.replace(' ', '=')] : [one]))) {
    if (/^--(exclude|include|chmod|chown)$/.test(joined.at(-1) ?? '')) joined.push(`${joined.pop()}=${word}`)
    else joined.push(word)
  }
  return joined
}

/** They say what is printed, or how rsync works inside. */
const WITHOUT_MEANING =
  /^(-[vqhPziS]+|--(verbose|quiet|stats|progress|human-readable|itemize-changes|compress|compress-level=.*|partial|delay-updates|whole-file|no-whole-file|inplace|mkpath|info=.*|out-format=.*|delete-(after|before|during|delay)|force|sparse|no-compress|no-motd|timeout=.*|protect-args|secluded-args|recursive|dirs))$/

const FLAGS: Readonly<Record<string, Partial<SyncOptions>>> = {
  '-r': { recursive: true },
  '-l': { links: true },
  '--links': { links: true },
  '-p': { perms: true },
  '--perms': { perms: true },
  '-t': { times: true },
  '--times': { times: true },
  '-o': { owner: true },
  '--owner': { owner: true },
  '-g': { group: true },
  '--group': { group: true },
  '-c': { checksum: true },
  '--checksum': { checksum: true },
  '-u': { update: true },
  '--update': { update: true },
  '-O': { directoryTimes: false },
  '--omit-dir-times': { directoryTimes: false },
  '--no-perms': { perms: false },
  '--no-p': { perms: false },
  '--no-times': { times: false },
  '--no-t': { times: false },
  '--no-owner': { owner: false },
  '--no-o': { owner: false },
  '--no-group': { group: false },
  '--no-g': { group: false },
  '--no-links': { links: false },
  '--no-l': { links: false },
  '--no-recursive': { recursive: false },
  '--delete': { delete: true },
  '--delete-excluded': { delete: true, deleteExcluded: true },
  '--existing': { existingOnly: true },
  '--ignore-non-existing': { existingOnly: true },
  '--ignore-existing': { ignoreExisting: true },
  '--size-only': { sizeOnly: true },
}

function withOption(options: SyncOptions, word: string): SyncOptions | null {
  const flag = FLAGS[word]
  if (flag !== undefined) return { ...options, ...flag }
  const [, name = '', value = ''] = /^--(exclude|include|chown|chmod)=(.*)$/s.exec(word) ?? []
  switch (name) {
    case 'exclude':
    case 'include': {
      const rule = { include: name === 'include', pattern: value.replace(/^(['"])(.*)\1$/s, '$2') }
      return { ...options, rules: [...options.rules, rule] }
    }
    case 'chown': {
      const [user = '', group = ''] = value.split(':')
      const chown = { ...(user ? { user } : {}), ...(group ? { group } : {}) }
      return { ...options, chown, owner: user !== '' || options.owner, group: group !== '' || options.group }
    }
    case 'chmod':
      return withChmod(options, value)
    default:
      return WITHOUT_MEANING.test(word) ? options : null
  }
}

/** D755,F644 or 644; symbolic modes would need the mode of every file first. */
function withChmod(options: SyncOptions, value: string): SyncOptions | null {
  let chmod = options.chmod
  for (const part of value.split(',')) {
    const match = /^([DF]?)0?([0-7]{3,4})$/.exec(part)
    if (match === null) return null
    const bits = Number.parseInt(match[2] ?? '', 8)
    if (match[1] !== 'F') chmod = { ...chmod, directory: bits }
    if (match[1] !== 'D') chmod = { ...chmod, file: bits }
  }
  return { ...options, chmod, perms: true }
}
