import path from 'node:path'
import { VpaiError } from '../../base/error.ts'
import { readAnsibleCfg } from '../../files/ansible-cfg-file.ts'
import { openSecretsFile, saveSecretsWith } from '../../files/secrets-file.ts'
import { findVaultFiles, type VaultFile } from '../../files/vault-files.ts'
import { importVault, type VaultImport } from '../../secrets/import-vault.ts'
import { createSecretRegistry } from '../../secrets/registry.ts'
import type { VaultKeys } from '../../secrets/vault-keys.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { openVaultKeys } from '../project/open-vault.ts'
import { secretsPlace } from '../project/secrets-place.ts'

/** vpai secrets import-vault [FILES]: all files are rewritten with the secrets file, or none is. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, options, args } = invocation
  const place = secretsPlace(invocation)
  const vault = await openVaultKeys({
    io,
    options,
    root: place.root,
    ansible: readAnsibleCfg(place.root).settings,
    registry: createSecretRegistry(),
    runsThings: true,
    mayStayClosed: false,
  })
  const given = args.map(file => path.relative(place.root, path.resolve(io.cwd, file)))
  const found = findVaultFiles(place.root, given)
  if (found.length === 0) throw nothing(place.root)
  const keys = await place.keys()
  const opened = await openSecretsFile(place.file, keys)
  const taken = found.flatMap(file => takeOver(file, { vault, named: given.includes(file.file) }))
  for (const { group, secrets } of taken) {
    for (const [name, value] of secrets) {
      const key = `${group}.${name}`
      if (opened.document.get(key) !== undefined) throw takenAlready(key, place.shown)
      opened.document.set(key, value)
    }
  }
  if (taken.length > 0)
    await saveSecretsWith(
      opened,
      keys,
      taken.map(({ file, text }) => ({ path: path.join(place.root, file), content: text })),
    )
  io.out.write(taken.map(({ file, group, secrets }) => `${file}  ${secrets.length} in ${group}\n`).join(''))
  const left = found.filter(({ file }) => !taken.some(one => one.file === file))
  if (left.length > 0)
    io.err.write(
      `Left as they are, vpai reads them encrypted:\n${left.map(({ file }) => `  ${file}\n`).join('')}`,
    )
  return EXIT.fine
}

interface Taken extends VaultImport {
  readonly file: string
}

/** A whole file that is not known to hold variables is taken only when it was named. */
function takeOver(found: VaultFile, { vault, named }: { vault: VaultKeys; named: boolean }): Taken[] {
  if (found.kind === 'other' && !named) return []
  const result = importVault(found.text, found.file, vault)
  return result === null ? [] : [{ ...result, file: found.file }]
}

function nothing(root: string): VpaiError {
  return new VpaiError('VAULT_NOTHING', `ansible-vault encrypted nothing below ${root}`)
}

function takenAlready(key: string, file: string): VpaiError {
  return new VpaiError('VAULT_IMPORT', `${file} has a ${key} already`, {
    hint: 'Nothing was changed. Rename or remove it first: vpai secrets edit',
  })
}
