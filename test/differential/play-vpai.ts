/** The built vpai, read through `--output json`. */
import { execa } from 'execa'
import { COUNTS, isResult, itemsOf, type Outcome, type Played } from './outcome.ts'
import type { PlayRequest } from './play-ansible.ts'

interface Document {
  readonly stats: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly tasks: readonly {
    readonly name: string
    readonly host: string
    readonly status: string
    readonly result: unknown
    readonly position: { readonly file: string; readonly line: number }
  }[]
}

export async function playVpai({ stage, folder, args }: PlayRequest): Promise<Played> {
  const run = await execa(process.execPath, [stage.program, 'run', 'site.yml', ...args, '--output', 'json'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: `${folder}/.home`,
      TZ: 'UTC',
      LANG: 'C.UTF-8',
      VPAI_HOST_STATE: `${folder}/.record`,
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 280_000,
  })
  const text = run.stdout.replaceAll(folder, 'PROJECT')
  const document: Document = text.startsWith('{') ? JSON.parse(text) : { stats: {}, tasks: [] }
  return {
    outcomes: document.tasks.map(outcomeOf),
    stats: Object.fromEntries(
      Object.entries(document.stats).map(([host, counts]) => [
        host,
        COUNTS.map(name => `${name}=${counts[name] ?? 0}`).join(' '),
      ]),
    ),
    code: run.exitCode ?? null,
    output: run.stderr || (text.startsWith('{') ? '' : text),
  }
}

function outcomeOf({ name, host, status, result: raw, position }: Document['tasks'][number]): Outcome {
  const result = isResult(raw) ? raw : {}
  return {
    ...{ host, result, items: itemsOf(result), task: name },
    where: `${position.file.split('/').at(-1)}:${position.line}`,
    status: status === 'ignored' ? (result.unreachable === true ? 'unreachable' : 'failed') : status,
  }
}
