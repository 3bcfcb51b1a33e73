import type { z } from 'zod'
import { argumentsOf, bool, choice, int, list, path, text, word } from './arguments.ts'
import { ATTRIBUTE_ALIASES, attributeShape } from './attributes.ts'

const flag = () => bool().optional()
const words = () => text().optional()

const SETTINGS = () => ({
  async: flag(),
  bandwidth: words(),
  baseurl: list().optional(),
  cost: words(),
  countme: flag(),
  deltarpm_metadata_percentage: words(),
  deltarpm_percentage: words(),
  enabled: flag(),
  enablegroups: flag(),
  exclude: list().optional(),
  failovermethod: choice(['roundrobin', 'priority']).optional(),
  gpgcakey: words(),
  gpgcheck: flag(),
  gpgkey: list().optional(),
  http_caching: choice(['all', 'packages', 'none']).optional(),
  include: words(),
  includepkgs: list().optional(),
  ip_resolve: choice(['4', '6', 'IPv4', 'IPv6', 'whatever']).optional(),
  keepalive: flag(),
  keepcache: choice(['0', '1']).optional(),
  metadata_expire: words(),
  metadata_expire_filter: choice([
    'never',
    'read-only:past',
    'read-only:present',
    'read-only:future',
  ]).optional(),
  metalink: words(),
  mirrorlist: words(),
  mirrorlist_expire: words(),
  module_hotfixes: flag(),
  password: words(),
  priority: words(),
  protect: flag(),
  proxy: words(),
  proxy_password: words(),
  proxy_username: words(),
  repo_gpgcheck: flag(),
  retries: words(),
  s3_enabled: flag(),
  skip_if_unavailable: flag(),
  ssl_check_cert_permissions: flag(),
  sslcacert: words(),
  sslclientcert: words(),
  sslclientkey: words(),
  sslverify: flag(),
  throttle: words(),
  timeout: int().optional(),
  ui_repoid_vars: words(),
  username: words(),
})

export const yumRepositorySchema = () =>
  argumentsOf(
    {
      name: word(),
      description: word().optional(),
      file: word().optional(),
      reposdir: path().default('/etc/yum.repos.d'),
      state: choice(['present', 'absent']).default('present'),
      ...SETTINGS(),
      ...attributeShape(),
    },
    {
      ...ATTRIBUTE_ALIASES,
      ca_cert: 'sslcacert',
      client_cert: 'sslclientcert',
      client_key: 'sslclientkey',
      validate_certs: 'sslverify',
      excludepkgs: 'exclude',
    },
  )
    .refine(
      args => args.state === 'absent' || (args.baseurl ?? args.mirrorlist ?? args.metalink) !== undefined,
      'needs baseurl, mirrorlist or metalink',
    )
    .refine(args => args.state === 'absent' || args.description !== undefined, 'needs a description')

export type YumRepositoryArgs = z.output<ReturnType<typeof yumRepositorySchema>>

/** What is written: addresses and keys one a line, other lists with blanks, 1 and 0 for yes and no. */
export function settingsOf(args: YumRepositoryArgs): Record<string, string> {
  const given: [string, string][] = [['name', args.description ?? '']]
  for (const name of Object.keys(SETTINGS()) as (keyof ReturnType<typeof SETTINGS>)[]) {
    const value = args[name]
    if (value === undefined) continue
    if (Array.isArray(value))
      given.push([name, value.join(name === 'baseurl' || name === 'gpgkey' ? '\n' : ' ')])
    else given.push([name, typeof value === 'boolean' ? (value ? '1' : '0') : String(value)])
  }
  return Object.fromEntries(given)
}

/** The arguments about the file itself. */
export function baseOf(args: YumRepositoryArgs) {
  const { mode, owner, group, seuser, serole, setype, selevel, attributes, unsafe_writes } = args
  return { mode, owner, group, seuser, serole, setype, selevel, attributes, unsafe_writes }
}
