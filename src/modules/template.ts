import type { z } from 'zod'
import { argumentsOf, bool, choice, path, text } from './shared/arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './shared/attributes.ts'
import { placedFile } from './shared/declared.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { destinationFor } from './shared/destination.ts'
import { withHome } from './shared/home.ts'
import { isUtf8, only } from './shared/honoured.ts'
import { baseName } from './shared/paths.ts'
import { placeFile } from './shared/place-file.ts'

const schema = () =>
  argumentsOf(
    {
      src: path(),
      dest: path(),
      backup: bool().default(false),
      force: bool().default(true),
      follow: bool().default(false),
      validate: text().optional(),
      newline_sequence: choice(['\n', '\r', '\r\n']).default('\n'),
      block_start_string: text().optional(),
      block_end_string: text().optional(),
      variable_start_string: text().optional(),
      variable_end_string: text().optional(),
      comment_start_string: text().optional(),
      comment_end_string: text().optional(),
      trim_blocks: bool().default(true),
      lstrip_blocks: bool().default(false),
      output_encoding: only(text(), isUtf8, 'files are written in UTF-8').default('utf-8'),
      ...attributeShape(),
    },
    ATTRIBUTE_ALIASES,
  )

export type TemplateArgs = z.output<ReturnType<typeof schema>>

/** The engine renders the text; here it is a file like any other. */
export const template = withHome<TemplateArgs>(
  () => ['dest'],
  defineFileModule({
    name: 'template',
    summary: 'Writes a file from a template',
    args: schema,
    declares: placedFile,
    written: (_args, result) =>
      result === null || result.msg === 'file already exists' ? [] : [String(result.dest)],
    settles: true,
    foreseeable: () => 'by files',
    local: args => [{ name: 'src', kind: 'template', path: args.src, options: renderOptions(args) }],
    keys: args => destinationFor(args.dest, args).keys,
    decide(args, seen, ctx) {
      const source = ctx.local('src')
      if (source.kind !== 'file') return { kind: 'fail', message: `The template ${args.src} was not found` }
      const content = withLineEnds(source.content, args.newline_sequence)
      const dest = destinationFor(args.dest, args).resolve(baseName(args.src), seen)
      const mode = args.mode === 'preserve' ? source.mode : args.mode
      return placeFile(
        {
          dest,
          content,
          args: { ...args, mode },
          force: args.force,
          follow: args.follow,
          result: { src: args.src },
        },
        seen,
        ctx,
      )
    },
  }),
)

function renderOptions(args: TemplateArgs) {
  const { block_start_string, block_end_string, variable_start_string, variable_end_string } = args
  const { comment_start_string, comment_end_string, trim_blocks, lstrip_blocks } = args
  const given = {
    blockStart: block_start_string,
    blockEnd: block_end_string,
    variableStart: variable_start_string,
    variableEnd: variable_end_string,
    commentStart: comment_start_string,
    commentEnd: comment_end_string,
    trimBlocks: trim_blocks,
    lstripBlocks: lstrip_blocks,
    newlineSequence: args.newline_sequence,
  }
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string | boolean] => entry[1] !== undefined),
  )
}

/** Line ends that the renderer has already made are not doubled. */
function withLineEnds(content: Uint8Array, sequence: string): Uint8Array {
  if (sequence === '\n') return content
  const text = new TextDecoder().decode(content)
  return new TextEncoder().encode(text.replace(/\r\n|\r|\n/g, sequence))
}
