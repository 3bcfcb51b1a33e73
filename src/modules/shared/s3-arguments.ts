/** What a task may say of objects in S3, and how rclone is told, in its environment. */
import { z } from 'zod'
import {
  argumentsOf,
  bool,
  choice,
  dict,
  int,
  list,
  parseBool,
  path,
  text,
  textDict,
  word,
} from './arguments.ts'
import { only, refused, withoutEffect } from './honoured.ts'

const overwrite = () =>
  z.preprocess(
    value => {
      const flag = parseBool(value)
      return flag === null ? value : flag ? 'always' : 'never'
    },
    z.enum(['always', 'never', 'different', 'latest'], 'must be one of: always, never, different, latest'),
  )

export const s3Schema = () =>
  argumentsOf(
    {
      bucket: word(),
      object: text()
        .transform(name => name.replace(/^\//, ''))
        .optional(),
      mode: choice(['get', 'put', 'delete', 'create', 'geturl', 'getstr', 'delobj', 'list', 'copy']),
      src: path().optional(),
      dest: path().optional(),
      content: text().optional(),
      content_base64: text().optional(),
      copy_src: argumentsOf({
        bucket: word(),
        object: word().optional(),
        prefix: only(text(), prefix => prefix === '', 'name the object to be copied').default(''),
        version_id: refused('rclone does not tell versions apart'),
      }).optional(),
      overwrite: overwrite().default('different'),
      prefix: text().default(''),
      marker: text().default(''),
      max_keys: int().default(1000),
      expiry: int().default(600),
      encrypt: bool().default(true),
      encryption_mode: choice(['AES256', 'aws:kms']).default('AES256'),
      encryption_kms_key_id: text().optional(),
      permission: list().default(['private']),
      metadata: textDict().default({}),
      headers: textDict().default({}),
      retries: int().default(0),
      access_key: text().optional(),
      secret_key: text().optional(),
      session_token: text().optional(),
      profile: text().optional(),
      region: text().optional(),
      endpoint_url: text().optional(),
      ceph: bool().default(false),
      sig_v4: bool().default(true),
      validate_certs: bool().default(true),
      aws_ca_bundle: path().optional(),
      ignore_nonexistent_bucket: bool().default(false),
      validate_bucket_name: bool().default(true),
      tags: only(dict(), tags => Object.keys(tags).length === 0, 'rclone has no word for tags').optional(),
      purge_tags: withoutEffect(bool().default(true), 'it belongs to tags, which are refused'),
      version: refused('rclone does not tell versions apart'),
      aws_config: refused('say access_key, region and endpoint_url'),
      dualstack: only(bool(), on => !on, 'name the address in endpoint_url').default(false),
      debug_botocore_endpoint_logs: withoutEffect(bool().default(false), 'no botocore is at work'),
    },
    ALIASES,
  )
    .refine(
      args => (args.access_key === undefined) === (args.secret_key === undefined),
      'access_key and secret_key go together',
    )
    .refine(args => !args.validate_bucket_name || BUCKET.test(args.bucket), {
      message: 'must be 3 to 63 letters, digits, dots and dashes, unless validate_bucket_name is off',
      path: ['bucket'],
    })
    .refine(
      args => args.mode !== 'copy' || args.copy_src === undefined || args.copy_src.object !== undefined,
      {
        message: 'cannot be honoured without object: prefixes are not copied',
        path: ['copy_src'],
      },
    )
    .superRefine((args, ctx) => {
      const needs = NEEDS[args.mode] ?? []
      for (const name of needs.filter(one => args[one] === undefined))
        ctx.addIssue({ code: 'custom', message: `mode ${args.mode} needs ${name}` })
      const bodies = [args.src, args.content, args.content_base64].filter(given => given !== undefined)
      if (args.mode === 'put' && bodies.length !== 1)
        ctx.addIssue({ code: 'custom', message: 'mode put needs one of src, content and content_base64' })
    })

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/i

export type S3Args = z.output<ReturnType<typeof s3Schema>>

const NEEDS: Readonly<Record<string, readonly ('object' | 'dest' | 'copy_src')[]>> = {
  get: ['object', 'dest'],
  put: ['object'],
  geturl: ['object'],
  getstr: ['object'],
  delobj: ['object'],
  copy: ['object', 'copy_src'],
  delete: [],
  create: [],
  list: [],
}

const ALIASES = {
  aws_access_key_id: 'access_key',
  aws_access_key: 'access_key',
  ec2_access_key: 'access_key',
  aws_secret_access_key: 'secret_key',
  aws_secret_key: 'secret_key',
  ec2_secret_key: 'secret_key',
  aws_session_token: 'session_token',
  security_token: 'session_token',
  aws_security_token: 'session_token',
  access_token: 'session_token',
  aws_profile: 'profile',
  aws_region: 'region',
  ec2_region: 'region',
  ec2_url: 'endpoint_url',
  aws_endpoint_url: 'endpoint_url',
  s3_url: 'endpoint_url',
  rgw: 'ceph',
  force: 'overwrite',
  retry: 'retries',
  expiration: 'expiry',
  resource_tags: 'tags',
} as const

/** The remote is called `s3`; without keys those of the host count (environment, files, the machine's own role). */
export function rcloneEnvironment(args: S3Args): Readonly<Record<string, string>> {
  const { encryption_mode: mode, encryption_kms_key_id: kms, endpoint_url: endpoint } = args
  const settings: Readonly<Record<string, string | undefined>> = {
    TYPE: 's3',
    PROVIDER: args.ceph ? 'Ceph' : endpoint === undefined ? 'AWS' : 'Other',
    ENV_AUTH: args.access_key === undefined ? 'true' : 'false',
    ACCESS_KEY_ID: args.access_key,
    SECRET_ACCESS_KEY: args.secret_key,
    SESSION_TOKEN: args.session_token,
    PROFILE: args.profile,
    REGION: args.region,
    ENDPOINT: endpoint,
    ACL: args.permission[0],
    V2_AUTH: args.sig_v4 ? undefined : 'true',
    SERVER_SIDE_ENCRYPTION: args.encrypt ? mode : undefined,
    SSE_KMS_KEY_ID: args.encrypt && mode === 'aws:kms' ? kms : undefined,
  }
  const given = Object.entries(settings).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return {
    ...Object.fromEntries(given.map(([name, value]) => [`RCLONE_CONFIG_S3_${name}`, value])),
    RCLONE_CONFIG: '/dev/null',
    RCLONE_RETRIES: String(args.retries + 1),
    RCLONE_LOW_LEVEL_RETRIES: String(args.retries + 1),
    ...(args.validate_certs ? {} : { RCLONE_NO_CHECK_CERTIFICATE: 'true' }),
    ...(args.aws_ca_bundle === undefined ? {} : { RCLONE_CA_CERT: args.aws_ca_bundle }),
  }
}

/** Headers of an upload, as arguments: they are no secrets. */
export function uploadFlags({ metadata, headers }: S3Args): readonly string[] {
  const meta = Object.entries(metadata).map(([name, value]) =>
    /^(content-type|cache-control|content-disposition|content-encoding|content-language)$/i.test(name)
      ? `${name}: ${value}`
      : `x-amz-meta-${name}: ${value}`,
  )
  const plain = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [...meta, ...plain].flatMap(header => ['--header-upload', header])
}
