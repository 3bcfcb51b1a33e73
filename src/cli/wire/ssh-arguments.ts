/** What arguments of the `ssh` program, as Ansible users write them, say about where to go; the rest has no effect. */

export interface SshArguments {
  readonly proxyJump?: string
  readonly port?: number
  readonly user?: string
  readonly identityFile?: string
}

/** A flag and its word, which may be quoted as a whole or in parts. */
const OPTION = /(?:^|\s)-(?<flag>[JpliF]|o)\s*(?<word>(?:[^\s'"]|'[^']*'|"[^"]*")+)/g

/** The first of a kind counts, as with ssh. */
export function readSshArguments(text: string): SshArguments {
  const found: { -readonly [Key in keyof SshArguments]: SshArguments[Key] } = {}
  for (const { groups = {} } of text.matchAll(OPTION)) {
    const { flag = '', word = '' } = groups
    const given = word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2')
    const [key, value] = flag === 'o' ? named(given) : [FLAGS[flag], given]
    if (key === 'port') found.port ??= Number(value)
    else if (key !== undefined) found[key] ??= value
  }
  return found
}

const FLAGS: Readonly<Record<string, keyof SshArguments>> = {
  J: 'proxyJump',
  p: 'port',
  l: 'user',
  i: 'identityFile',
}

const OPTIONS: Readonly<Record<string, keyof SshArguments>> = {
  proxyjump: 'proxyJump',
  port: 'port',
  user: 'user',
  identityfile: 'identityFile',
}

/** ProxyCommand is understood in the one form that is a jump: ssh -W %h:%p HOST. */
function named(option: string): readonly [keyof SshArguments | undefined, string] {
  const [, name = '', value = ''] = /^\s*(\w+)\s*[=\s]\s*(.*)$/.exec(option) ?? []
  const text = value.replace(/^(["'])(.*)\1$/, '$2').trim()
  if (name.toLowerCase() !== 'proxycommand') return [OPTIONS[name.toLowerCase()], text]
  const jump = /^ssh\s+(?:-q\s+)?(?:-W\s+\[?%h\]?:%p\s+(?:-q\s+)?(\S+)|(\S+)\s+-W\s+\[?%h\]?:%p)\s*$/.exec(
    text,
  )
  return [jump ? 'proxyJump' : undefined, jump?.[1] ?? jump?.[2] ?? '']
}
