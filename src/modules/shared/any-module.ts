import type { Module } from '../contract.ts'

/**
 * A module whose arguments' type is known only at run time. Sound because the engine hands a module nothing
 * but what its own schema has parsed.
 */
export function anyModule<Args>(module: Module<Args>): Module {
  return module as unknown as Module
}
