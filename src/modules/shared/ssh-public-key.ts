/** One line of an authorized_keys file: [options] type blob [comment]. */
export interface PublicKey {
  readonly options: string
  readonly type: string
  readonly blob: string
  readonly comment: string
}

const TYPES =
  /^(ssh-(rsa|dss|ed25519|ed448)|ecdsa-sha2-nistp\d+|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com|[\w-]+-cert-v01@openssh\.com)$/

/** null for comments, blanks and what is no key. Options and comment given here replace those of the line. */
export function parseKeyLine(line: string, options?: string, comment?: string): PublicKey | null {
  const words = wordsOutsideQuotes(line.trim())
  const at = TYPES.test(words[0] ?? '') ? 0 : 1
  const [type = '', blob = '', ...rest] = words.slice(at)
  if (!TYPES.test(type) || !/^[A-Za-z0-9+/]+=*$/.test(blob)) return null
  return {
    options: options ?? (at === 1 ? (words[0] ?? '') : ''),
    type,
    blob,
    comment: comment ?? rest.join(' '),
  }
}

export function printKey({ options, type, blob, comment }: PublicKey): string {
  return [options, type, blob, comment].filter(part => part !== '').join(' ')
}

/** Options may hold spaces inside quotes: command="a b". */
function wordsOutsideQuotes(line: string): string[] {
  return line.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? []
}
