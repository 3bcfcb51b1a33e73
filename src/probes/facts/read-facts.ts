import type { Dict } from '../../base/value.ts'

export function readFacts(_text: string): Dict {
  return {}
}
