/** Keys as JSON, for files that tell what to ask; those that say all by themselves, without scripts of modules. */
import { z } from 'zod'

const flag = z.boolean().optional()
const named = z.string().min(1)

export const keySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: named, follow: flag, hash: flag, accessed: flag }),
  z.object({ kind: z.literal('content'), path: named, limit: z.number().optional() }),
  z.object({ kind: z.literal('package'), name: named }),
  z.object({ kind: z.literal('unit'), name: named, scope: z.enum(['system', 'user']).optional() }),
  z.object({ kind: z.literal('user'), name: named }),
  z.object({ kind: z.literal('group'), name: named }),
  z.object({ kind: z.literal('which'), command: named }),
])
