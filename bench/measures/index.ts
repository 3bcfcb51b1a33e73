import type { Measure } from '../kit/result.ts'
import { noOp } from './no-op.ts'

export const MEASURES: readonly Measure[] = [noOp]
