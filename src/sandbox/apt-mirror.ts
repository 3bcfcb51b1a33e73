/** Finds the Debian mirror this machine uses, in the texts of its apt sources. Pure. */

/** What everybody can reach who has no mirror of their own. */
export const PUBLIC_MIRROR = 'http://deb.debian.org/debian'

/** The first mirror of the Debian main archive in the one-line or deb822 sources; null when there is none. */
export function findDebianMirror(sources: readonly string[]): string | null {
  for (const text of sources) {
    const found = text.split('\n').flatMap(mirrorsOfLine).find(isDebianArchive)
    if (found !== undefined) return found.replace(/\/+$/, '')
  }
  return null
}

function mirrorsOfLine(line: string): string[] {
  const deb822 = /^URIs:\s*(.*)$/i.exec(line)
  if (deb822 !== null) return (deb822[1] ?? '').trim().split(/\s+/)
  const oneLine = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/.exec(line)
  return oneLine?.[1] === undefined ? [] : [oneLine[1]]
}

/** Security updates and other people's repositories live under other paths. */
function isDebianArchive(uri: string): boolean {
  return /^https?:\/\/.*\/debian\/*$/.test(uri)
}
