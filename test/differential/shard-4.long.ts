import { differentialSuite } from './suite.ts'

differentialSuite(4, 6)
