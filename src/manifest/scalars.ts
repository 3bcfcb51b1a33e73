/** Single values of a manifest. Wherever a value may be left to variables, a template stands for it. */
import { z } from 'zod'

const TEMPLATE = z.string().regex(/\{\{|\{%/)

export const text = () => z.string({ error: 'must be a text' }).min(1, 'must not be empty')

/** A number counts as text, as in the port of a command line. */
export const word = () => z.union([z.string().min(1), z.number()], { error: 'must be a text or a number' })

export const words = () => z.array(word(), { error: 'must be a list of texts' })

export const flag = () => z.union([z.boolean(), TEMPLATE], { error: 'must be true, false or a template' })

const PORT = 'must be a port (1 to 65535) or a template'

export const port = () => z.union([z.int().min(1, PORT).max(65535, PORT), TEMPLATE], { error: PORT })

export const count = () =>
  z.union([z.int().min(0), TEMPLATE], { error: 'must be a whole number or a template' })

export const seconds = () =>
  z.union([z.int().min(1), TEMPLATE], { error: 'must be a number of seconds or a template' })

export const duration = () =>
  z
    .string({ error: 'must be a time such as 30s' })
    .regex(/^(?:\d+(?:ms|s|m|h))+$|\{\{/, 'must be a time such as 30s, 2m or 1h30m')

export const size = () =>
  z
    .string({ error: 'must be a size such as 512M' })
    .regex(/^\d+[bkmgBKMG]$|\{\{/, 'must be a size such as 512M')

/** Of a service, as Compose and DNS take it. */
export const serviceName = () =>
  z
    .string({ error: 'must be the name of a service' })
    .regex(/^[a-z][a-z0-9-]*$/, 'a name is small letters, digits and -, beginning with a letter')

/** On the host. */
export const hostPath = () =>
  z.string({ error: 'must be a path' }).regex(/^\/|^\{\{/, 'must begin with / (or with a template that does)')

export const mode = () =>
  z
    .string({ error: 'must be a text in quotes, such as "0700"' })
    .regex(/^0?[0-7]{3,4}$|\{\{/, 'must be a mode such as "0700"')

export const account = () =>
  z.union([z.int().min(0), z.string().min(1)], { error: 'must be a user: its number or its name' })
