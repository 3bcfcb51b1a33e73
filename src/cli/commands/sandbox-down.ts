import { down } from '../../sandbox/index.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { removeSandboxInventory, sandboxFolder } from '../project/sandbox-place.ts'
import { showSteps } from '../steps.ts'

/** vpai sandbox down: ends the host and removes all of it. None there is fine too. */
export async function run({ options, io }: Invocation): Promise<number> {
  const name = String(options.name)
  const folder = sandboxFolder(io, name)
  let wasThere = false
  const end = async () => {
    removeSandboxInventory(folder)
    wasThere = await down(name, folder)
  }
  await showSteps([{ title: `Ending the sandbox ${name}`, run: end }], { io })
  io.out.write(wasThere ? `The sandbox ${name} is gone.\n` : `There is no sandbox ${name}.\n`)
  return EXIT.fine
}
