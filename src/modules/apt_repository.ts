/**
 * apt_repository: one line of the apt sources.
 *
 * Args     repo (deb [options] url suite components), state, filename, mode, update_cache (default yes).
 * Changes  the line in its file; the file goes when its last line goes.
 * Errors   the lists cannot be fetched with the new line: the sources are put back as they were.
 *          `ppa:` is refused: it needs a key and an address from a service; write the line and its key out.
 */

import type { z } from 'zod'
import type { Key } from '../probes/contract.ts'
import { type Action, type Context, defineModule, type Verdict } from './contract.ts'
import { updateAction } from './shared/apt-host.ts'
import { argumentsOf, bool, choice, int, octal, text, word } from './shared/arguments.ts'
import { bytesOf } from './shared/content-text.ts'
import { fileAt } from './shared/declared.ts'
import { only, withoutEffect } from './shared/honoured.ts'
import { complaint, fail, failedResult } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      repo: only(
        word(),
        line => !line.startsWith('ppa:'),
        "a PPA's address and key come from a service; write its deb line with [signed-by=…] instead",
      ),
      state: choice(['present', 'absent']).default('present'),
      filename: text().optional(),
      mode: octal().optional(),
      update_cache: bool().default(true),
      update_cache_retries: int().default(5),
      update_cache_retry_max_delay: int().default(12),
      validate_certs: withoutEffect(bool().default(true), 'it is for PPAs, which are refused'),
      codename: withoutEffect(text().optional(), 'it is for PPAs, which are refused'),
      install_python_apt: withoutEffect(bool().default(true), "no module of Python's is needed on the host"),
    },
    { 'update-cache': 'update_cache' },
  )
type Args = z.output<ReturnType<typeof schema>>

const SOURCES = {
  kind: 'read',
  name: 'apt sources',
  script: `for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
[ -f "$f" ] || continue; printf '==%s\\n' "$f"; cat "$f"; echo; done; echo ==end`,
} as const satisfies Key

export const aptRepository = defineModule<Args>({
  name: 'apt_repository',
  summary: 'Keep a line of the apt sources',
  args: schema,
  freeForm: 'repo',
  keys: () => [SOURCES],
  decide(args, seen, ctx) {
    const wanted = normal(args.repo)
    if (wanted === null) return fail(`Invalid repository string: ${args.repo}`)
    const files = readSources(seen.get(SOURCES).stdout)
    return args.state === 'present' ? add(args, wanted, files) : removeFrom(args, wanted, files, ctx)
  },
  declares: args => (args.state === 'absent' || args.repo.startsWith('ppa:') ? [] : fileAt([pathFor(args)])),
  settles: true,
})

type Files = ReadonlyMap<string, string>

function add(args: Args, wanted: string, files: Files): Verdict {
  for (const text of files.values()) {
    if (text.split('\n').some(line => normal(line) === wanted)) return { kind: 'ok', result: resultOf(args) }
  }
  const path = pathFor(args)
  const before = files.get(path) ?? null
  const kept = before === null || before === '' || before.endsWith('\n') ? (before ?? '') : `${before}\n`
  const after = `${kept}${args.repo.trim()}\n`
  return verdictFor(args, [{ path, before, after }])
}

function removeFrom(args: Args, wanted: string, files: Files, _ctx: Context): Verdict {
  const edits = [...files].flatMap(([path, before]) => {
    const kept = before.split('\n').filter(line => normal(line) !== wanted)
    if (kept.length === before.split('\n').length) return []
    const empty = kept.every(line => line.trim() === '') && path !== '/etc/apt/sources.list'
    return [{ path, before, after: empty ? null : kept.join('\n') }]
  })
  return edits.length === 0 ? { kind: 'ok', result: resultOf(args) } : verdictFor(args, edits)
}

interface Edit {
  readonly path: string
  readonly before: string | null
  readonly after: string | null
}

function verdictFor(args: Args, edits: readonly Edit[]): Verdict {
  const mode = args.mode === undefined ? {} : { mode: args.mode }
  const write = (path: string, text: string | null): Action =>
    text === null ? { do: 'remove', path } : { do: 'put', path, content: bytesOf(text), ...mode }
  return {
    kind: 'change',
    changes: edits.map(({ path, before, after }) => ({
      what: 'line',
      subject: path,
      from: args.state === 'absent' ? args.repo : null,
      to: args.state === 'absent' ? null : args.repo,
      diff: { before: before ?? '', after: after ?? '', label: path },
    })),
    touches: edits.map(({ path }) => ({ kind: 'path', path })),
    result: resultOf(args, edits),
    apply: function* () {
      for (const { path, after } of edits) yield write(path, after)
      if (!args.update_cache) return {}
      const output = yield { ...updateAction({ ...args, lock_timeout: 60 }), ok: 'any' }
      if (output.code === 0) return { cache_updated: true }
      for (const { path, before } of edits) yield write(path, before)
      return failedResult(`apt cache update failed, the sources are back as they were: ${complaint(output)}`)
    },
  }
}

/** Files that are new, and files that are gone. */
function resultOf(args: Args, edits: readonly Edit[] = []) {
  const paths = (side: 'before' | 'after') =>
    edits.filter(edit => edit[side] === null).map(({ path }) => path)
  const changed = { sources_added: paths('before'), sources_removed: paths('after') }
  return { repo: args.repo, state: args.state, ...changed }
}

/** One spelling for lines that mean the same; null for comments and what is no source. */
function normal(line: string): string | null {
  const plain = line.replace(/#.*$/, '').trim()
  const match = /^(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(.+)$/.exec(plain)
  if (match === null) return null
  const options = (match[2] ?? '').split(/\s+/).filter(Boolean).sort().join(' ')
  return `${match[1]} [${options}] ${match[3]} ${(match[4] ?? '').split(/\s+/).join(' ')}`
}

/** The file that Ansible would choose: from the address, all but letters and digits as underscores. */
function pathFor(args: Args): string {
  const name = args.filename ?? suggested(args.repo)
  if (name.startsWith('/')) return name
  return `/etc/apt/sources.list.d/${name.endsWith('.list') ? name : `${name}.list`}`
}

function suggested(repo: string): string {
  const plain = repo.replace(/\[[^\]]+\]/, '').replace(/\w+:\/\//, '')
  const address = plain.split(/\s+/).find(part => part !== '' && part !== 'deb' && part !== 'deb-src') ?? ''
  const host = address.includes('@') ? address.slice(address.indexOf('@') + 1) : address
  return host
    .split(/[^a-zA-Z0-9]+/)
    .filter(Boolean)
    .join('_')
}

/** The readings of files are separated by a mark; each ends with one line end of ours. */
function readSources(stdout: string): Files {
  const files = new Map<string, string>()
  for (const part of stdout.split(/^==(?=\/)/m).slice(1)) {
    const at = part.indexOf('\n')
    files.set(
      part.slice(0, at),
      part
        .slice(at + 1)
        .replace(/==end\n$/, '')
        .replace(/\n$/, ''),
    )
  }
  return files
}
