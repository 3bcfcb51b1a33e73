/**
 * htpasswd: one user of a password file, as web servers read it.
 *
 * Args     path, name, password, state, create, hash_scheme, owner, group, mode.
 * Changes  the user's line. A line whose hash fits the password stays, of whatever kind the hash is.
 * Errors   no file and create: false. bcrypt and hashes this code cannot compute are checked and made by the host's
 *          own htpasswd, which reads the password from standard input.
 */
import type { z } from 'zod'
import { quote } from '../base/quote.ts'
import type { Key, Seen } from '../probes/contract.ts'
import type { Context, Verdict } from './contract.ts'
import { argumentsOf, bool, choice, path, text, word } from './shared/arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './shared/attributes.ts'
import { defineFileModule } from './shared/define-file-module.ts'
import { digest } from './shared/digest.ts'
import { editFile, editKeys } from './shared/edit-file.ts'
import { withHome } from './shared/home.ts'
import { hashPassword, verifyPassword } from './shared/htpasswd-hash.ts'
import { fail } from './shared/results.ts'

const schema = () =>
  argumentsOf(
    {
      path: path(),
      name: word(),
      password: text().optional(),
      hash_scheme: choice(['apr_md5_crypt', 'ldap_sha1', 'plaintext', 'bcrypt']).default('apr_md5_crypt'),
      state: choice(['present', 'absent']).default('present'),
      create: bool().default(true),
      ...attributeShape(),
    },
    { ...ATTRIBUTE_ALIASES, dest: 'path', destfile: 'path', username: 'name', crypt_scheme: 'hash_scheme' },
  )
    .refine(
      args => args.state === 'absent' || args.password !== undefined,
      'needs a password when the state is present',
    )
    .refine(args => !/[:\n]/.test(args.name), 'name must not hold a colon')
type Args = z.output<ReturnType<typeof schema>>

const TOOL = { kind: 'which', command: 'htpasswd' } as const satisfies Key

export const htpasswd = withHome<Args>(
  () => ['path'],
  defineFileModule({
    name: 'htpasswd',
    summary: 'A user of a password file of a web server',
    args: schema,
    settles: true,
    keys: args => [TOOL, ...editKeys(editOf(args))],
    decide(args, seen, ctx): Verdict {
      const content = seen.get({ kind: 'content', path: args.path })
      const before = content.state === 'present' ? new TextDecoder().decode(content.bytes) : ''
      const now = hashIn(before, args.name)
      const hash = args.state === 'absent' ? null : wantedHash(args, now, { seen, ctx })
      if (hash !== null && typeof hash !== 'string') return hash
      const whenAbsent = args.state === 'absent' ? 'ok' : args.create ? 'create' : 'fail'
      const edit = (text: string) => ({ text: withUser(text, args.name, hash), msg: messageOf(args, now) })
      return editFile({ args: editOf(args), whenAbsent, edit }, seen, ctx)
    },
  }),
)

function editOf({ password: _password, name: _name, hash_scheme: _scheme, state: _state, ...rest }: Args) {
  return { ...rest, backup: false }
}

function messageOf({ state, name }: Args, now: string | null): string {
  return state === 'absent' ? `Remove ${name}` : now === null ? `Add ${name}` : `Update ${name}`
}

/** The hash to write: the present one where it fits. A verdict: the host has to be asked, or it cannot be done. */
function wantedHash(
  args: Args,
  now: string | null,
  { seen, ctx }: { readonly seen: Seen; readonly ctx: Context },
): string | Verdict {
  const { password = '', hash_scheme } = args
  const fits = now === null ? false : verifyPassword(now, password)
  if (fits === true) return now ?? ''
  if (fits === null) {
    if (seen.get(TOOL).path === null) return missingTool(args)
    const key = verifyKey(args)
    if (!seen.has(key)) return { kind: 'ask', keys: [key] }
    if (seen.get(key).code === 0) return now ?? ''
  }
  if (hash_scheme !== 'bcrypt') return hashPassword(hash_scheme, password, ctx.token(8))
  if (seen.get(TOOL).path === null) return missingTool(args)
  const key = bcryptKey(args)
  if (!seen.has(key)) return { kind: 'ask', keys: [key] }
  const made = seen.get(key).stdout.trim()
  const hash = made.slice(made.indexOf(':') + 1)
  return hash.startsWith('$2') ? hash : fail('htpasswd of this host makes no bcrypt hashes')
}

function missingTool({ path }: Args): Verdict {
  return fail(
    `bcrypt and the like in ${path} need htpasswd on the host: install apache2-utils (or httpd-tools)`,
  )
}

/** The password goes by the environment, which `read` keeps out of the script, to standard input. */
function verifyKey(args: Args) {
  return {
    kind: 'read',
    name: `password ${stampOf(args)}`,
    script: `printf %s "$VPAI_PASSWORD" | env -u VPAI_PASSWORD htpasswd -iv ${quote(args.path)} ${quote(args.name)} >/dev/null 2>&1`,
    env: { VPAI_PASSWORD: args.password ?? '' },
  } as const satisfies Key
}

function bcryptKey(args: Args) {
  return {
    kind: 'read',
    name: `bcrypt ${stampOf(args)}`,
    script: `printf %s "$VPAI_PASSWORD" | env -u VPAI_PASSWORD htpasswd -inB ${quote(args.name)}`,
    env: { VPAI_PASSWORD: args.password ?? '' },
  } as const satisfies Key
}

/** Another password is another question; the name of a question does not tell it. */
function stampOf({ path, name, password }: Args): string {
  return `of ${name} in ${path}, ${digest('sha256', `${path}:${name}:${password}`).slice(0, 8)}`
}

function hashIn(text: string, name: string): string | null {
  const line = text.split('\n').find(one => one.startsWith(`${name}:`))
  return line?.slice(name.length + 1).split(':')[0] ?? null
}

/** null takes the user away. */
function withUser(text: string, name: string, hash: string | null): string {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const at = lines.findIndex(one => one.startsWith(`${name}:`))
  const others = lines.filter(one => !one.startsWith(`${name}:`))
  if (hash !== null) others.splice(at < 0 ? others.length : at, 0, `${name}:${hash}`)
  const after = others.length === 0 ? '' : `${others.join('\n')}\n`
  return hash !== null && at >= 0 && lines[at] === `${name}:${hash}` ? text : after
}
