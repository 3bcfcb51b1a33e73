import type { RenderFunction } from '../compiler/compile.ts'
import type { Evaluator } from './evaluator.ts'

/** One template being rendered: the names it exports, its blocks, and the way to variables. */
export class RenderContext {
  readonly #evaluator: Evaluator
  readonly #exported = new Map<string, unknown>()
  readonly #blocks = new Map<string, RenderFunction[]>()

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator
  }

  /** A name no frame has. */
  lookup(name: string): unknown {
    return this.#evaluator.resolve(name)
  }

  setVariable(name: string, value: unknown): void {
    this.#exported.set(name, value)
  }

  /** What an importing template gets. */
  exported(): ReadonlyMap<string, unknown> {
    return this.#exported
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
