/** A PostgreSQL server of its own, in a temporary folder, as somebody who is not root. Integration only. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { appendFileSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from './shells.ts'

export interface PostgresServer {
  /** Arguments with which modules reach it as its superuser. */
  readonly login: { readonly login_unix_socket: string; readonly login_port: number }
  readonly port: number
  /** Rows of psql, as text. */
  sql(statement: string, db?: string): string
  stop(): void
}

/** Why there can be none; null when there can. */
export function postgresMissing(): string | null {
  return programs() === null ? 'postgresql is not installed' : null
}

export function startPostgres(): PostgresServer {
  const bin = programs()
  if (bin === null) throw new Error('postgresql is not installed')
  const dir = temporaryDirectory()
  const data = join(dir, 'data')
  mkdirSync(data)
  const identity = unprivileged()
  if (identity !== null) for (const path of [dir, data]) chownSync(path, identity.uid, identity.gid)
  const options = { ...identity, cwd: dir, stdio: 'ignore' as const }
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    options,
  )
  const port = 20_000 + (process.pid % 20_000)
  execFileSync('sed', ['-i', 's/^\\(host.*\\)trust$/\\1scram-sha-256/', join(data, 'pg_hba.conf')])
  appendFileSync(
    join(data, 'postgresql.conf'),
    `fsync = off\nlisten_addresses = '127.0.0.1'\nport = ${port}\nunix_socket_directories = '${dir}'\n`,
  )
  const server: ChildProcess = spawn(join(bin, 'postgres'), ['-D', data], options)
  const sql = (statement: string, db = 'postgres') =>
    execFileSync(
      'psql',
      [
        '-X',
        '-q',
        '-A',
        '-t',
        '-v',
        'ON_ERROR_STOP=1',
        '-h',
        dir,
        '-p',
        String(port),
        '-U',
        'postgres',
        '-d',
        db,
      ],
      {
        input: statement,
        encoding: 'utf8',
      },
    ).trim()
  waitFor(() => sql('SELECT 1') === '1')
  return {
    login: { login_unix_socket: dir, login_port: port },
    port,
    sql,
    stop() {
      server.kill('SIGINT')
      waitFor(() => !existsSync(join(data, 'postmaster.pid')))
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function waitFor(done: () => boolean): void {
  for (let left = 200; left > 0; left--) {
    try {
      if (done()) return
    } catch {
      // It does not answer yet.
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
  }
  throw new Error('PostgreSQL does not come up or does not go')
}

/** Debian keeps the server's programs out of the PATH, by version. */
function programs(): string | null {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const found = versions
    .map(version => join(root, version, 'bin'))
    .find(bin => existsSync(join(bin, 'initdb')))
  return found ?? null
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
