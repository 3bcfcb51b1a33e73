/**
 * archive: files and folders of the host packed into one archive there.
 *
 * Args     path (list, patterns), dest, format, exclude_path, exclusion_patterns, force_archive, remove,
 *          owner, group, mode.
 * Changes  the archive, when names, contents or times differ; the sources with remove; owner and mode.
 * Errors   no dest for several files; the packing program is missing; an archive inside what is removed.
 */
import type { z } from 'zod'
import type { Key, Seen } from '../probes/contract.ts'
import type { Action, Change, Context, Verdict } from './contract.ts'
import {
  type ArchiveWish,
  compareKey,
  makeAction,
  PROGRAMS,
  readCompared,
  removeSources,
} from './shared/archive-commands.ts'
import { type ArchivePlan, expansionKey, readExpansion } from './shared/archive-plan.ts'
import { argumentsOf, bool, choice, list, path } from './shared/arguments.ts'
import {
  ATTRIBUTE_ALIASES,
  attributeChanges,
  attributeResult,
  attributeShape,
  isPresent,
  ownerKeys,
  wantedAttributes,
} from './shared/attributes.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { withHome } from './shared/home.ts'
import { expandHome, homeKeys } from './shared/home-path.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      path: list(),
      dest: path().optional(),
      format: choice(['gz', 'bz2', 'tar', 'xz', 'zip']).default('gz'),
      exclude_path: list().default([]),
      exclusion_patterns: list().default([]),
      force_archive: bool().default(false),
      remove: bool().default(false),
      ...attributeShape(),
    },
    ATTRIBUTE_ALIASES,
  ).refine(args => args.path.length > 0, 'needs at least one path')
type Args = z.output<ReturnType<typeof schema>>

export const archive = withHome<Args>(
  args => (args.dest === undefined ? [] : ['dest']),
  defineFileModule({
    name: 'archive',
    summary: 'Packs files of the host into an archive',
    args: schema,
    settles: true,
    keys: (args, ctx) => [
      { kind: 'which', command: PROGRAMS[args.format][0] },
      ...args.path.flatMap(one => homeKeys(one, ctx)),
      ...ownerKeys(args),
    ],
    decide(args, seen, ctx): Verdict {
      const [program, packageName] = PROGRAMS[args.format]
      if (seen.get({ kind: 'which', command: program }).path === null)
        return fail(`this host has no ${program}: install the package ${packageName}`)
      const paths = args.path.map(one => expandHome(one, seen, ctx))
      const expansion = expansionKey(paths, args.exclude_path)
      if (!seen.has(expansion)) return { kind: 'ask', keys: [expansion] }
      const plan = readExpansion(seen.get(expansion), { paths, force: args.force_archive })
      if (plan.targets.length === 0) return nothingToPack(args, plan)
      const dest = args.dest ?? (plan.isArchive ? null : `${plan.targets[0]?.path}.${args.format}`)
      if (dest === null) return fail('Error, must specify "dest" when archiving multiple files or trees')
      if (args.remove && plan.targets.some(one => one.isDirectory && isInside(dest, one.path)))
        return fail('Error, created archive can not be contained in source paths when remove=true')
      const wish = { dest, format: args.format, exclusionPatterns: args.exclusion_patterns, plan }
      return compareAndDecide(args, wish, { seen, ctx })
    },
  }),
)

function compareAndDecide(
  args: Args,
  wish: ArchiveWish,
  { seen }: { readonly seen: Seen; readonly ctx: Context },
): Verdict {
  const keys: readonly Key[] = [destKey(wish), compareKey(wish)]
  if (keys.some(key => !seen.has(key))) return { kind: 'ask', keys }
  const current = seen.get(destKey(wish))
  if (current.type === 'directory') return fail(`${wish.dest} is a directory, not a file`)
  const wanted = wantedAttributes(args, seen, { current })
  if (wanted.problem !== null) return fail(wanted.problem)
  const { problem: _none, ...attributes } = wanted
  const { names, state } = readCompared(seen.get(compareKey(wish)))
  const edits = attributeChanges(wish.dest, current, attributes)
  const changes: Change[] = [...edits]
  const apply: Action[] = []
  if (state !== 'same') {
    changes.unshift({
      what: 'content',
      subject: wish.dest,
      from: state === 'absent' ? null : 'other content',
      to: `${names.length} ${names.length === 1 ? 'entry' : 'entries'}`,
    })
    apply.push(makeAction(wish, args.unsafe_writes))
  }
  if (Object.keys(attributes).length > 0 && (state !== 'same' || edits.length > 0))
    apply.push({ do: 'attributes', path: wish.dest, ...attributes })
  if (args.remove) {
    changes.push(...wish.plan.targets.map(({ path: subject }) => gone(subject)))
    apply.push(removeSources(wish))
  }
  const result = { ...resultOf(wish, names), ...(isPresent(current) ? attributeResult(current) : {}) }
  const told = { ...result, state: stateOf(wish), dest: wish.dest }
  if (changes.length === 0) return { kind: 'ok', result: told }
  return { kind: 'change', changes, apply, result: told, touches: keys }
}

const destKey = ({ dest }: ArchiveWish) => ({ kind: 'path', path: dest, follow: true }) as const
const isInside = (path: string, folder: string): boolean => path.startsWith(`${folder.replace(/\/+$/, '')}/`)
const gone = (subject: string): Change => ({ what: 'state', subject, from: 'present', to: null })

/** As Ansible says it: incomplete when something asked for is missing. */
function stateOf({ plan, format }: ArchiveWish): string {
  if (plan.missing.length > 0) return 'incomplete'
  return plan.isArchive || format === 'tar' || format === 'zip' ? 'archive' : 'compress'
}

function resultOf(wish: ArchiveWish, names: readonly string[]) {
  const { plan } = wish
  return {
    dest_state: stateOf(wish),
    arcroot: plan.root,
    archived: names.map(name => `${plan.root}${name}`),
    missing: [...plan.missing],
    expanded_paths: plan.targets.map(({ path }) => path),
    expanded_exclude_paths: [...plan.excluded],
  }
}

/** Sources that a former run took away are no error. */
function nothingToPack(args: Args, plan: ArchivePlan): Verdict {
  const result = {
    dest: args.dest ?? null,
    state: 'absent',
    archived: [],
    missing: [...plan.missing],
    arcroot: plan.root,
    expanded_paths: [],
    expanded_exclude_paths: [...plan.excluded],
  }
  return { kind: 'ok', result }
}
