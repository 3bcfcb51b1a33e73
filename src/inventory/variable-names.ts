/** Warns of variables that no template can use, and of those whose value is always given by vpai. */
import type { Problem } from '../base/error.ts'
import type { VarBlock } from './draft.ts'
import { MAGIC_NAMES } from './magic.ts'
import { namesIn } from './precedence.ts'

/** INVENTORY_VARIABLE_NAME, INVENTORY_VARIABLE_RESERVED. */
export function variableNameProblems(block: VarBlock): Problem[] {
  return namesIn(block.vars).flatMap(name => {
    const wrong = wrongName(name)
    return wrong === undefined ? [] : [{ ...wrong, severity: 'warning', position: block.positionOf(name) }]
  })
}

function wrongName(name: string): Pick<Problem, 'code' | 'message' | 'hint'> | undefined {
  if (MAGIC_NAMES.has(name)) {
    const message = `"${name}" is given by vpai itself; this value is never seen`
    return { code: 'INVENTORY_VARIABLE_RESERVED', message, hint: 'Give it another name.' }
  }
  if (/^[A-Za-z_]\w*$/.test(name)) return undefined
  return {
    code: 'INVENTORY_VARIABLE_NAME',
    message: `"${name}" cannot be used as a variable: its name may hold letters, digits and _ only`,
    hint: `Call it ${name.replace(/\W/g, '_').replace(/^(?=\d)/, '_')}.`,
  }
}
