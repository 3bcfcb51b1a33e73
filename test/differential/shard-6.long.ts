import { differentialSuite } from './suite.ts'

differentialSuite(6, 6)
