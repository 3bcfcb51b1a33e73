/** Texts that name keys: public recipients, private identities, and files that list them. */
import { VpaiError } from '../base/error.ts'
import { Secret } from '../base/secret.ts'

/** Throws SECRETS_SSH_RECIPIENT or SECRETS_BAD_RECIPIENT for what age1... is not. */
export function checkRecipient(recipient: string): void {
  if (/^(ssh-|ecdsa-|sk-)/.test(recipient)) {
    const kind = recipient.split(' ', 1)[0]
    throw new VpaiError(
      'SECRETS_SSH_RECIPIENT',
      `an SSH key (${kind}) cannot be a recipient of the secrets file`,
      {
        hint: 'make an age key with `vpai secrets init` or `age-keygen` and give its public key, age1...',
      },
    )
  }
  if (/^AGE-SECRET-KEY-/i.test(recipient)) {
    throw new VpaiError('SECRETS_BAD_RECIPIENT', 'this is a private identity, not a recipient', {
      hint: 'give its public key, age1... (`age-keygen -y FILE` prints it), and keep the private one to yourself',
    })
  }
  if (!/^age1[02-9ac-hj-np-z]{20,}$/.test(recipient)) {
    throw new VpaiError('SECRETS_BAD_RECIPIENT', `${JSON.stringify(recipient)} is not an age public key`, {
      hint: 'a recipient looks like age1 followed by 58 lower-case letters and digits',
    })
  }
}

/** The text of a private key this tool can use. Never tells the text in an error. */
export function checkIdentity(identity: Secret): string {
  const text = identity.reveal().trim()
  if (/^AGE-SECRET-KEY-(PQ-)?1[02-9AC-HJ-NP-Z]+$/.test(text)) return text
  if (text.startsWith('AGE-PLUGIN-')) {
    throw new VpaiError(
      'SECRETS_PLUGIN_IDENTITY',
      `${identity.name} is a plugin identity, which vpai cannot run`,
      {
        hint: 'add a native age key as a second recipient and use that',
      },
    )
  }
  throw new VpaiError('SECRETS_BAD_IDENTITY', `${identity.name} is not an age identity`, {
    hint: 'an identity is one line that starts with AGE-SECRET-KEY-1',
  })
}

/** The identities of an identity file, comments and blank lines left out. Throws when there is none. */
export function parseIdentities(text: string, file: string): Secret[] {
  if (/^-----BEGIN (OPENSSH|RSA) PRIVATE KEY-----/m.test(text)) {
    throw new VpaiError('SECRETS_SSH_IDENTITY', `${file} is an SSH key, which cannot open the secrets file`, {
      hint: 'use an age identity file (AGE-SECRET-KEY-1...)',
    })
  }
  const lines = meaningfulLines(text)
  if (lines.length === 0) {
    throw new VpaiError('SECRETS_BAD_IDENTITY', `${file} holds no identity`, {
      hint: 'it needs a line that starts with AGE-SECRET-KEY-1',
    })
  }
  return lines.map(({ text: key, number }) => {
    const identity = new Secret(key, `line ${number} of ${file}`)
    checkIdentity(identity)
    return identity
  })
}

/** The recipients of a recipients file. Problems name file and line. */
export function parseRecipients(text: string, file: string): string[] {
  return meaningfulLines(text).map(({ text: recipient, number }) => {
    try {
      checkRecipient(recipient)
    } catch (error) {
      if (!(error instanceof VpaiError)) throw error
      throw new VpaiError(error.code, error.message, {
        hint: error.hint,
        position: { file, line: number, column: 1 },
      })
    }
    return recipient
  })
}

/** The file's text with one more recipient; comments stay. The text itself when it is there already. */
export function addRecipient(text: string, recipient: string, comment?: string): string {
  checkRecipient(recipient)
  if (meaningfulLines(text).some(line => line.text === recipient)) return text
  const start = text === '' || text.endsWith('\n') ? text : `${text}\n`
  const note = comment === undefined ? '' : `# ${comment.replace(/\s+/g, ' ')}\n`
  return `${start}${note}${recipient}\n`
}

/** Throws SECRETS_UNKNOWN_RECIPIENT; a comment right above goes with its line. */
export function removeRecipient(text: string, recipient: string): string {
  const lines = text.split('\n')
  const at = lines.findIndex(line => line.trim() === recipient)
  if (at < 0) {
    throw new VpaiError('SECRETS_UNKNOWN_RECIPIENT', `${recipient} is not among the recipients`, {
      hint: '`vpai secrets recipients list` shows who is',
    })
  }
  const own = at > 1 && (lines[at - 1] ?? '').startsWith('#') && lines[at - 2] !== undefined ? 1 : 0
  lines.splice(at - own, 1 + own)
  return lines.join('\n')
}

function meaningfulLines(text: string): { readonly text: string; readonly number: number }[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.trim(), number: index + 1 }))
    .filter(line => line.text !== '' && !line.text.startsWith('#'))
}
