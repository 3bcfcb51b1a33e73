/** What the rest of the program uses of this room. */

export { type AnalyseOptions, type Analysis, analyse, type SourceKind, type VariableUse } from './analyse.ts'
export { TemplateError, type TemplateErrorCode, UnknownValueError } from './errors.ts'
export type { SyntaxOptions } from './file-header.ts'
export type { ControlMachine, PathFacts } from './runtime/evaluator.ts'
export { LazyMapping } from './runtime/values.ts'
export { type FileOptions, type Lookup, type Scope, Templar, type TemplarOptions } from './templar.ts'
