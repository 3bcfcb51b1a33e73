import { describe } from 'vitest'
import { sshdMissing } from '../connections/sshd.ts'
import { aviary, isToldNowhere } from './aviary.ts'

const missing = sshdMissing()
if (missing) console.warn(`no canary is let out: ${missing}`)

describe.skipIf(missing)('a secret', () => isToldNowhere(aviary(), ['pretty', 'plain', 'json']))
