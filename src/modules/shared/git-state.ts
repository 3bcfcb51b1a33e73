/** What is here (HEAD, remote, local changes) and what is there (the commit of the version, by ls-remote). */
import { quote } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import { digest } from './digest.ts'
import { gitAddress } from './git-address.ts'
import { gitEnvironment, gitWord } from './git-commands.ts'
import type { GitArgs } from './git-wish.ts'

export interface GitLocal {
  readonly exists: boolean
  readonly commit: string | null
  readonly url: string
  readonly modified: boolean
  readonly submodules: boolean
  /** The version as this repository knows it: for short commits that no remote lists. */
  readonly wanted: string | null
}

export function localKey(args: GitArgs) {
  const git = gitWord(args)
  const ref = args.bare ? quote(args.version) : 'HEAD'
  const script = `[ -d ${quote(args.dest ?? '')} ] || { echo absent; exit 0; }
cd ${quote(args.dest ?? '')} || exit 1
if [ ! -e .git ] && ! { [ -f HEAD ] && [ -d objects ]; }; then [ -z "$(ls -A)" ] && { echo absent; exit 0; }; echo foreign; exit 0; fi
${git} rev-parse --git-dir >/dev/null || exit 1
echo present
echo "commit $(${git} rev-parse -q --verify ${ref}'^{commit}' 2>/dev/null)"
echo "url $(${git} config --get remote.${quote(args.remote)}.url)"
echo "wanted $(${git} rev-parse -q --verify ${quote(`${args.version}^{commit}`)} 2>/dev/null)"
${
  args.bare
    ? ''
    : `echo "modified $(${git} --no-optional-locks status --porcelain --untracked-files=no --ignore-submodules 2>/dev/null | head -n 1)"
[ ! -f .gitmodules ] || echo "submodules $(${git} submodule status --recursive 2>/dev/null | grep -E '^[-+U]' | head -n 1)"`
}
true`
  return {
    kind: 'read',
    name: `git ${args.dest} ${args.remote} ${args.version} ${args.bare}`,
    script,
  } as const satisfies Key
}

/** A sentence when there is something else at dest, or git refuses to look. */
export function readLocal({ code, stdout, stderr }: ReadSeen): GitLocal | string {
  const none = { exists: false, commit: null, url: '', modified: false, submodules: false, wanted: null }
  if (code !== 0) return stderr.trim() || 'git could not read the working copy'
  if (stdout.startsWith('absent')) return none
  if (stdout.startsWith('foreign')) return 'the destination exists, is not empty and is no git repository'
  const of = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(stdout)?.[1]?.trim() ?? ''
  return {
    exists: true,
    commit: of('commit') || null,
    url: of('url'),
    modified: of('modified') !== '',
    submodules: of('submodules') !== '',
    wanted: of('wanted') || null,
  }
}

/** The address may hold a login, so the key's name has its digest alone. */
export function remoteKey(args: GitArgs) {
  const v = args.version
  const refs = v === 'HEAD' ? ['HEAD'] : [v, `refs/heads/${v}`, `refs/tags/${v}`, `refs/tags/${v}^{}`]
  const script = /^[0-9a-f]{40}$/.test(v)
    ? 'true'
    : `${gitWord(args)} ls-remote --symref -- ${[gitAddress(args.repo).url, ...refs].map(quote).join(' ')}`
  const name = `git remote ${digest('sha256', JSON.stringify([args.repo, gitEnvironment(args)]))} ${v}`
  return { kind: 'read', name, script, env: gitEnvironment(args) } as const satisfies Key
}

export interface GitTarget {
  /** null: only a fetch can tell (a short commit, a refspec). */
  readonly commit: string | null
  readonly branch: string | null
}

export function readTarget(
  args: GitArgs,
  { code, stdout, stderr }: ReadSeen,
): GitTarget | { readonly problem: string } {
  const v = args.version
  if (/^[0-9a-f]{40}$/.test(v)) return { commit: v, branch: null }
  if (code !== 0) return { problem: `Failed to query the remote repository: ${stderr.trim()}` }
  const refs = new Map(stdout.split('\n').map(line => line.split('\t').reverse() as [string, string]))
  const head = /^ref: refs\/heads\/(\S+)\s+HEAD$/m.exec(stdout)?.[1] ?? null
  if (v === 'HEAD') return { commit: /^([0-9a-f]{40})\tHEAD$/m.exec(stdout)?.[1] ?? null, branch: head }
  const branch = refs.get(`refs/heads/${v}`)
  if (branch !== undefined) return { commit: branch, branch: v }
  const commit = refs.get(`refs/tags/${v}^{}`) ?? refs.get(`refs/tags/${v}`) ?? refs.get(v) ?? null
  if (commit === null && args.refspec === undefined && !/^[0-9a-f]{4,39}$/.test(v)) {
    return { problem: `the remote repository has no branch, tag or commit ${v}` }
  }
  return { commit, branch: null }
}
