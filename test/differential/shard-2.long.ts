import { differentialSuite } from './suite.ts'

differentialSuite(2, 6)
