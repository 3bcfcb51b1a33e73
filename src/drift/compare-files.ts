/** Files, folders and links of a release against what is there now. */
import { describeFile, isSameFile } from '../release/compare-releases.ts'
import type { FoundFile } from '../release/facts.ts'
import type { ReleasedFile } from '../release/manifest.ts'
import { type Compared, type Finding, type Problem, timeText, type Unseen } from './finding.ts'
import type { DriftSeen, FileTimes } from './seen.ts'

export function compareFiles(
  files: readonly ReleasedFile[],
  seen: Pick<DriftSeen, 'files' | 'times'>,
): Compared {
  const findings: Finding[] = []
  const unseen: Unseen[] = []
  for (const [index, file] of files.entries()) {
    const now = isPlain(file.path) ? seen.files.get(index) : undefined
    const was = file.type === 'other' ? 'neither file, folder nor link' : null
    if (now === undefined) unseen.push(unseenFile(file.path, 'its name cannot be asked for'))
    else if (was !== null) unseen.push(unseenFile(file.path, `it was ${was} when the release was made`))
    else if (!isSameFile(file, now)) findings.push(findingOf(file, now, seen.times.get(index)))
  }
  return { findings, unseen }
}

/** The host takes the names from the JSON of the release without reading all of JSON. */
function isPlain(path: string): boolean {
  return !/[\u0000-\u001f\u007f\ud800-\udfff]/.test(path.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ''))
}

function unseenFile(path: string, why: string): Unseen {
  return { what: `file ${path}`, why, isFailure: false }
}

function findingOf(file: ReleasedFile, now: FoundFile, times: FileTimes | undefined): Finding {
  const isGone = now.type === 'absent'
  return {
    kind: 'file',
    subject: file.path,
    problem: problemOf(file, now),
    was: file.type === 'absent' ? null : describeFile(file),
    is: isGone ? null : describeFile(now),
    isDrift: true,
    evidence: times === undefined ? [] : evidenceOf(times, isGone),
    at: times === undefined ? null : isGone ? times.content : times.attributes,
  }
}

function problemOf(file: ReleasedFile, now: FoundFile): Problem {
  if (now.type === 'absent') return 'gone'
  if (file.type === 'absent') return 'came'
  if (file.type !== now.type) return 'type'
  if (file.type === 'file' && now.type === 'file' && file.sha256 !== now.sha256) return 'content'
  return file.type === 'link' && now.type === 'link' && file.target !== now.target ? 'target' : 'attributes'
}

function evidenceOf({ content, attributes, owner }: FileTimes, isGone: boolean): readonly string[] {
  if (isGone) return [`the folder it was in changed ${timeText(content)}`]
  return [
    `written ${timeText(content)}, owner, mode or name changed ${timeText(attributes)}, owned by ${owner}`,
  ]
}
