/** A host of the test bed with what modules.yml works on, and what others can see there while a run goes on. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { SandboxInfo } from '../../../src/sandbox/index.ts'
import type { Testbed } from '../../testbed/index.ts'

export class Target {
  readonly info: SandboxInfo
  readonly #testbed: Testbed

  constructor(testbed: Testbed, info: SandboxInfo) {
    this.#testbed = testbed
    this.info = info
  }

  async prepare(): Promise<void> {
    await this.#write('/srv/canary/server.py', 'server.py')
    await this.#write('/srv/canary/watch.pl', 'watch.pl')
    await this.#write('/srv/canary/prepare.sh', 'prepare.sh')
    await this.run('sh /srv/canary/prepare.sh')
  }

  async run(command: string, user = 'root'): Promise<string> {
    const { code, stdout, stderr } = await this.#testbed.exec(this.info, command, user)
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${stdout}${stderr}`)
    return stdout
  }

  /** Looks through the eyes of another ordinary user, until `stop` tells what was seen. */
  watch(name: string): { stop(): Promise<string> } {
    const end = `/srv/canary/end-${name}`
    const seen = this.run(`perl /srv/canary/watch.pl ${end}`, 'admin2')
    return {
      stop: async () => {
        await this.run(`touch ${end}`)
        return seen
      },
    }
  }

  /** What a run has left: for root in temporary folders and logs, for everybody anywhere. */
  async left(since: string): Promise<string> {
    const folders = '/tmp /var/tmp /dev/shm /run'
    const temporary = await this.run(
      `find ${folders} -xdev -type f -size -2000k ! -path '/run/docker/*' -newer ${since} -print -exec cat {} +`,
    )
    const logs = await this.run(`journalctl -q -o cat; cat /var/log/apt/*.log /var/log/dpkg.log`)
    const readable = await this.run(
      `find / -xdev -type f -readable -size -2000k -newer ${since} -print -exec cat {} + 2>/dev/null; true`,
      'admin2',
    )
    return `${temporary}\n${logs}\n${readable}`
  }

  async #write(to: string, name: string): Promise<void> {
    const text = readFileSync(path.join(import.meta.dirname, name)).toString('base64')
    await this.run(`mkdir -p ${path.posix.dirname(to)} && echo ${text} | base64 -d > ${to}`)
  }
}
