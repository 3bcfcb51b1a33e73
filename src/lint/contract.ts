/** What a rule of `vpai lint` is: an id, a summary, and a pure look at the loaded project. */
import type { Position } from '../base/error.ts'
import type { Playbook, Task } from '../config/model.ts'
import type { Above } from '../config/walk.ts'
import type { Service } from '../manifest/service.ts'

/** error: it will not do what it says. warning: it may hurt. info: taste and habit. */
export type Severity = 'error' | 'warning' | 'info'

/** Text of one line, replaced in place. `column` is 1-based; `before` is what must stand there now. */
export interface Edit {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly before: string
  readonly after: string
}

export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly hint?: string
  readonly position?: Position
  /** Only where the meaning stays the same. */
  readonly fix?: Edit
}

/** What a rule says; id and severity come from the rule. */
export type Remark = Omit<Finding, 'rule' | 'severity'> & { readonly severity?: Severity }

export interface PlacedTask {
  readonly task: Task
  readonly above: Above
}

/** A text of the project, as written. */
export interface SourceFile {
  readonly file: string
  readonly kind: 'yaml' | 'template' | 'other'
  readonly text: string
  readonly lines: readonly string[]
}

export interface LintedProject {
  readonly playbooks: readonly Playbook[]
  /** Every task once, handlers too, also of roles that no playbook uses. */
  readonly tasks: readonly PlacedTask[]
  readonly handlers: readonly Task[]
  /** Of the service.yml of the project's own roles. */
  readonly services: readonly Service[]
  readonly sources: readonly SourceFile[]
  readonly lineOf: (position: Position) => string
}

export interface Rule {
  readonly id: string
  readonly severity: Severity
  /** One line for the list of rules. */
  readonly summary: string
  /** Why it matters, and what to write instead. */
  readonly why: string
  readonly check: (project: LintedProject) => readonly Remark[]
}
