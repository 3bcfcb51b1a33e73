import type { Measure } from '../kit/result.ts'
import { fanOut } from './fan-out.ts'
import { first } from './first.ts'
import { loading } from './loading.ts'
import { marginal } from './marginal.ts'
import { memory } from './memory.ts'
import { noOp } from './no-op.ts'
import { simulated } from './simulated.ts'
import { tree } from './tree.ts'

export const MEASURES: readonly Measure[] = [noOp, marginal, first, fanOut, simulated, tree, loading, memory]
