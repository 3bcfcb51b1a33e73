import type { Definitions } from './signature.ts'

/** Everything templates can name besides variables. All tables have no prototype. */
export interface Library {
  readonly filters: Definitions
  readonly tests: Definitions
  readonly methods: { readonly str: Definitions; readonly list: Definitions; readonly dict: Definitions }
  /** Functions and constants such as `range` and `omit`. */
  readonly globals: Readonly<Record<string, unknown>>
}
