/**
 * What somebody would write by hand to see that nothing is to do: one sh script for `ssh host sh -s`. It looks at
 * what the play looks at, all paths in one `stat` and all contents in one `sha256sum`, runs what always runs, and
 * fails when anything is not as expected. What is expected is read from the host after the play was applied.
 */
import { execFileSync } from 'node:child_process'
import { BASE } from './mix.ts'

export function handScript(inside: readonly string[], always: number): string {
  const [program = '', ...rest] = inside
  const ask = (script: string) =>
    execFileSync(program, [...rest, 'sh', '-c', script], { encoding: 'utf8', maxBuffer: 1 << 26 })
  const seen = ask(`LC_ALL=C; export LC_ALL; cd ${BASE}; find . | sort | xargs stat -c "${FORMAT}"`)
  const sums = ask(`LC_ALL=C; export LC_ALL; cd ${BASE}; find . -type f | sort | xargs sha256sum`)
  return [
    'set -e; LC_ALL=C; export LC_ALL',
    `cd ${BASE}`,
    `expected=$(cat <<'END'\n${seen}END\n)`,
    `seen=$(stat -c "${FORMAT}" ${seen
      .trim()
      .split('\n')
      .map(line => line.split(' ')[0])
      .join(' ')})`,
    '[ "$seen" = "$expected" ]',
    `sha256sum --check --status <<'END'\n${sums}END`,
    'for path in d*/gone*; do [ ! -e "$path" ]; done',
    ...Array.from({ length: always }, () => `env true`),
    'echo same',
    '',
  ].join('\n')
}

const FORMAT = '%n %F %a %U %G'
