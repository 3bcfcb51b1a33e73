/** The interactive wizard on the folder given as first argument with the key given as second. */
import { randomBytes } from 'node:crypto'
import { VpaiError } from '../../src/base/error.ts'
import { Secret } from '../../src/base/secret.ts'
import { readFormerProject, writeWizardResult } from '../../src/files/wizard-files.ts'
import { converse } from '../../src/wizard/ask.ts'
import { wizardFlow } from '../../src/wizard/flow.ts'
import { STEP_TITLES } from '../../src/wizard/variable.ts'

const [folder = '', key = ''] = process.argv.slice(2)
const keys = { identities: [new Secret(key)] }
const { createTerminalAsk } = await import('../../src/cli/prompts/inquirer.ts')
try {
  const former = await readFormerProject(folder, { keys: async () => keys, deployed: false })
  const ask = createTerminalAsk({ input: process.stdin, output: process.stdout })
  const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)) }
  const result = await converse(wizardFlow({ systems: former.systems, former, random }), ask, STEP_TITLES)
  const written = await writeWizardResult(folder, result, { keys, former })
  console.log(`WROTE ${written.length} FILES`)
} catch (error) {
  console.log(`ENDED WITH ${error instanceof VpaiError ? error.code : String(error)}`)
}
