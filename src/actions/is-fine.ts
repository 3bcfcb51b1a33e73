import type { Action } from '../modules/contract.ts'
import type { Bundle } from './bundle.ts'

/** Is this exit code one the action calls fine? */
export function isFine(action: Action | Bundle, code: number): boolean {
  if (action.do !== 'run') return code === 0
  if (action.ok === 'any') return true
  return (action.ok ?? [0]).includes(code)
}
