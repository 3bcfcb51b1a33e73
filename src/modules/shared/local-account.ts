/** `local`: only accounts of the host's own files count, not those of a directory service. */
import { quote } from '../../base/quote.ts'
import type { Seen } from '../../probes/contract.ts'

interface Account {
  readonly name: string
  readonly local: boolean
}

export function localKeys(file: '/etc/passwd' | '/etc/group', { name, local }: Account) {
  return local ? [localKey(file, name)] : []
}

/** A sentence about an account that only a directory service knows: the tools of the host can neither change nor make it. */
export function notLocal(
  file: '/etc/passwd' | '/etc/group',
  { name, local }: Account,
  seen: Seen,
): string | null {
  if (!local || seen.get(localKey(file, name)).stdout.trim() === 'here') return null
  return `${name} is known to this host, but not from ${file}, and local asks for that`
}

function localKey(file: string, name: string) {
  const script = `while IFS= read -r l || [ -n "$l" ]; do case $l in ${quote(name)}:*) echo here; break;; esac; done <${file}`
  return { kind: 'read', name: `${file} ${name}`, script } as const
}
