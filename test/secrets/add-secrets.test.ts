import { expect, it } from 'vitest'
import { addSecrets } from '../../src/secrets/add-secrets.ts'
import { parseSecrets } from '../../src/secrets/document.ts'
import { createSecretRegistry } from '../../src/secrets/registry.ts'

it('addSecrets makes every text of a secrets file known, at any depth', () => {
  const registry = createSecretRegistry()
  const text = 'a: first-secret\nb: { c: [second-secret, { 1: third-secret }] }\nport: 5432\n'
  addSecrets(parseSecrets(text, 'f').values(), registry)
  expect(registry.mask('first-secret second-secret third-secret 5432')).toBe(
    '[secret] [secret] [secret] 5432',
  )
})
