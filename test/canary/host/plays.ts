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

export type Play = typeof PLAY & { readonly tasks: readonly Task[] }

export const TABLE = path.join(import.meta.dirname, 'modules.yml')

export function moduleRows(): Readonly<Record<string, ModuleRow>> {
  return parse(readFileSync(TABLE, 'utf8')) as Record<string, ModuleRow>
}

/** So many runs there are, one a form of output. */
export const TURNS = 4

/** Sides of rows in one play: a run looks ahead to the end of its play, each time something has changed. */
const SIDES_AT_A_TIME = 24

/**
 * Each task of the table is called after what it must do: "apt works: 2". What takes a canary is done in every run, as
 * each has others; tasks that only have them in their environment, which is the same in all, take turns.
 */
export function playsOfEveryModule(turn: number): readonly Play[] {
  const sides = Object.entries(moduleRows()).flatMap(sidesOf)
  const bare = sides.filter(tasks => !takesCanary(tasks))
  const rows = sides.filter(tasks => !bare.includes(tasks) || bare.indexOf(tasks) % TURNS === turn)
  const starts = rows.flatMap((_, index) => (index % SIDES_AT_A_TIME === 0 ? [index] : []))
  const plays = starts.map(start => rows.slice(start, start + SIDES_AT_A_TIME).flat())
  return [BEFORE, ...plays, AFTER].map(tasks => ({ ...PLAY, tasks }))
}

function sidesOf([module, { works = [], fails = [] }]: readonly [string, ModuleRow]): readonly Task[][] {
  return [
    works.map((task, index) => named(`${module} works: ${index + 1}`, task)),
    fails.map((task, index) => named(`${module} fails: ${index + 1}`, task)),
  ]
}

function takesCanary(tasks: readonly Task[]): boolean {
  return tasks.some(task =>
    /\b(one\.value|in_a_swarm|line|secret|secret_line|canary\.\w+|parts)\b/.test(JSON.stringify(task)),
  )
}

/** Of OpenPGP: its comment is any text. */
const PUBLIC_KEY = `-----BEGIN PGP PUBLIC KEY BLOCK-----
Comment: a key

mDMEawGgUBYJKwYBBAHaRw8BAQdAQJVCxRJ64FDzWiICx907xNDyGVE9l0EYnW4p
Xefa4pi0EGNhbmFyeUBsb2NhbGhvc3SIkAQTFggAOBYhBGKTngeGYiRzNpjA5l4K
RClzCyvOBQJrAaBQAhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJEF4KRClz
CyvOXlYA/Alc0cYh5dhky2s3iIZTihRxDOWDWU+MNRLWeFyaqgXuAP44b4mSyU7f
gPVuc0iGpl9TWqJtYBhcPgPzW2yZX8lSCA==
=2bGq
-----END PGP PUBLIC KEY BLOCK-----
`

const PLAY = {
  name: 'Every module',
  // The one there is; add_host adds others.
  hosts: 'web1',
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
    // A swarm reads double braces as templates of its own, even in values.
    in_a_swarm: "{{ one.value | b64encode if one.key == 'braces' else one.value }}",
    secret_line: "{{ secret | replace('\n', ' ') }}",
    public_key: PUBLIC_KEY,
    public_key_id: '62939E07866224733698C0E65E0A4429730B2BCE',
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
  {
    name: 'A secret is the password of who administers MariaDB',
    mysql_user: { name: 'canary_admin', password: '{{ secret }}', priv: '*.*:ALL,GRANT' },
  },
  {
    name: 'A secret is the password of who administers PostgreSQL',
    postgresql_user: { name: 'canary_admin', password: '{{ secret }}', role_attr_flags: 'SUPERUSER' },
    become_user: 'postgres',
  },
  {
    name: 'A swarm of one',
    docker_swarm: { advertise_addr: '127.0.0.1', listen_addr: '127.0.0.1:2377' },
  },
]

const AFTER: readonly Task[] = [{ name: 'No swarm', docker_swarm: { state: 'absent', force: true } }]

function named(name: string, task: Task): Task {
  const loops = /\b(one\.(key|value)|in_a_swarm|line)\b/.test(JSON.stringify(task))
  return {
    name,
    ignore_errors: true,
    ...task,
    ...(loops ? { loop: '{{ chosen }}', loop_control: LOOP } : {}),
  }
}

const LOOP = { loop_var: 'one', label: '{{ one.key }}' }
