/** --tags and --skip-tags as Ansible reads them: always, never, tagged, untagged, all. */
export interface TagFilter {
  /** `tags`: those of the task and of everything around it. */
  runs(tags: readonly string[]): boolean
}

export function tagFilter(wanted: readonly string[], skipped: readonly string[]): TagFilter {
  const only = wanted.length > 0 ? wanted : ['all']
  return {
    runs(tags) {
      const own = tags.length > 0 ? tags : ['untagged']
      return isWanted(own, only) && !isSkipped(own, { skipped, wanted: only })
    },
  }
}

function isWanted(own: readonly string[], only: readonly string[]): boolean {
  if (own.includes('always')) return true
  const named = own.some(tag => only.includes(tag))
  if (own.includes('never')) return named && only.some(tag => tag !== 'all' && own.includes(tag))
  if (only.includes('all') || named) return true
  return only.includes('tagged') && !own.includes('untagged')
}

function isSkipped(
  own: readonly string[],
  filter: { skipped: readonly string[]; wanted: readonly string[] },
): boolean {
  const { skipped, wanted } = filter
  if (skipped.length === 0) return false
  if (skipped.includes('all')) return !(own.includes('always') && !skipped.includes('always'))
  if (own.some(tag => skipped.includes(tag))) return true
  // --skip-tags tagged leaves what is tagged out, unless it must always run.
  return (
    skipped.includes('tagged') &&
    !own.includes('untagged') &&
    !(own.includes('always') && !wanted.includes('tagged'))
  )
}
