/** Looks into files whose contents differ: those that differ in the host's own address or a time only are the same. */
import type { State } from './state.ts'

const FILE = /^(\/.*?): (f .*) \| (f .*)$/

/** `lines` as compareStates gives them. */
export function explain(lines: readonly string[], ansible: State, vpai: State): string[] {
  return lines.flatMap(line => {
    const [, file = '', left = '', right = ''] = FILE.exec(line) ?? []
    if (file === '') return [line]
    const attributes = [left, right].map(side => side.replace(/ content .*/, ''))
    const about = attributes[0] === attributes[1] ? [] : [`${file}: ${attributes.join(' | ')}`]
    const [theirs, ours] = [plain(ansible.contents.get(file)), plain(vpai.contents.get(file))]
    if (theirs === null || ours === null) return [line]
    if (theirs === ours) return about
    return [...about, `${file} content: ${firstDifference(theirs, ours)}`]
  })
}

/** crontab writes above the jobs when and from where it installed them; a sandbox has a login key of its own. */
function plain(text: string | undefined): string | null {
  return text === undefined
    ? null
    : text.replace(/^# \(\S+ installed on .*$/m, '').replace(/^\S+ \S+ vpai-sandbox-target$/m, '')
}

function firstDifference(theirs: string, ours: string): string {
  const [left, right] = [theirs.split('\n'), ours.split('\n')]
  const length = Math.max(left.length, right.length)
  const lines = Array.from({ length }, (_, index) => index).filter(index => left[index] !== right[index])
  return lines
    .slice(0, 5)
    .map(index => `line ${index + 1}: ${left[index] ?? 'nothing'} | ${right[index] ?? 'nothing'}`)
    .join('; ')
}
