/** Entry of the test bundle: a small stand-in for the command line. `up`, `down` and the built-in ssh server. */
import { down, type UpOptions, up } from '../../src/sandbox/index.ts'
import { runSshServer } from '../../src/sandbox/ssh-server.ts'

const [verb = '', first = '', ...rest] = process.argv.slice(2)
if (verb === 'ssh-server') await runSshServer([first, ...rest])
else if (verb === 'up') process.stdout.write(JSON.stringify(await up(JSON.parse(first) as UpOptions)))
else await down(first, rest[0] ?? '')
