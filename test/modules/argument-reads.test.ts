/** No argument is taken and then forgotten: what nobody reads says why it has no effect, or refuses what would matter. */
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { ALL_MODULES } from '../../src/modules/index.ts'
import { reasonWithoutEffect } from '../../src/modules/shared/honoured.ts'
import { argumentSchemas } from '../../src/schemas/module-shape.ts'
import { unreadArguments } from './argument-reads.ts'

/** Read in a way that is not seen: by the whole, or by a check of two arguments together. */
const READ_OTHERWISE: Readonly<Record<string, RegExp>> = {
  // All fields of the file, each under its own name.
  deb822_repository:
    /^(types|uris|suites|components|architectures|languages|targets|enabled|trusted|allow_.*|by_hash|check_.*|date_max_future|inrelease_path|pdiffs)$/,
  // A rule is handed on as it is.
  hcloud_firewall: /^rules\.(direction|protocol|source_ips|destination_ips)$/,
  // Whether an option may stand without a value.
  ini_file: /^allow_no_value$/,
  // Words of SQL, all of a mapping.
  mysql_user: /^(tls_requires\.(SSL|X509)|resource_limits\.MAX_\w+)$/,
  // Whether the name of the bucket is looked at.
  s3_object: /^validate_bucket_name$/,
}

const schemas = new Map<string, z.ZodType>(
  ALL_MODULES.flatMap(module =>
    [...argumentSchemas(module.args())].map(([name, schema]) => [`${module.name} ${name}`, schema] as const),
  ),
)
const unread = unreadArguments(ALL_MODULES.map(({ name }) => name)).filter(
  ({ module, argument }) => READ_OTHERWISE[module]?.test(argument) !== true,
)

test('an argument that nobody reads has a reason, or refuses a value', () => {
  const forgotten = unread
    .map(({ module, argument }) => `${module} ${argument}`)
    .filter(name => {
      const schema = schemas.get(name)
      return schema === undefined || (reasonWithoutEffect(schema) === null && !refuses(schema))
    })
  expect(forgotten).toEqual([])
})

test('an argument without effect is read by nobody', () => {
  const names = new Set(unread.map(({ module, argument }) => `${module} ${argument}`))
  const read = [...schemas].filter(
    ([name, schema]) => reasonWithoutEffect(schema) !== null && !names.has(name),
  )
  expect(read.map(([name]) => name)).toEqual([])
})

test.each(['apt name', 'docker_container mounts.subpath', 'systemd masked', 'file mode'])(
  '%s is read',
  name => {
    expect(schemas.has(name)).toBe(true)
    expect(unread.map(({ module, argument }) => `${module} ${argument}`)).not.toContain(name)
  },
)

const SOME_VALUES = [true, false, 'x', 1, ['x'], { x: 'x' }, 'merge']

/** A value that is of the right kind is an error all the same, with a sentence of its own. */
function refuses(schema: z.ZodType): boolean {
  return SOME_VALUES.some(value =>
    schema.safeParse(value).error?.issues.some(issue => issue.message.startsWith('cannot be honoured: ')),
  )
}
