/** Tests of paths on the control machine; all but `abs` need the Templar's `machine`. */
import { valueError } from '../errors.ts'
import { required } from '../filters/paths.ts'
import { evaluator, type PathFacts } from '../runtime/evaluator.ts'
import { str } from '../runtime/printing.ts'
import { define } from '../runtime/signature.ts'

export const pathTests = define({
  'abs|is_abs()': (value: unknown) => str(value).startsWith('/'),
  'exists()': (value: unknown) => {
    const facts = stat(value)
    return facts !== null && (facts.kind !== 'link' || facts.target !== null)
  },
  'file|is_file()': (value: unknown) => kindOf(stat(value)) === 'file',
  'directory|is_dir()': (value: unknown) => kindOf(stat(value)) === 'directory',
  'link|is_link()': (value: unknown) => stat(value)?.kind === 'link',
  'link_exists()': (value: unknown) => stat(value) !== null,
  'mount|is_mount()': (value: unknown) => stat(value)?.isMount ?? false,
  'same_file|is_same_file(other: str)': (value: unknown, other: string) => {
    const facts = stat(value)
    return facts !== null && facts.identity === stat(other)?.identity
  },
  'vaulted_file()': (value: unknown) => {
    const isVaulted = required('looking into files', evaluator().machine.isVaulted)(str(value))
    return isVaulted ?? valueError(`vaulted_file: ${str(value)} cannot be read`)
  },
})

function stat(path: unknown): PathFacts | null {
  return required('looking at files', evaluator().machine.stat)(str(path))
}

/** What is there once links are followed. */
function kindOf(facts: PathFacts | null): string | null {
  return facts?.kind === 'link' ? facts.target : (facts?.kind ?? null)
}
