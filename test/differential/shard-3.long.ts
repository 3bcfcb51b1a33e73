import { differentialSuite } from './suite.ts'

differentialSuite(3, 6)
