import type { Remark, Rule } from '../contract.ts'

export const legacyWords: Rule = {
  id: 'legacy-words',
  severity: 'warning',
  summary: 'words that Ansible has given up',
  why: 'They still work, or never did; the word of today says the same.',
  check: ({ sources }) =>
    sources
      .filter(({ kind }) => kind === 'yaml')
      .flatMap(({ file, lines }) =>
        lines.flatMap((text, index): Remark[] => {
          const found = ENTRY.exec(text)
          const [, before = '', word = ''] = found ?? []
          const now = NEWER[word]
          if (now === undefined) return []
          const position = { file, line: index + 1, column: before.length + 1 }
          return [
            {
              message: `${word} is the old word for ${now}`,
              position,
              fix: { ...position, before: word, after: now },
            },
          ]
        }),
      ),
}

const ENTRY = /^(\s*(?:- )?)([a-z_]+)\s*:/

const NEWER: Readonly<Record<string, string>> = {
  ansible_ssh_host: 'ansible_host',
  ansible_ssh_port: 'ansible_port',
  ansible_ssh_user: 'ansible_user',
  ansible_ssh_pass: 'ansible_password',
  ansible_sudo: 'ansible_become',
  ansible_sudo_user: 'ansible_become_user',
  ansible_sudo_pass: 'ansible_become_password',
  ansible_become_pass: 'ansible_become_password',
}
