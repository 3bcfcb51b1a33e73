/**
 * yum_repository: a repository of dnf or yum, as a section of a .repo file.
 *
 * Args     name (the id), description, baseurl, mirrorlist or metalink, file, reposdir, state, and every setting
 *          of a repository that Ansible's module knows; owner, group, mode of the file.
 * Changes  the section; the file goes with its last section. The order of settings is no difference.
 * Errors   no address at all; no description.
 */

import type { Verdict } from './contract.ts'
import { fileAt } from './shared/declared.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { editFile, editKeys } from './shared/edit-file.ts'
import {
  baseOf,
  settingsOf,
  type YumRepositoryArgs,
  yumRepositorySchema,
} from './shared/yum-repository-arguments.ts'
import { withoutRepository, withRepository } from './shared/yum-repository-text.ts'

export const yumRepository = defineFileModule<YumRepositoryArgs>({
  name: 'yum_repository',
  summary: 'A repository of dnf or yum',
  args: yumRepositorySchema,
  keys: args => editKeys(editOf(args)),
  decide(args, seen, ctx): Verdict {
    const edit = editOf(args)
    const result = { repo: args.name, state: args.state }
    const isAbsent = args.state === 'absent'
    if (isAbsent) {
      const content = seen.get({ kind: 'content', path: edit.path })
      const text = content.state === 'present' ? new TextDecoder().decode(content.bytes) : ''
      if (content.state === 'present' && withoutRepository(text, args.name).trim() === '')
        return {
          kind: 'change',
          changes: [{ what: 'repository', subject: args.name, from: edit.path, to: null }],
          apply: [{ do: 'remove', path: edit.path }],
          result,
          touches: [{ kind: 'content', path: edit.path }],
        }
    }
    const change = (text: string) => ({
      text: isAbsent ? withoutRepository(text, args.name) : withRepository(text, args.name, settingsOf(args)),
      msg: '',
      result,
    })
    const verdict = editFile({ args: edit, whenAbsent: isAbsent ? 'ok' : 'create', edit: change }, seen, ctx)
    // `state` is the repository's, not the file's.
    return verdict.kind !== 'ok' && verdict.kind !== 'change'
      ? verdict
      : { ...verdict, result: { ...verdict.result, state: args.state } }
  },
  written: args => [editOf(args).path],
  declares: args => (args.state === 'absent' ? [] : fileAt([editOf(args).path])),
  settles: true,
})

function editOf(args: YumRepositoryArgs) {
  return {
    ...baseOf(args),
    path: `${args.reposdir.replace(/\/$/, '')}/${args.file ?? args.name}.repo`,
    backup: false,
  }
}
