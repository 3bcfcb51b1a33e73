import type { z } from 'zod'
import { argumentsOf, bool, int, octal, path, text, word } from './arguments.ts'

export const gitSchema = () =>
  argumentsOf(
    {
      repo: word(),
      dest: path().optional(),
      version: word().default('HEAD'),
      remote: word().default('origin'),
      refspec: text().optional(),
      reference: text().optional(),
      force: bool().default(false),
      depth: int().optional(),
      clone: bool().default(true),
      update: bool().default(true),
      bare: bool().default(false),
      single_branch: bool().default(false),
      recursive: bool().default(true),
      track_submodules: bool().default(false),
      verify_commit: bool().default(false),
      accept_hostkey: bool().default(false),
      accept_newhostkey: bool().default(false),
      key_file: path().optional(),
      ssh_opts: text().optional(),
      executable: path().optional(),
      umask: octal().optional(),
    },
    { name: 'repo' },
  )

export type GitArgs = z.output<ReturnType<typeof gitSchema>>
