/** Edits the secrets file given as first argument with the key given as second; tells the code of its end. */
import { VpaiError } from '../../src/base/error.ts'
import { Secret } from '../../src/base/secret.ts'
import { editSecrets } from '../../src/files/secrets-edit.ts'

const [file = '', key = ''] = process.argv.slice(2)
try {
  await editSecrets(
    file,
    { identities: [new Secret(key)] },
    { environment: process.env, again: async () => false },
  )
} catch (error) {
  process.stderr.write(error instanceof VpaiError ? error.code : String(error))
}
