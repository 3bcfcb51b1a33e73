/** Files that template, copy, script, unarchive and include_vars name must be in the project. */
import type { LoadContext } from '../load-context.ts'
import type { Playbook } from '../model.ts'
import { filesBelow, readVariables } from '../role-files.ts'
import { searchedHint } from '../search-files.ts'
import { walkProject } from '../walk.ts'
import { namedFile, searchNamedFile } from './local-files.ts'

export function checkFiles(context: LoadContext, playbooks: readonly Playbook[]): void {
  walkProject(context, playbooks, {
    task: (task, above) => {
      const file = namedFile(task)
      if (file === undefined) return
      const { found, searched } = searchNamedFile(context, file, { task, above })
      if (found === undefined) {
        context.report('CONFIG_FILE_NOT_FOUND', `${task.module} finds no file ${file.name} in the project`, {
          position: task.argPositions[file.argument] ?? task.position,
          hint: searchedHint(searched),
          // A file of variables may be made by an earlier task.
          severity: file.kind === 'vars' && file.name.startsWith('/') ? 'warning' : undefined,
        })
      } else if (file.kind === 'vars') readVariableFiles(context, found)
    },
  })
}

function readVariableFiles(context: LoadContext, path: string): void {
  const files = context.reader.isDirectory(path) ? filesBelow(context, path) : [path]
  for (const file of files) readVariables(context, file)
}
