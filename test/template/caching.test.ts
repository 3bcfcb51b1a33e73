import { describe, expect, it } from 'vitest'
import { Template } from '../../src/base/value.ts'
import { compileExpression, compileNative, compileTemplate } from '../../src/template/compiler/compile.ts'
import { fileSyntax } from '../../src/template/file-syntax.ts'
import { Templar } from '../../src/template/index.ts'
import { FILE_SYNTAX, STRING_SYNTAX } from '../../src/template/syntax.ts'
import { PlainSecrets } from './make-templar.ts'

describe('what rendering costs', () => {
  it('compiles a source once for each syntax', () => {
    expect(compileExpression('a == 1')).toBe(compileExpression('a == 1'))
    expect(compileNative('{{ a }}', STRING_SYNTAX)).toBe(compileNative('{{ a }}', STRING_SYNTAX))
    expect(compileTemplate('{{ a }}', FILE_SYNTAX)).not.toBe(compileTemplate('{{ a }}', STRING_SYNTAX))
  })

  it('has one syntax object for equal syntaxes', () => {
    expect(fileSyntax(FILE_SYNTAX, { lstripBlocks: true })).toBe(
      fileSyntax(FILE_SYNTAX, { lstripBlocks: true }),
    )
    expect(fileSyntax(FILE_SYNTAX, { trimBlocks: true })).toBe(FILE_SYNTAX)
  })

  it('reads only the variables a template names, however many there are', () => {
    const asked: string[] = []
    const lazy = new Template('{{ v8 }}!')
    const scope = {
      get: (name: string) => {
        asked.push(name)
        return name === 'v7' ? lazy : name
      },
      names: (): string[] => {
        throw new Error('the scope was listed')
      },
    }
    const templar = new Templar({ scope, secrets: new PlainSecrets() })
    expect(templar.value(new Template('{{ v7 }} {{ v7 }}'))).toBe('v8! v8!')
    expect(templar.condition('v9 == "v9"')).toBe(true)
    expect(asked).toEqual(['v7', 'v8', 'v7', 'v9'])
  })
})
