import type { z } from 'zod'
import { defineModule } from './contract.ts'
import { argumentsOf, bool, choice, int, list, path, text } from './shared/arguments.ts'
import { only } from './shared/honoured.ts'

const schema = () =>
  argumentsOf(
    {
      file: path().optional(),
      dir: path().optional(),
      name: text().optional(),
      depth: int().default(0),
      files_matching: text().optional(),
      ignore_files: list().optional(),
      extensions: list().default(['yaml', 'yml', 'json']),
      ignore_unknown_extensions: bool().default(false),
      hash_behaviour: only(
        choice(['replace', 'merge']),
        how => how === 'replace',
        'put mappings together with combine',
      ).default('replace'),
    },
    { _raw_params: 'file' },
  ).refine(args => (args.file === undefined) !== (args.dir === undefined), 'give one of file and dir')

export type IncludeVarsArgs = z.output<ReturnType<typeof schema>>

/** Reads variables from a file or directory of the project; the engine finds and parses it. */
export const includeVars = defineModule<IncludeVarsArgs>({
  name: 'include_vars',
  summary: 'Reads variables from files',
  args: schema,
  freeForm: 'file',
  settles: true,
  controller: true,
  local: args => [
    args.file === undefined
      ? { name: 'vars', kind: 'vars', path: args.dir ?? '', options: directoryOptions(args) }
      : { name: 'vars', kind: 'vars', path: args.file },
  ],
  keys: () => [],
  decide(args, _seen, ctx) {
    const source = ctx.local('vars')
    if (source.kind !== 'vars')
      return { kind: 'fail', message: `${args.file ?? args.dir} was not found among the project's variables` }
    const ansible_facts = args.name === undefined ? source.values : { [args.name]: source.values }
    return { kind: 'ok', result: { ansible_facts, ansible_included_var_files: source.files } }
  },
})

function directoryOptions(args: IncludeVarsArgs) {
  return {
    directory: true,
    depth: args.depth,
    extensions: args.extensions,
    ignore_unknown_extensions: args.ignore_unknown_extensions,
    ...(args.files_matching === undefined ? {} : { files_matching: args.files_matching }),
    ...(args.ignore_files === undefined ? {} : { ignore_files: args.ignore_files }),
  }
}
