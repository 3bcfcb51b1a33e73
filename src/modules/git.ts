/**
 * git: a working copy (or bare repository) at a version.
 *
 * Args     repo, dest, version, update, force, depth, clone, bare, remote, refspec, reference,
 *          single_branch, recursive, track_submodules, verify_commit, accept_hostkey,
 *          accept_newhostkey, key_file, ssh_opts, executable, umask.
 * Changes  clone, remote address, version (from and to as commits), submodules.
 * Errors   local changes without force; a version the remote does not know; git's own words.
 *          A login in an http address is handed over by the environment and never kept on the host.
 *          Asked before: HEAD here and the version's commit there (ls-remote), so check mode knows both.
 */

import type { Seen } from '../probes/contract.ts'
import { type Change, defineModule, type Verdict } from './contract.ts'
import { treeAt } from './shared/declared.ts'
import { gitAddress } from './shared/git-address.ts'
import { applyScript, gitAction } from './shared/git-commands.ts'
import { type GitLocal, localKey, readLocal, readTarget, remoteKey } from './shared/git-state.ts'
import { type GitArgs, gitSchema } from './shared/git-wish.ts'
import { withHome } from './shared/home.ts'
import { fail } from './shared/results.ts'

const GIT = { kind: 'which', command: 'git' } as const

export const git = withHome<GitArgs>(
  args => [
    ...(args.dest === undefined ? [] : (['dest'] as const)),
    ...(args.key_file === undefined ? [] : (['key_file'] as const)),
  ],
  defineModule<GitArgs>({
    name: 'git',
    summary: 'A working copy at a version',
    args: gitSchema,
    keys: args => [GIT, localKey(args), remoteKey(args)],
    decide(args, seen): Verdict {
      if (args.executable === undefined && seen.get(GIT).path === null)
        return fail('this host has no git: install the package git')
      const local = readLocal(seen.get(localKey(args)))
      if (typeof local === 'string') return fail(local)
      return local.exists ? existing(args, local, seen) : absent(args, seen)
    },
    declares: args => treeAt(args.dest),
    settles: true,
  }),
)

function absent(args: GitArgs, seen: Seen): Verdict {
  const target = readTarget(args, seen.get(remoteKey(args)))
  if ('problem' in target) return fail(target.problem)
  const result = { before: null, after: target.commit, remote_url_changed: false }
  // Nothing is changed, but who asks without wanting a clone asks whether there would be one.
  if (!args.clone) return { kind: 'ok', result: { ...result, changed: true } }
  if (args.dest === undefined) return fail('the destination directory must be specified unless clone=no')
  const changes = [{ what: 'clone', subject: args.dest, from: null, to: target.commit ?? args.version }]
  return change(args, changes, { result, script: applyScript(args, target, null) })
}

function existing(args: GitArgs, local: GitLocal, seen: Seen): Verdict {
  const unchanged = { before: local.commit, after: local.commit, remote_url_changed: false }
  if (!args.update) return { kind: 'ok', result: unchanged }
  if (local.modified && !args.force)
    return fail(`Local modifications exist in the destination: ${args.dest} (force=no).`, unchanged)
  const target = readTarget(args, seen.get(remoteKey(args)))
  if ('problem' in target) return fail(target.problem, unchanged)
  const subject = args.dest ?? ''
  const changes: Change[] = []
  const moved = gitAddress(local.url).url !== gitAddress(args.repo).url
  if (moved)
    changes.push({
      what: 'remote address',
      subject,
      from: gitAddress(local.url).url,
      to: gitAddress(args.repo).url,
    })
  const commit = target.commit ?? local.wanted
  const isEmpty = args.version === 'HEAD' && target.commit === null
  if (!isEmpty && (commit === null || commit !== local.commit))
    changes.push({ what: 'version', subject, from: local.commit, to: commit ?? args.version })
  if (local.modified) changes.push({ what: 'local changes', subject, from: 'modified', to: 'reset' })
  if (args.recursive && local.submodules)
    changes.push({ what: 'submodules', subject, from: 'outdated', to: 'recorded' })
  const result = { ...unchanged, after: commit, remote_url_changed: moved }
  if (changes.length === 0) return { kind: 'ok', result: unchanged }
  return change(args, changes, { result, script: applyScript(args, target, local) })
}

interface Planned {
  readonly result: {
    readonly before: string | null
    readonly after: string | null
    readonly remote_url_changed: boolean
  }
  readonly script: string
}

function change(args: GitArgs, changes: readonly Change[], { result, script }: Planned): Verdict {
  return {
    kind: 'change',
    changes,
    result,
    touches: [localKey(args), { kind: 'path', path: args.dest ?? '' }],
    apply: function* () {
      const output = yield gitAction(args, script)
      const after = /^==head (\S+)$/m.exec(output.stdout)?.[1] ?? result.after
      return { after }
    },
  }
}
