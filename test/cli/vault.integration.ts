/** Interchange with the real ansible-vault (Debian's ansible-core), through the commands people type. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealVault } from '../../src/base/vault-format.ts'
import { aPlace, type Place } from './io.ts'

// Ansible keeps its temporary files below its home.
const ansibleHome = mkdtempSync(path.join(tmpdir(), 'vpai-ansible-'))
process.env.ANSIBLE_HOME = ansibleHome
afterAll(() => rmSync(ansibleHome, { recursive: true, force: true }))

const hasVault = spawnSync('ansible-vault', ['--version']).status === 0
if (!hasVault) console.warn('skipped: no `ansible-vault` program here (apt-get install ansible-core)')

let place: Place

function ansibleVault(args: readonly string[], input = ''): string {
  return execFileSync('ansible-vault', args, { cwd: place.folder, input, encoding: 'utf8' })
}

/** A !vault value for a line that begins with `name:`. */
function encrypted(name: string, text: string, from: readonly string[]): string {
  return ansibleVault(['encrypt_string', ...from, '--stdin-name', name], text)
}

const DEV = ['--vault-password-file', 'dev.pass']
const PROD = ['--vault-id', 'prod@prod.pass', '--encrypt-vault-id', 'prod']
const RUN = ['run', 'site.yml', '-c', 'local', '--output', 'plain']
const KEYS = ['--vault-password-file', 'dev.pass', '--vault-id', 'prod@prod.pass']

const PLAYBOOK = `
- hosts: all
  gather_facts: false
  vars_files: [extra.yml]
  tasks:
    - ansible.builtin.assert:
        that:
          - inline == 'inline-secret-1'
          - labelled == 'labelled-secret-2'
          - whole == 'whole-secret-3'
          - whole_list[1].port == 8443
          - from_vars_file == 'vars-file-secret-4'
          - lookup('file', 'note.txt') == 'note-secret-5'
          - lookup('unvault', 'note.txt') == 'note-secret-5\\n'
          - in_inventory == 'inventory-secret-6'
    - ansible.builtin.copy:
        src: note.txt
        dest: "{{ out }}/note"
        mode: "0600"
    - ansible.builtin.template:
        src: page.j2
        dest: "{{ out }}/page"
        mode: "0600"
    - ansible.builtin.copy:
        src: note.txt
        dest: "{{ out }}/sealed"
        decrypt: false
        mode: "0600"
    - ansible.builtin.debug:
        msg: "{{ inline }} {{ labelled }} {{ whole }} {{ from_vars_file }} {{ lookup('file', 'note.txt') }} {{ in_inventory }}"
`

describe.skipIf(!hasVault)('what ansible-vault encrypted', () => {
  beforeAll(() => {
    place = aPlace({
      'vpai.yml': 'name: shop\n',
      'dev.pass': 'the-dev-password\n',
      'prod.pass': 'the-prod-password\n',
      'site.yml': PLAYBOOK,
      'inventory/group_vars/web/vault.yml': 'whole: whole-secret-3\nwhole_list: [a, {port: 8443}]\n',
      'inventory/hosts': '[web]\nweb1 in_inventory=inventory-secret-6\n',
      'extra.yml': 'from_vars_file: vars-file-secret-4\n',
      'files/note.txt': 'note-secret-5\n',
      'templates/page.j2': 'page {{ inline }}\n',
    })
    place.write(
      'inventory/group_vars/all.yml',
      `out: ${place.home}\n${encrypted('inline', 'inline-secret-1', DEV)}\n${encrypted('labelled', 'labelled-secret-2', PROD)}\n`,
    )
    for (const file of ['inventory/group_vars/web/vault.yml', 'extra.yml', 'templates/page.j2'])
      ansibleVault(['encrypt', ...DEV, file])
    for (const file of ['inventory/hosts', 'files/note.txt']) ansibleVault(['encrypt', ...PROD, file])
  }, 60_000)
  afterAll(() => place?.remove())

  it('is read everywhere, and none of it is shown', async () => {
    const { code, out, err } = await place.run([...RUN, ...KEYS, '-vv', '--diff'])
    expect(`${out}${err}`).not.toMatch(/secret-\d/)
    expect(code).toBe(0)
    const written = (name: string) => readFileSync(path.join(place.home, name), 'utf8')
    expect([written('note'), written('page')]).toEqual(['note-secret-5\n', 'page inline-secret-1\n'])
    expect(written('sealed')).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;prod\n/)
  })

  it.each([
    ['no password', [], 'VAULT_NO_PASSWORD', /no vault password was given/],
    ['a wrong one', ['--vault-password-file', 'site.yml'], 'VAULT_WRONG_PASSWORD', /opens it/],
    ['a file that is not there', ['--vault-password-file', 'nope'], 'VAULT_PASSWORD_FILE', /cannot be had/],
  ])('with %s the run ends before it begins', async (_, options, __, message) => {
    const { code, err } = await place.run([...RUN, ...options])
    expect(code).toBe(1)
    expect(err).toMatch(message)
  })

  it('the password may come by ansible.cfg, a variable of the environment and a pipe', async () => {
    place.write('ansible.cfg', '[defaults]\nvault_identity_list = prod@prod.pass\n')
    const env = { ANSIBLE_VAULT_PASSWORD_FILE: path.join(place.folder, 'dev.pass') }
    expect((await place.run(RUN, { env })).code).toBe(0)
    expect((await place.run([...RUN, '-J'], { stdin: 'the-dev-password\n' })).code).toBe(0)
    place.write('ansible.cfg', '')
  })

  it('a program that gives the password is run to run things, and never to look at them', async () => {
    const program = place.write(
      'dev-client.sh',
      '#!/bin/sh\ntouch "$(dirname "$0")/ran"\necho "the-$2-password"\n',
    )
    chmodSync(program, 0o755)
    const keys = ['--vault-id', 'dev@dev-client.sh', '--vault-id', 'prod@prod.pass']
    for (const looking of [
      ['run', 'site.yml', '--list-tasks'],
      ['run', 'site.yml', '--syntax-check'],
      ['inventory', '--vars'],
      ['explain', 'web1', 'inline'],
    ]) {
      const { code, err } = await place.run([...looking, ...keys])
      expect([code, err]).toEqual([0, expect.any(String)])
    }
    expect(existsSync(path.join(place.folder, 'ran'))).toBe(false)
    expect((await place.run([...RUN, ...keys])).code).toBe(0)
    expect(existsSync(path.join(place.folder, 'ran'))).toBe(true)
  })

  it('import-vault takes values over, and the same playbook runs without a password for them', async () => {
    await place.run(['secrets', 'init'])
    const { code, out, err } = await place.run([
      'secrets',
      'import-vault',
      'inventory/group_vars',
      'extra.yml',
      ...KEYS,
    ])
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('inventory/group_vars/all.yml  2 in vaulted_group_vars_all\n')
    const all = readFileSync(path.join(place.folder, 'inventory/group_vars/all.yml'), 'utf8')
    expect(all).toBe(
      `out: ${place.home}\ninline: "{{ vaulted_group_vars_all.inline }}"\nlabelled: "{{ vaulted_group_vars_all.labelled }}"\n`,
    )
    expect(readFileSync(path.join(place.folder, 'inventory/group_vars/web/vault.yml'), 'utf8')).toContain(
      'port: "{{ vaulted_group_vars_web_vault.whole_list_1_port | int }}"',
    )
    expect(readFileSync(path.join(place.folder, 'extra.yml'), 'utf8')).not.toContain('VAULT')
    const again = await place.run([...RUN, ...KEYS])
    expect([again.code, /secret-\d/.test(again.out + again.err)]).toEqual([0, false])
    const rest = await place.run(['secrets', 'import-vault', ...KEYS])
    expect(rest.err).toContain('files/note.txt')
  }, 30_000)

  it('ansible-vault opens what vpai seals', () => {
    const text = sealVault(Buffer.from('from vpai\n'), {
      password: 'the-prod-password',
      salt: Buffer.alloc(32, 5),
      id: 'prod',
    })
    place.write('sealed.txt', text)
    expect(ansibleVault(['view', '--vault-id', 'prod@prod.pass', 'sealed.txt'])).toBe('from vpai\n')
  })
})
