/** Where a project of the fault suite is deployed to: folders of a host, as the host names them and as we reach them. */
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'

export interface Place {
  /** Variables of the host `one` in the inventory. */
  readonly variables: Readonly<Record<string, unknown>>
  /** What is deployed into; there, and empty. */
  readonly target: string
  /** Where the host keeps its record. */
  readonly record: string
  /** The same as it is reached from this machine. */
  readonly seen: { readonly target: string; readonly record: string }
  remove(): void
}

/** This machine itself; `folder` is the place's own. */
export function localPlace(folder: string): Place {
  return placeIn({ root: '', folder, variables: { ansible_connection: 'local' } })
}

/** `root` goes before the host's paths where this machine looks at them. */
export function placeIn({
  root,
  folder,
  variables,
}: {
  readonly root: string
  readonly folder: string
  readonly variables: Readonly<Record<string, unknown>>
}): Place {
  const target = path.join(folder, 'target')
  const record = path.join(folder, 'record')
  mkdirSync(root + target, { recursive: true })
  return {
    variables: { ...variables, vpai_host_state: record },
    target,
    record,
    seen: { target: root + target, record: root + record },
    remove: () => rmSync(root + folder, { recursive: true, force: true }),
  }
}
