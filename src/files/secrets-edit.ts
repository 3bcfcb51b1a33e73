import { readFile, rm } from 'node:fs/promises'
import { VpaiError } from '../base/error.ts'
import { decryptAge, encryptAge, type Keys } from '../secrets/age.ts'
import { editableText, mergeEdited } from '../secrets/operations.ts'
import { writeAtomically } from './atomic-write.ts'
import { exists } from './identity-file.ts'
import { type EditorSettings, layOut, type PrivateText } from './private-edit.ts'
import { openSecretsFile, type SecretsFile, saveSecretsFile } from './secrets-file.ts'

export interface EditTalk extends EditorSettings {
  /** Told what is wrong with the text; true: open the editor again. */
  readonly again: (problem: VpaiError) => Promise<boolean>
  /** Told when the text had to lie on a disk instead of in memory. */
  readonly onDisk?: () => void
}

export type EditOutcome = 'saved' | 'unchanged'

/**
 * Opens the secrets in $VISUAL or $EDITOR and encrypts what comes back. A text that cannot be saved is kept
 * encrypted in `<file>.draft`, and the next edit starts from it; it never stays anywhere in clear.
 * Throws SECRETS_EDIT_KEPT when that happened.
 */
export async function editSecrets(file: string, keys: Keys, talk: EditTalk): Promise<EditOutcome> {
  const opened = await openSecretsFile(file, keys)
  const shown = editableText(opened.document, file)
  const start = (await readDraft(opened, keys)) ?? shown
  const laidOut = await layOut(start, 'secrets.yml', talk)
  if (!laidOut.inMemory) talk.onDisk?.()
  let latest = start
  try {
    const session = { opened, keys, talk, laidOut, onText: (text: string) => (latest = text) }
    const outcome = await editUntilSaved(session, shown)
    await rm(draftPath(file), { force: true })
    return outcome
  } catch (cause) {
    if (latest === start || latest === shown) throw cause
    await writeAtomically({
      path: draftPath(file),
      content: await encryptAge(latest, { recipients: opened.recipients }),
      mode: 0o600,
    })
    const why = cause instanceof VpaiError ? cause.message : 'it could not be written'
    throw new VpaiError('SECRETS_EDIT_KEPT', `${file} was not changed: ${why}`, {
      hint: `your text is kept, encrypted, in ${draftPath(file)}; \`vpai secrets edit\` goes on from it`,
      position: cause instanceof VpaiError ? cause.position : undefined,
      cause,
    })
  } finally {
    await laidOut.wipe()
  }
}

export function draftPath(file: string): string {
  return `${file}.draft`
}

interface Editing {
  readonly opened: SecretsFile
  readonly keys: Keys
  readonly talk: EditTalk
  readonly laidOut: PrivateText
  readonly onText: (text: string) => void
}

async function editUntilSaved(editing: Editing, shown: string): Promise<EditOutcome> {
  for (;;) {
    const { text, ended } = await editing.laidOut.edit()
    editing.onText(text)
    if (!ended) throw new VpaiError('SECRETS_EDITOR_FAILED', 'the editor was stopped or ended with an error')
    if (text === shown) return 'unchanged'
    try {
      const document = mergeEdited(text, editing.opened.document, editing.opened.file)
      await saveSecretsFile({ ...editing.opened, document }, editing.keys)
      return 'saved'
    } catch (error) {
      if (!(error instanceof VpaiError) || error.code !== 'SECRETS_YAML') throw error
      if (!(await editing.talk.again(error))) throw error
    }
  }
}

async function readDraft(opened: SecretsFile, keys: Keys): Promise<string | undefined> {
  const draft = draftPath(opened.file)
  if (!(await exists(draft))) return undefined
  return new TextDecoder().decode(
    await decryptAge(await readFile(draft), keys, { file: draft, recipients: opened.recipients }),
  )
}
