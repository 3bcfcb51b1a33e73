/** How git gets a working copy to a version: one script, which prints the commit it ends at. */
import { quote } from '../../base/quote.ts'
import type { Context, RunAction } from '../contract.ts'
import { addressOf, type GitArgs, gitEnvironment, gitFunction } from './git-arguments.ts'
import type { Wanted } from './git-probe.ts'
import { directoryOf } from './paths.ts'

export interface Step {
  readonly wanted: Wanted
  readonly isNew: boolean
  /** Local edits are there and may be thrown away. */
  readonly resets: boolean
}

export function gitAction(args: GitArgs, step: Step, ctx: Context): RunAction {
  const body = step.isNew ? cloneLines(args, step.wanted) : updateLines(args, step)
  const lines = [
    gitFunction(args),
    'set -e',
    ...body,
    ...(args.bare ? [] : checkoutLines(args, step)),
    ...submoduleLines(args),
    ...(args.verify_commit ? ['g verify-commit HEAD >&2'] : []),
    `echo "after=$(g rev-parse -q --verify ${quote(`${args.bare ? bareRef(step.wanted) : 'HEAD'}^{commit}`)} || :)"`,
    // A refused submodule must not be hidden by the line above.
    'if [ -f .gitmodules ]; then echo "submodules=$(g submodule status --recursive | cksum)"; fi',
  ]
  return {
    do: 'run',
    script: lines.join('\n'),
    env: gitEnvironment(args, ctx),
    timeoutS: 24 * 3600,
    failure: `git could not bring ${args.dest} to ${args.version}`,
    ...(args.umask === undefined ? {} : { umask: args.umask.toString(8).padStart(4, '0') }),
  }
}

function bareRef({ kind, name }: Wanted): string {
  return kind === 'branch' ? `refs/heads/${name}` : kind === 'tag' ? `refs/tags/${name}` : name || 'HEAD'
}

function cloneLines(args: GitArgs, wanted: Wanted): string[] {
  const { dest, remote, depth, bare, reference, refspec } = args
  const named = wanted.kind === 'branch' || wanted.kind === 'tag'
  const words = [
    ...(bare ? ['--bare'] : ['--origin', remote, '--no-checkout']),
    ...(named ? ['--branch', wanted.name] : []),
    // A commit cannot be fetched by a shallow clone: it has no name at the remote.
    ...(depth !== undefined && (named || refspec !== undefined) ? ['--depth', String(depth)] : []),
    ...(args.single_branch ? ['--single-branch'] : []),
    ...(reference === undefined ? [] : ['--reference', reference]),
    '--',
    addressOf(args.repo).url,
    dest,
  ]
  return [
    `mkdir -p -- ${quote(directoryOf(dest))}`,
    `g clone -q ${words.map(quote).join(' ')} >&2`,
    `cd -- ${quote(dest)}`,
    ...(bare && remote !== 'origin' ? [`g remote rename origin ${quote(remote)} >&2`] : []),
    ...(refspec === undefined
      ? []
      : [`g fetch -q ${depthWords(args)}${quote(remote)} ${quote(refspec)} >&2`]),
    ...(wanted.kind === 'commit' && wanted.commit !== null ? [fetchCommit(args, wanted.name)] : []),
  ]
}

function updateLines(args: GitArgs, { wanted, resets }: Step): string[] {
  const { dest, remote, bare, refspec } = args
  const origin = quote(remote)
  const url = quote(addressOf(args.repo).url)
  return [
    `cd -- ${quote(dest)}`,
    `if u=$(g config --get ${quote(`remote.${remote}.url`)}); then [ "$u" = ${url} ] || g remote set-url ${origin} ${url}; else g remote add ${origin} ${url}; fi`,
    ...(resets && !bare ? ['g reset -q --hard >&2'] : []),
    ...(wanted.kind === 'unborn' ? [] : [fetchLine(args, wanted)]),
    ...(refspec === undefined
      ? []
      : [`g fetch -q ${depthWords(args)}--force ${origin} ${quote(refspec)} >&2`]),
    ...(wanted.kind === 'commit' && wanted.commit !== null ? [fetchCommit(args, wanted.name)] : []),
  ]
}

function fetchLine(args: GitArgs, { kind, name }: Wanted): string {
  const { remote, bare, depth, single_branch } = args
  const origin = quote(remote)
  const into = bare ? 'refs/heads' : `refs/remotes/${remote}`
  const one = kind === 'tag' ? `+refs/tags/${name}:refs/tags/${name}` : `+refs/heads/${name}:${into}/${name}`
  if (kind !== 'commit' && (depth !== undefined || single_branch))
    return `g fetch -q ${depthWords(args)}--force ${origin} ${quote(one)} >&2`
  const all = quote(`+refs/heads/*:${into}/*`)
  return `if [ "$(g rev-parse --is-shallow-repository)" = true ]; then s=--unshallow; else s=; fi
g fetch -q --force --tags $s ${origin} ${all} >&2`
}

/** A commit that no branch or tag leads to can be asked for by its whole id, where the server allows it. */
function fetchCommit({ remote }: GitArgs, commit: string): string {
  const id = quote(`${commit}^{commit}`)
  return `g cat-file -e ${id} 2>/dev/null || g fetch -q ${quote(remote)} ${quote(commit)} >&2`
}

function depthWords({ depth }: GitArgs): string {
  return depth === undefined ? '' : `--depth ${depth} `
}

/** With --force, files that are in the way are overwritten; edits were refused or reset before. */
function checkoutLines({ remote, version }: GitArgs, { wanted }: Step): string[] {
  switch (wanted.kind) {
    case 'unborn':
      return []
    case 'branch': {
      const from = quote(`refs/remotes/${remote}/${wanted.name}`)
      const name = quote(wanted.name)
      return [
        `if g show-ref --verify -q ${quote(`refs/heads/${wanted.name}`)}; then g checkout -q --force ${name} -- >&2; else g checkout -q --force --track -b ${name} ${from} -- >&2; fi`,
        `g reset -q --hard ${from} -- >&2`,
      ]
    }
    case 'tag':
      return [`g checkout -q --force --detach ${quote(`refs/tags/${wanted.name}^{commit}`)} -- >&2`]
    default:
      return [
        `g rev-parse -q --verify ${quote(`${wanted.name}^{commit}`)} >/dev/null || { echo ${quote(`${version} is no branch, tag or commit of the repository`)} >&2; exit 1; }`,
        `g checkout -q --force --detach ${quote(`${wanted.name}^{commit}`)} -- >&2`,
      ]
  }
}

function submoduleLines({ bare, recursive, track_submodules, force }: GitArgs): string[] {
  if (bare || !recursive) return []
  const words = `--init --recursive${track_submodules ? ' --remote' : ''}${force ? ' --force' : ''}`
  return [
    `if [ -f .gitmodules ]; then g submodule --quiet sync --recursive >&2; g submodule --quiet update ${words} >&2; fi`,
  ]
}
