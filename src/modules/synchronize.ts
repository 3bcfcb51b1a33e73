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
import { only, withoutEffect } from './shared/honoured.ts'
import { syncOptions } from './shared/sync-options.ts'
import { pullVerdict } from './shared/sync-pull.ts'
import { pushVerdict } from './shared/sync-verdict.ts'

const OWN_CONNECTION = 'the files travel through the connection of the task, without rsync'

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
    compress: withoutEffect(bool().default(true), OWN_CONNECTION),
    copy_links: bool().default(false),
    delete: bool().default(false),
    delay_updates: withoutEffect(bool().default(true), OWN_CONNECTION),
    dirs: bool().default(false),
    existing_only: bool().default(false),
    partial: withoutEffect(bool().default(false), OWN_CONNECTION),
    quiet: withoutEffect(bool().default(false), OWN_CONNECTION),
    rsync_opts: list().default([]),
    rsync_path: withoutEffect(text().optional(), OWN_CONNECTION),
    rsync_timeout: withoutEffect(int().default(0), OWN_CONNECTION),
    dest_port: withoutEffect(int().optional(), OWN_CONNECTION),
    private_key: withoutEffect(path().optional(), OWN_CONNECTION),
    set_remote_user: withoutEffect(bool().default(true), OWN_CONNECTION),
    ssh_connection_multiplexing: withoutEffect(bool().default(false), OWN_CONNECTION),
    ssh_args: withoutEffect(text().optional(), OWN_CONNECTION),
    use_ssh_args: withoutEffect(bool().default(false), OWN_CONNECTION),
    verify_host: withoutEffect(bool().default(false), 'the key of a host is always checked'),
    link_dest: only(
      list().default([]),
      trees => trees.length === 0,
      'nothing here makes hard links to another tree',
    ),
  })
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
