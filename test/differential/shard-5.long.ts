import { differentialSuite } from './suite.ts'

differentialSuite(5, 6)
