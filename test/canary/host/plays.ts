/** The table of modules.yml as a play, and which task must end how. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'

/** A task as it is written. */
export type Task = Readonly<Record<string, unknown>>

export interface ModuleRow {
  readonly works?: readonly Task[]
  readonly fails?: readonly Task[]
  readonly cannot_work?: string
  readonly cannot_fail?: string
}

export const TABLE = path.join(import.meta.dirname, 'modules.yml')

export function moduleRows(): Readonly<Record<string, ModuleRow>> {
  return parse(readFileSync(TABLE, 'utf8')) as Record<string, ModuleRow>
}

/** Each task of the table is called after what it must do: "apt works: 2". */
export function playOfEveryModule(): readonly Task[] {
  const tasks = Object.entries(moduleRows()).flatMap(([module, row]) => [
    ...(row.works ?? []).map((task, index) => named(`${module} works: ${index + 1}`, task)),
    ...(row.fails ?? []).map((task, index) => named(`${module} fails: ${index + 1}`, task)),
  ])
  return [{ ...PLAY, tasks: [...BEFORE, ...tasks] }]
}

const PLAY = {
  name: 'Every module',
  hosts: 'all',
  become: true,
  gather_facts: false,
  environment: '{{ all_of_them }}',
  vars: {
    here: '/root/canary',
    server: 'http://127.0.0.1:8099',
    secret: '{{ canary[secret_name] }}',
    chosen: '{{ canary | dict2items | selectattr("key", "in", secret_names) | list }}',
    all_of_them: '{{ dict(canary.keys() | map("upper") | zip(canary.values())) }}',
    line: "{{ one.value | replace('\n', ' ') }}",
    secret_line: "{{ secret | replace('\n', ' ') }}",
    ed25519: 'AAAAC3NzaC1lZDI1NTE5AAAAIGxaj8x6YsS0Es5gbPxymMnPxhDVMSMHjlB3NzfYx9hS',
  },
}

/** What several rows work on and what holds a secret itself. */
const BEFORE: readonly Task[] = [
  {
    name: 'A part',
    copy: { content: '{{ canary.values() | join("\\n") }}', dest: '{{ here }}/parts/a', mode: '0600' },
  },
  { name: 'Parts as one', shell: 'tar -cf ../parts.tar a', args: { chdir: '{{ here }}/parts' } },
  {
    name: 'Variables of a project',
    copy: {
      content: "ONE='{{ canary.plain }}'\nTWO='{{ canary.unicode }}'\nTHREE='{{ canary.equals }}'\n",
      dest: '{{ here }}/project/secret.env',
      mode: '0600',
    },
  },
  {
    name: 'A key anew, as its passphrase is another one in each run',
    openssl_privatekey: {
      path: '{{ here }}/key',
      type: 'Ed25519',
      passphrase: '{{ secret_line }}',
      force: true,
    },
  },
  {
    name: 'A certificate',
    shell: 'openssl req -x509 -key key -passin env:PASS -out pem -subj /CN=canary',
    environment: { PASS: '{{ secret_line }}' },
    args: { chdir: '{{ here }}' },
  },
  { name: 'A file', command: 'touch {{ here }}/lines {{ here }}/ini' },
]

function named(name: string, task: Task): Task {
  const loops = /\b(one\.value|line)\b/.test(JSON.stringify(task))
  return {
    name,
    ignore_errors: true,
    ...task,
    ...(loops ? { loop: '{{ chosen }}', loop_control: LOOP } : {}),
  }
}

const LOOP = { loop_var: 'one', label: '{{ one.key }}' }
