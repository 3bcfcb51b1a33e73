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
  const whole = line.trim()
  const first = LEADING_WORD.exec(whole)?.[0] ?? ''
  const own = TYPES.test(first) ? '' : first
  const [, type = '', blob = '', rest = ''] =
    /^(\S+)\s+(\S+)\s*(.*)$/s.exec(whole.slice(own.length).trim()) ?? []
  if (!TYPES.test(type) || !/^[A-Za-z0-9+/]+=*$/.test(blob)) return null
  return { options: options ?? own, type, blob, comment: comment ?? rest }
}

export function printKey({ options, type, blob, comment }: PublicKey): string {
  return [options, type, blob, comment].filter(part => part !== '').join(' ')
}

/** Options may hold spaces inside quotes: command="a b". */
const LEADING_WORD = /^(?:"(?:\\.|[^"\\])*"|[^\s"])+/
