import type { LoadContext } from './load-context.ts'
import type { Playbook } from './model.ts'

export function checkProject(_context: LoadContext, _playbooks: readonly Playbook[]): void {}
