import { differentialSuite } from './suite.ts'

differentialSuite(1, 6)
