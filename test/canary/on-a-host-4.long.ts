import { canariesOnAHost } from './host/on-a-host.ts'

canariesOnAHost('pretty')
