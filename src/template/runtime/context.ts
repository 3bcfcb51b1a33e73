import type { RenderFunction } from '../compiler/compile.ts'
import type { Evaluator } from './evaluator.ts'

/** The top-level names and the blocks of one template being rendered. */
export class RenderContext {
  readonly #evaluator: Evaluator
  readonly #variables: Map<string, unknown>
  readonly #blocks = new Map<string, RenderFunction[]>()

  /** `inherited`: the top-level names of the template that includes this one. */
  constructor(evaluator: Evaluator, inherited?: RenderContext) {
    this.#evaluator = evaluator
    this.#variables = new Map(inherited?.exported())
  }

  lookup(name: string): unknown {
    return this.#variables.has(name) ? this.#variables.get(name) : this.#evaluator.resolve(name)
  }

  setVariable(name: string, value: unknown): void {
    this.#variables.set(name, value)
  }

  /** What an importing template gets. */
  exported(): ReadonlyMap<string, unknown> {
    return this.#variables
  }

  /** Versions of a block, the most derived first. */
  blockVersions(name: string): readonly RenderFunction[] {
    return this.#blocks.get(name) ?? []
  }

  /** Called by generated code (`extends`) and before a template is run. */
  addBlock(name: string, render: RenderFunction): void {
    const versions = this.#blocks.get(name)
    if (versions) versions.push(render)
    else this.#blocks.set(name, [render])
  }
}
