#!/usr/bin/env node
import '../src/cli/tune-engine.ts'
import { startProgram } from '../src/cli/start-program.ts'

await startProgram(import.meta.dirname)
