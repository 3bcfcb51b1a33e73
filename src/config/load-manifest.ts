/** `service.yml` beside the folders of a role: the containers that the role stands for. Most roles have none. */
import { checkManifest } from '../manifest/check-services.ts'
import { readManifest } from '../manifest/read-manifest.ts'
import { NO_MANIFEST, type RoleManifest } from '../manifest/service.ts'
import type { Cursor } from './cursor.ts'
import type { LoadContext } from './load-context.ts'
import { join } from './search-files.ts'

const NAME = 'service.yml'

/** Names that somebody may take it for. */
const NEAR = ['service.yaml', 'services.yml', 'services.yaml', 'meta/service.yml', 'meta/services.yml']

export function loadManifest(
  context: LoadContext,
  role: { readonly name: string; readonly path: string },
): RoleManifest {
  const root = context.open(join(role.path, NAME))
  if (root === undefined) {
    refuseNearNames(context, role.path)
    return NO_MANIFEST
  }
  const { manifest, problems } = readManifest({
    value: root.value,
    positionAt: path => cursorAt(root, path).position,
    keyPositionAt: path => cursorAt(root, path).keyPosition,
    role: role.name,
  })
  context.problems.push(...problems, ...checkManifest(manifest))
  return manifest
}

function refuseNearNames(context: LoadContext, path: string): void {
  for (const name of NEAR) {
    const file = join(path, name)
    if (!context.reader.isFile(file)) continue
    context.problems.push({
      code: 'MANIFEST_FILE_NAME',
      message: `${file} is not read: the manifest of a role is called ${NAME}`,
      hint: `Move it to ${join(path, NAME)}.`,
      position: { file, line: 1, column: 1 },
    })
  }
}

/** The value at a path, or its deepest parent that is there. */
function cursorAt(root: Cursor, path: readonly (string | number)[]): Cursor {
  let cursor = root
  for (const step of path) {
    const next: Cursor | undefined = typeof step === 'number' ? cursor.items()[step] : cursor.get(step)
    if (next === undefined) return cursor
    cursor = next
  }
  return cursor
}
