/**
 * modprobe: a kernel module, now and at boot.
 *
 * Args     name, state, params, persistent disabled|present|absent.
 * Changes  loaded or not; the file in /etc/modules-load.d (and its parameters in /etc/modprobe.d).
 * Errors   modprobe's own words.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key, Seen } from '../probes/contract.ts'
import { type Action, type Change, defineModule, type Verdict } from './contract.ts'
import { argumentsOf, choice, text, word } from './shared/arguments.ts'
import { bytesOf, contentText } from './shared/content-text.ts'

const schema = () =>
  argumentsOf({
    name: word(),
    state: choice(['present', 'absent']).default('present'),
    params: text().default(''),
    persistent: choice(['disabled', 'present', 'absent']).default('disabled'),
  })
type Args = z.output<ReturnType<typeof schema>>

export const modprobe = defineModule<Args>({
  name: 'modprobe',
  summary: 'A kernel module, now and at boot',
  args: schema,
  keys: args => [loadedKey(args), ...(args.persistent === 'disabled' ? [] : fileKeys(args))],
  decide(args, seen): Verdict {
    const changes: Change[] = []
    const apply: Action[] = []
    const loaded = seen.get(loadedKey(args)).code === 0
    const { name } = args
    if (loaded !== (args.state === 'present')) {
      changes.push({
        what: 'module',
        subject: name,
        from: loaded ? 'loaded' : null,
        to: loaded ? null : 'loaded',
      })
      const words = args.params.split(/\s+/).filter(Boolean)
      apply.push({
        do: 'run',
        argv: loaded ? ['modprobe', '-r', name] : ['modprobe', name, ...words],
        failure: `modprobe ${name} failed`,
      })
    }
    if (args.persistent !== 'disabled') boot(args, seen, { changes, apply })
    const result = { name, params: args.params, state: args.state }
    return changes.length === 0 ? { kind: 'ok', result } : { kind: 'change', changes, apply, result }
  },
  settles: true,
})

function boot(args: Args, seen: Seen, { changes, apply }: { changes: Change[]; apply: Action[] }): void {
  const options = args.params === '' ? null : `options ${args.name} ${args.params}\n`
  const wanted = args.persistent === 'present' ? [`${args.name}\n`, options] : [null, null]
  for (const [index, key] of fileKeys(args).entries()) {
    const before = contentText(seen.get(key), key.path)
    const after = wanted[index] ?? null
    if (before === after || (after === null && index === 1 && args.persistent === 'present')) continue
    changes.push({ what: 'at boot', subject: key.path, from: before, to: after })
    apply.push(
      after === null
        ? { do: 'remove', path: key.path }
        : { do: 'put', path: key.path, content: bytesOf(after), mode: 0o644 },
    )
  }
}

/** Modules built into the kernel have a directory in /sys too. */
function loadedKey(args: Args) {
  const name = args.name.replaceAll('-', '_')
  return {
    kind: 'read',
    name: `kernel module ${name}`,
    script: `[ -d ${quote(`/sys/module/${name}`)} ]`,
  } as const satisfies Key
}

function fileKeys(args: Args) {
  return [
    { kind: 'content', path: `/etc/modules-load.d/${args.name}.conf` },
    { kind: 'content', path: `/etc/modprobe.d/${args.name}.conf` },
  ] as const
}
