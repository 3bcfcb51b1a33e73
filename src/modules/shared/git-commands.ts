/** Clone, fetch and checkout as one script. A login in the address goes by the environment. */
import { quote, quoteAll } from '../../base/quote.ts'
import type { RunAction } from '../contract.ts'
import { gitAddress, gitWithLogin, loginEnvironment } from './git-address.ts'
import type { GitLocal, GitTarget } from './git-state.ts'
import type { GitArgs } from './git-wish.ts'

export function gitWord(args: GitArgs): string {
  return gitWithLogin(quote(args.executable ?? 'git'), args.repo)
}

/** Never asks for a password or a host key: that would hang. */
export function gitEnvironment(args: GitArgs): Record<string, string> {
  const ssh = [
    'ssh',
    '-o',
    'BatchMode=yes',
    ...(args.accept_hostkey ? ['-o', 'StrictHostKeyChecking=no'] : []),
    ...(args.accept_newhostkey ? ['-o', 'StrictHostKeyChecking=accept-new'] : []),
    ...(args.key_file === undefined ? [] : ['-i', args.key_file, '-o', 'IdentitiesOnly=yes']),
  ]
  return {
    ...loginEnvironment(args.repo),
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSH_COMMAND: `${quoteAll(ssh)}${args.ssh_opts === undefined ? '' : ` ${args.ssh_opts}`}`,
  }
}

export function gitAction(args: GitArgs, script: string): RunAction {
  const umask = args.umask === undefined ? {} : { umask: args.umask.toString(8).padStart(4, '0') }
  return {
    do: 'run',
    script,
    env: gitEnvironment(args),
    failure: `git could not bring ${args.dest} to ${args.version}`,
    ...umask,
  }
}

export function applyScript(args: GitArgs, target: GitTarget, local: GitLocal | null): string {
  const git = gitWord(args)
  const dest = quote(args.dest ?? '')
  const lines = local === null ? cloneLines(args, target) : fetchLines(args, local)
  // Nothing to check out: the remote is empty.
  const isEmpty = args.version === 'HEAD' && target.commit === null
  const checkout = args.bare || isEmpty ? [] : checkoutLines(args, target)
  return [
    'set -e',
    ...lines,
    `cd ${dest}`,
    ...checkout,
    `echo "==head $(${git} rev-parse -q --verify ${args.bare ? quote(args.version) : 'HEAD'}'^{commit}')"`,
  ].join('\n')
}

function cloneLines(args: GitArgs, target: GitTarget): string[] {
  const git = gitWord(args)
  const dest = quote(args.dest ?? '')
  const when = (wanted: boolean, ...words: string[]) => (wanted ? words : [])
  // A shallow clone of a single commit is a fetch of that commit; branches and tags go by name.
  const named = args.version !== 'HEAD' && !/^[0-9a-f]{4,40}$/.test(args.version)
  const shallow = args.depth !== undefined
  const words = [
    'clone',
    '--origin',
    args.remote,
    ...when(args.bare, '--bare'),
    ...when(!args.bare, '--no-checkout'),
    ...when(shallow && (named || args.version === 'HEAD'), '--depth', String(args.depth)),
    ...when(named && (shallow || args.single_branch) && args.refspec === undefined, '--branch', args.version),
    ...when(args.single_branch, '--single-branch'),
    ...when(args.reference !== undefined, '--reference', args.reference ?? ''),
  ]
  const parent = quote((args.dest ?? '').replace(/\/+[^/]*\/*$/, '') || '/')
  const extra =
    args.refspec === undefined ? [] : [`${git} -C ${dest} fetch ${quoteAll([args.remote, args.refspec])}`]
  return [
    `mkdir -p ${parent}`,
    `${git} ${quoteAll([...words, '--', gitAddress(args.repo).url])} ${dest}`,
    ...extra,
    ...(target.commit === null ? [] : fetchCommit(args, target.commit)),
  ]
}

/** A commit that no branch reaches, or a shallow clone left out. */
function fetchCommit(args: GitArgs, commit: string): string[] {
  const git = `${gitWord(args)} -C ${quote(args.dest ?? '')}`
  return [
    `${git} cat-file -e ${commit}'^{commit}' 2>/dev/null || ${git} fetch -q ${quote(args.remote)} ${commit}`,
  ]
}

function fetchLines(args: GitArgs, local: GitLocal): string[] {
  const git = `${gitWord(args)} -C ${quote(args.dest ?? '')}`
  const depth = args.depth === undefined ? '' : ` --depth ${args.depth}`
  const heads = args.bare ? '+refs/heads/*:refs/heads/*' : `+refs/heads/*:refs/remotes/${args.remote}/*`
  const specs = quoteAll([heads, ...(args.refspec === undefined ? [] : [args.refspec])])
  const remote = quote(args.remote)
  const { url } = gitAddress(args.repo)
  const verb = local.url === '' ? 'add' : 'set-url'
  return [
    ...(local.url === url ? [] : [`${git} remote ${verb} ${remote} ${quote(url)}`]),
    ...(args.force && !args.bare ? [`${git} reset -q --hard`] : []),
    `${git} fetch -q --tags --force${depth} ${remote} ${specs}`,
  ]
}

function checkoutLines(args: GitArgs, target: GitTarget): string[] {
  const git = gitWord(args)
  const force = args.force ? '--force ' : ''
  const tracked = quote(`${args.remote}/${target.branch}`)
  const place = quote(target.commit ?? args.version)
  const checkout =
    target.branch === null
      ? `${git} checkout -q ${force}--detach ${place}`
      : `${git} checkout -q ${force}-B ${quote(target.branch)} ${tracked}`
  const track = args.track_submodules ? ' --remote' : ''
  return [
    ...(args.verify_commit ? [`${git} verify-commit ${place}`] : []),
    checkout,
    ...(args.recursive
      ? [
          `[ ! -f .gitmodules ] || { ${git} submodule sync -q --recursive && ${git} submodule update -q --init --recursive${track}; }`,
        ]
      : []),
  ]
}
