/**
 * docker_login: log in to a registry, or out of it.
 *
 * Args     registry_url, username, password, state present|absent, reauthorize, config_path.
 * Changes  the login, when docker's config.json has another one or none.
 * Errors   docker's own words. The password goes to docker on standard input. Where a credential store keeps
 *          logins, only their presence can be seen: use reauthorize to hand over a new password.
 * Returns  login_result (serveraddress, username) when it logged in.
 */
import type { z } from 'zod'
import type { Key } from '../probes/contract.ts'
import { type Action, defineModule, type Verdict } from './contract.ts'
import { bool, choice, path, text } from './shared/arguments.ts'
import { contentText } from './shared/content-text.ts'
import { dockerArguments, dockerWords } from './shared/docker-cli.ts'
import { withHome } from './shared/home.ts'

const HUB = 'https://index.docker.io/v1/'

const schema = () =>
  dockerArguments(
    {
      registry_url: text().default(HUB),
      username: text().optional(),
      password: text().optional(),
      state: choice(['present', 'absent']).default('present'),
      reauthorize: bool().default(false),
      config_path: path().default('~/.docker/config.json'),
    },
    { registry: 'registry_url', url: 'registry_url', reauth: 'reauthorize', dockercfg_path: 'config_path' },
  ).refine(
    args => args.state === 'absent' || (args.username !== undefined && args.password !== undefined),
    'needs username and password when the state is present',
  )
type Args = z.output<ReturnType<typeof schema>>

export const dockerLogin = withHome<Args>(
  () => ['config_path'],
  defineModule<Args>({
    name: 'docker_login',
    summary: 'Log in to a registry, or out of it',
    args: schema,
    keys: args => [configKey(args)],
    decide(args, seen): Verdict {
      const login = loginOf(args, contentText(seen.get(configKey(args)), args.config_path))
      const wanted = `${args.username}:${args.password}`
      const present = args.state === 'present'
      const inOrder = present ? !args.reauthorize && (login === 'stored' || login === wanted) : login === null
      if (inOrder) return { kind: 'ok' }
      const change = {
        what: 'login',
        subject: args.registry_url,
        from: login === null ? null : 'present',
        to: present ? (args.username ?? '') : null,
      }
      const loggedIn = { serveraddress: args.registry_url, username: args.username ?? '' }
      return {
        kind: 'change',
        changes: [change],
        apply: [present ? logIn(args) : logOut(args)],
        result: present ? { login_result: loggedIn, login_results: loggedIn } : {},
        touches: [configKey(args)],
      }
    },
    settles: 'reauthorize logs in every time it is asked to',
  }),
)

/** "name:password", 'stored' when a credential store keeps it, null when there is none. */
function loginOf(args: Args, text: string | null): string | null {
  const config = parse(text ?? '{}')
  const auths = config.auths ?? {}
  const entry =
    args.registry_url === HUB ? auths[HUB] : (auths[args.registry_url] ?? auths[bare(args.registry_url)])
  if (entry === undefined) return null
  return entry.auth === undefined ? 'stored' : Buffer.from(entry.auth, 'base64').toString('utf8')
}

interface Config {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>
}

/** A file that is no JSON holds no login; docker writes it anew. */
function parse(text: string): Config {
  try {
    return JSON.parse(text) as Config
  } catch {
    return {}
  }
}

function bare(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
}

function logIn(args: Args): Action {
  const argv = [
    ...docker(args),
    'login',
    '--username',
    args.username ?? '',
    '--password-stdin',
    args.registry_url,
  ]
  return { do: 'run', argv, stdin: args.password ?? '', failure: `Logging into ${args.registry_url} failed` }
}

function logOut(args: Args): Action {
  return { do: 'run', argv: [...docker(args), 'logout', args.registry_url] }
}

function docker(args: Args): string[] {
  return [...dockerWords(args), '--config', args.config_path.replace(/\/[^/]*$/, '')]
}

function configKey(args: Args) {
  return { kind: 'content', path: args.config_path } as const satisfies Key
}
