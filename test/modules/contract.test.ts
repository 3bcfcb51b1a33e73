import { describe, expect, it } from 'vitest'
import { ALL_MODULES } from '../../src/modules/index.ts'

describe('a module', () => {
  it.each(ALL_MODULES.map(module => [module.name, module] as const))(
    '%s keeps its schema once it is built',
    (_name, module) => {
      expect(module.args()).toBe(module.args())
    },
  )
})
