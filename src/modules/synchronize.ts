/**
 * synchronize: a folder of the project on the host, or one of the host here, as rsync would leave it.
 *
 * There is no rsync in it: the host tells its tree in one request, the differences are computed here, and what
 * is missing travels through the session of the task (so with its user, its become and its checks).
 *
 * Args     src, dest, mode push|pull, archive and its parts, checksum, delete, existing_only, copy_links, dirs,
 *          rsync_opts as far as they say what is kept (exclude, include, chown, chmod …).
 * Changes  one for each file, folder, link, removed entry and attribute.
 * Errors   link_dest, and options of rsync that mean something else; pull with delete, and pull of links.
 */

import type { z } from 'zod'
import { defineModule, type LocalFile } from './contract.ts'
import { argumentsOf, bool, choice, int, list, path, text } from './shared/arguments.ts'
import { treeAt } from './shared/declared.ts'
import { withHome } from './shared/home.ts'
import { syncOptions } from './shared/sync-options.ts'
import { pullVerdict } from './shared/sync-pull.ts'
import { pushVerdict } from './shared/sync-verdict.ts'

const schema = () =>
  argumentsOf({
    src: path(),
    dest: path(),
    mode: choice(['push', 'pull']).default('push'),
    archive: bool().default(true),
    recursive: bool().optional(),
    links: bool().optional(),
    perms: bool().optional(),
    times: bool().optional(),
    owner: bool().optional(),
    group: bool().optional(),
    checksum: bool().default(false),
    compress: bool().default(true),
    copy_links: bool().default(false),
    delete: bool().default(false),
    delay_updates: bool().default(true),
    dirs: bool().default(false),
    existing_only: bool().default(false),
    partial: bool().default(false),
    quiet: bool().default(false),
    rsync_opts: list().default([]),
    rsync_path: text().optional(),
    rsync_timeout: int().default(0),
    dest_port: int().optional(),
    private_key: path().optional(),
    set_remote_user: bool().default(true),
    ssh_connection_multiplexing: bool().default(false),
    ssh_args: text().optional(),
    use_ssh_args: bool().default(false),
    verify_host: bool().default(false),
    link_dest: list().default([]),
  })
    .refine(
      args => args.link_dest.length === 0,
      'link_dest is not supported: nothing here makes hard links to another tree',
    )
    .refine(
      args => !args.delete || args.mode === 'push',
      'delete is not supported in mode pull: nothing is deleted here',
    )
    .refine(
      args => typeof syncOptions(args) !== 'string',
      'rsync_opts holds an option that cannot be honoured without rsync',
    )
    .refine(
      args => !/^\S+:\S*\//.test(args.dest) && !/^rsync:/.test(args.src),
      'takes paths only, no address of an rsync daemon',
    )
export type SynchronizeArgs = z.output<ReturnType<typeof schema>>

export const synchronize = withHome<SynchronizeArgs>(
  args => [args.mode === 'push' ? 'dest' : 'src'],
  defineModule({
    name: 'synchronize',
    summary: 'A folder kept the same on the host, or from there',
    args: schema,
    declares: args => (args.mode === 'push' ? treeAt(args.dest) : []),
    settles: true,
    local: args => {
      const links = args.copy_links ? 'follow' : 'keep'
      if (args.mode === 'push')
        return [{ name: 'src', kind: 'tree', path: args.src, options: { stat: true, links, decrypt: false } }]
      return [
        {
          name: 'dest',
          kind: 'tree',
          path: args.dest,
          options: { stat: true, decrypt: false },
          optional: true,
        },
      ]
    },
    keys: () => [],
    decide(args, seen, ctx) {
      const options = syncOptions(args)
      if (typeof options === 'string')
        return { kind: 'fail', message: `rsync_opts: ${options} cannot be honoured without rsync` }
      const found: LocalFile = ctx.local(args.mode === 'push' ? 'src' : 'dest')
      return args.mode === 'push'
        ? pushVerdict({ args, options, found }, seen, ctx)
        : pullVerdict({ args, options, found }, seen, ctx)
    },
  }),
)
