/** Our own names for images of releases, so that they are not pruned as images without a name are. */

/** Project and service go behind it, parted by a dot, which no name of a compose project holds. */
export function keptImage(project: string, number: number | string): string {
  return `${imageRepository(project)}:${number}.`
}

/** Names of repositories know small letters only, and no two separators in a row. */
export function imageRepository(project: string): string {
  const plain = project
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return `vpai-release/${plain || 'project'}`
}
