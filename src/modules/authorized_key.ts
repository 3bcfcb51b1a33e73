/**
 * authorized_key: public keys that may log in as a user.
 *
 * Args     user, key (text with one key a line, or a list), state, exclusive, key_options, comment, path,
 *          manage_dir (default yes), follow; validate_certs is taken.
 * Changes  one for each key; the file's text for the diff.
 * Errors   a line that is no key; a key given as an address; the user does not exist.
 */
import { z } from 'zod'
import type { Key, Seen } from '../probes/contract.ts'
import { type Action, type Change, defineModule, type Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, text, word } from './shared/arguments.ts'
import { bytesOf, contentText } from './shared/content-text.ts'
import { only } from './shared/honoured.ts'
import { fail } from './shared/results.ts'
import { type PublicKey, parseKeyLine, printKey } from './shared/ssh-public-key.ts'

const ADDRESS = /^\s*(https?|file):\/\//m

const schema = () =>
  argumentsOf({
    user: word(),
    // Options of a key hold commas, so a text is one item and no comma list.
    key: only(
      z.preprocess(value => (Array.isArray(value) ? value : [value]), z.array(text())),
      keys => !keys.some(key => ADDRESS.test(key)),
      "give the key itself, for instance with lookup('url', …)",
    ),
    state: choice(['present', 'absent']).default('present'),
    exclusive: bool().default(false),
    key_options: text().optional(),
    comment: text().optional(),
    path: path().optional(),
    manage_dir: bool().default(true),
    follow: bool().default(false),
    validate_certs: bool().default(true),
  })
type Args = z.output<ReturnType<typeof schema>>

export const authorizedKey = defineModule<Args>({
  name: 'authorized_key',
  summary: 'Public keys that may log in as a user',
  args: schema,
  keys: args => [userKey(args)],
  decide(args, seen): Verdict {
    const account = seen.get(userKey(args))
    if (!account.exists) return fail(`Failed to lookup user ${args.user}: the host has no such user`)
    const file = fileOf(args, account.home)
    const keys = [
      { kind: 'content', path: file },
      { kind: 'path', path: directoryOf(file), follow: true },
    ] as const
    if (keys.some(key => !seen.has(key))) return { kind: 'ask', keys }
    const lines = args.key
      .flatMap(item => item.split('\n'))
      .filter(line => line.trim() !== '' && !line.trim().startsWith('#'))
    const wanted = lines.map(line => parseKeyLine(line, args.key_options, args.comment))
    const bad = lines.find((_, index) => wanted[index] === null)
    if (bad !== undefined) return fail(`invalid key specified: ${bad}`)
    return decideFile(
      args,
      { file, seen, uid: account.uid, gid: account.gid },
      wanted.filter(key => key !== null),
    )
  },
  settles: true,
})

interface Place {
  readonly file: string
  readonly seen: Seen
  readonly uid: number
  readonly gid: number
}

function decideFile(args: Args, place: Place, wanted: readonly PublicKey[]): Verdict {
  const before = contentText(place.seen.get({ kind: 'content', path: place.file }), place.file)
  const { lines, changes } = edit(args, (before ?? '').split('\n'), wanted)
  const result = {
    user: args.user,
    key: args.key.join('\n'),
    keyfile: place.file,
    exclusive: args.exclusive,
    state: args.state,
    key_options: args.key_options ?? null,
    key_option: args.key_options ?? null,
    unique: false,
    comment: args.comment ?? null,
    path: args.path ?? null,
    manage_dir: args.manage_dir,
    follow: args.follow,
    validate_certs: args.validate_certs,
  }
  if (changes.length === 0) return { kind: 'ok', result }
  const after = lines.length === 0 ? '' : `${lines.join('\n')}\n`
  const [first, ...rest] = changes
  const diff = { before: before ?? '', after, label: place.file }
  return {
    kind: 'change',
    changes: [{ ...first!, diff }, ...rest],
    apply: actions(args, place, after),
    touches: [{ kind: 'path', path: place.file }],
    result,
  }
}

function edit(args: Args, text: readonly string[], wanted: readonly PublicKey[]) {
  const lines = [...text]
  while (lines.at(-1) === '') lines.pop()
  const changes: Change[] = []
  const note = (key: PublicKey, from: string | null, to: string | null) =>
    changes.push({ what: 'key', subject: key.comment || `${key.type} …${key.blob.slice(-8)}`, from, to })
  const find = (key: PublicKey) => lines.findIndex(line => parseKeyLine(line)?.blob === key.blob)
  for (const key of wanted) {
    const at = find(key)
    if (args.state === 'absent') {
      for (let now = at; now >= 0; now = find(key)) {
        note(key, 'present', null)
        lines.splice(now, 1)
      }
      continue
    }
    if (at < 0) {
      note(key, null, 'present')
      lines.push(printKey(key))
    } else if (printKey(parseKeyLine(lines[at]!)!) !== printKey(key)) {
      // As with Ansible, what is written anew stands last.
      note(key, lines[at]!, printKey(key))
      lines.splice(at, 1)
      lines.push(printKey(key))
    }
  }
  if (args.exclusive && args.state === 'present') {
    const kept = lines.filter(line => {
      const key = parseKeyLine(line)
      const goes = key !== null && !wanted.some(one => one.blob === key.blob)
      if (goes) note(key, 'present', null)
      return !goes
    })
    return { lines: kept, changes }
  }
  return { lines, changes }
}

/** sshd refuses keys in files that others may write, so a new directory and the file belong to the user alone. */
function actions(args: Args, { file, seen, uid, gid }: Place, after: string): Action[] {
  const directory = directoryOf(file)
  const missing = seen.get({ kind: 'path', path: directory, follow: true }).type === 'absent'
  const make: Action[] =
    missing && args.manage_dir ? [{ do: 'mkdir', path: directory, mode: 0o700, owner: uid, group: gid }] : []
  return [...make, { do: 'put', path: file, content: bytesOf(after), mode: 0o600, owner: uid, group: gid }]
}

function fileOf(args: Args, home: string): string {
  const file = args.path ?? '.ssh/authorized_keys'
  if (file.startsWith('/')) return file.replaceAll('%h', home).replaceAll('%u', args.user)
  return `${home.replace(/\/$/, '')}/${file.replace(/^(~|%h)\//, '')}`
}

function directoryOf(file: string): string {
  return file.replace(/\/[^/]*$/, '') || '/'
}

function userKey(args: Args) {
  return { kind: 'user', name: args.user } as const satisfies Key
}
