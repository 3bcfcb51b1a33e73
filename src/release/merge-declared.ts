/** What is declared after a part of the project was run: what the release before says, with what this run says over it. */
import type { DeclaredLists } from './manifest.ts'

export function mergeDeclared(before: DeclaredLists, now: DeclaredLists): DeclaredLists {
  return {
    files: merged(before.files, now.files, ({ path }) => path),
    compose: merged(before.compose, now.compose, ({ project }) => project),
    containers: merged(before.containers, now.containers, name => name),
    units: merged(before.units, now.units, name => name),
    userUnits: merged(before.userUnits, now.userUnits, name => name),
    packages: merged(before.packages, now.packages, name => name),
  }
}

function merged<Item>(before: readonly Item[], now: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map([...before, ...now].map(item => [keyOf(item), item])).values()]
}
