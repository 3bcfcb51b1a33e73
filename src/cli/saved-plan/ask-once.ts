/** Plays that ask for variables (vars_prompt) are run several times for a plan; whoever sits there is asked once. */
import type { World } from '../../engine/world.ts'

export class Answers {
  readonly #given = new Map<string, Promise<string | null>>()

  /** Keeps what is answered: for runs in check mode, which pause for nothing. */
  keeping(ask: World['prompt']): World['prompt'] {
    return (text, echo) => {
      const answer = this.#given.get(text) ?? ask(text, echo)
      this.#given.set(text, answer)
      return answer
    }
  }

  /** Gives what was kept, and asks for everything else each time. */
  giving(ask: World['prompt']): World['prompt'] {
    return (text, echo) => this.#given.get(text) ?? ask(text, echo)
  }
}
