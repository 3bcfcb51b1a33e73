/** What update-alternatives knows of one name, in Debian's words (--query) and in Red Hat's (--display). */
import { quote } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'

export interface Alternative {
  readonly path: string
  readonly priority: number
  /** Names and targets of the links that follow the main one. */
  readonly followers: ReadonlyMap<string, string>
  readonly family: string | null
}

export interface AlternativesState {
  readonly mode: 'auto' | 'manual'
  readonly link: string | null
  readonly current: string | null
  readonly alternatives: readonly Alternative[]
  /** Where the links that follow are, by name. */
  readonly followerLinks: ReadonlyMap<string, string>
}

export function alternativesKey(name: string): Extract<Key, { kind: 'read' }> {
  const word = quote(name)
  return {
    kind: 'read',
    name: `alternatives ${name}`,
    script: `LC_ALL=C; export LC_ALL
update-alternatives --query ${word} 2>/dev/null && exit 0
update-alternatives --display ${word} 2>/dev/null && sed -n 's/^/ link of it: /;2p' ${quote(`/var/lib/alternatives/${name}`)} 2>/dev/null
:`,
  }
}

/** null when there is no such name. */
export function readAlternatives({ stdout }: ReadSeen): AlternativesState | null {
  if (stdout.trim() === '') return null
  return stdout.startsWith('Name: ') ? readQuery(stdout) : readDisplay(stdout)
}

function readQuery(stdout: string): AlternativesState {
  const [head = '', ...blocks] = stdout.trim().split('\n\n')
  const field = (block: string, name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null
  const value = field(head, 'Value')
  return {
    mode: field(head, 'Status') === 'auto' ? 'auto' : 'manual',
    link: field(head, 'Link'),
    current: value === 'none' ? null : value,
    followerLinks: indented(head),
    alternatives: blocks.map(block => ({
      path: field(block, 'Alternative') ?? '',
      priority: Number(field(block, 'Priority')),
      followers: indented(block),
      family: null,
    })),
  }
}

/** " name path", below Slaves. */
function indented(block: string): Map<string, string> {
  const pairs = [...block.matchAll(/^ (\S+) (.*)$/gm)]
  return new Map(pairs.map(([, name = '', path = '']) => [name, path]))
}

function readDisplay(stdout: string): AlternativesState {
  const alternatives: Alternative[] = []
  for (const line of stdout.split('\n')) {
    const main = /^(\/.*) - (?:family (\S+) )?priority (-?\d+)/.exec(line)
    const follower = /^ (?:slave|follower) ([^:]+): (.*)$/.exec(line)
    if (main !== null) {
      const [, path = '', family = null, priority = '0'] = main
      alternatives.push({ path, priority: Number(priority), followers: new Map(), family })
    } else if (follower !== null) {
      const last = alternatives.pop()
      const [, name = '', target = ''] = follower
      if (last !== undefined)
        alternatives.push({ ...last, followers: new Map([...last.followers, [name, target]]) })
    }
  }
  return {
    mode: /status is auto/.test(stdout) ? 'auto' : 'manual',
    link: /^ link of it: (.*)$/m.exec(stdout)?.[1] ?? null,
    current: /^ *link currently points to (.*)$/m.exec(stdout)?.[1] ?? null,
    followerLinks: new Map(),
    alternatives,
  }
}
