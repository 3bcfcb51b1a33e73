/** Says a YAML parser's complaint in words that help: what is wrong in this line, and how to write it. */
import type { YAMLError } from 'yaml'
import type { Position, Problem } from '../base/error.ts'

export function syntaxProblem(error: YAMLError, source: string, at: (offset: number) => Position): Problem {
  const position = at(error.pos[0])
  const { message, hint } = explain(error, lineAt(error.pos[0], source))
  return { code: 'YAML_SYNTAX', message, hint, position }
}

function lineAt(offset: number, source: string): string {
  const end = source.indexOf('\n', offset)
  return source.slice(source.lastIndexOf('\n', offset - 1) + 1, end === -1 ? source.length : end)
}

interface Explanation {
  readonly message: string
  readonly hint?: string
}

function explain(error: YAMLError, line: string): Explanation {
  if (error.code === 'TAB_AS_INDENT' || /^\s*\t/.test(line)) {
    return { message: 'A tab indents this line; YAML allows only spaces', hint: 'Replace the tab by spaces.' }
  }
  if (/(^|[:-])\s+\{\{/.test(line)) {
    return {
      message: 'A value that begins with {{ must stand in quotes',
      hint: 'Write it as: key: "{{ name }}"',
    }
  }
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' || error.code === 'MULTILINE_IMPLICIT_KEY') {
    return {
      message: 'This line does not fit: a second ": " in one value, or a line without its own "key:"',
      hint: 'Put a value that holds ": " in quotes, and check the indentation of the lines above.',
    }
  }
  if (error.code === 'BAD_SCALAR_START') {
    return { message: error.message, hint: 'Put the value in quotes.' }
  }
  if (error.code === 'BAD_INDENT' || error.message.startsWith('All ')) {
    return { message: error.message, hint: 'Lines of one list or mapping begin in the same column.' }
  }
  if (error.code === 'BAD_DQ_ESCAPE') {
    return {
      message: error.message,
      hint: 'In double quotes write \\\\ for a backslash, or use single quotes.',
    }
  }
  if (error.code === 'RESOURCE_EXHAUSTION') {
    return {
      message: 'The document is nested too deeply',
      hint: 'A few hundred levels are the most that is read.',
    }
  }
  return { message: error.message, hint: undefined }
}
