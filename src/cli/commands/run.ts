import path from 'node:path'
import type { Invocation } from '../command.ts'
import { play, projectPath } from '../play.ts'

/** vpai run PLAYBOOK… -i INVENTORY: the general form, with the flags `ansible-playbook` users know. */
export async function run({ args, options, io }: Invocation): Promise<number> {
  return play({
    io,
    options,
    command: `run ${args.join(' ')}`,
    playbookDirectory: root => path.relative(root, path.dirname(path.resolve(io.cwd, args[0] ?? '.'))) || '.',
    playbooks: project => args.map(file => projectPath(project, io, file)),
  })
}
