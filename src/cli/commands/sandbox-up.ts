import path from 'node:path'
import { type SandboxInfo, up } from '../../sandbox/index.ts'
import type { Invocation } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { shippedDirectory } from '../project/find-root.ts'
import { sandboxFolder, sandboxInventory, writeSandboxInventory } from '../project/sandbox-place.ts'
import { showSteps } from '../steps.ts'

/** What the machine allows, best first; what each cannot do stands in the notes. */
const TIERS: Record<SandboxInfo['tier'], string> = {
  root: 'root (namespaces made by root)',
  subuid: 'subuid (namespaces of an ordinary user, with the ids that /etc/subuid lends)',
  'single-uid': 'single uid (namespaces of an ordinary user with one id)',
  docker: 'docker (a container)',
}

/** vpai sandbox up: starts a host, or finds the one that runs, and says how to use it. */
export async function run({ options, io }: Invocation): Promise<number> {
  const name = String(options.name)
  const backend = options.backend === 'docker' ? 'docker' : 'embedded'
  const folder = sandboxFolder(io, name)
  let info: SandboxInfo | null = null
  const start = async (tell: (line: string) => void) => {
    info = await up({
      name,
      backend,
      dir: folder,
      selfCommand: [process.execPath, process.argv[1] ?? '', '__sandbox-ssh-server'],
      recipeDir: path.join(shippedDirectory(), 'templates', 'sandbox'),
      progress: tell,
    })
  }
  await showSteps([{ title: `Starting the sandbox ${name} (${backend})`, run: start }], { io })
  if (info !== null) io.out.write(howToUse(io, info, writeSandboxInventory(folder, info)))
  return EXIT.fine
}

function howToUse(io: Io, info: SandboxInfo, file: string): string {
  const inventory = path.relative(io.cwd, file)
  const end = info.name === 'default' ? 'vpai sandbox down' : `vpai sandbox down --name ${info.name}`
  const tier = `Tier: ${TIERS[info.tier]}.\n`
  const notes = info.notes.map(note => `Note: ${note}\n`).join('')
  return `The sandbox ${info.name} runs at ${info.user}@${info.host}, port ${info.port}.
${tier}${notes}
Its inventory, ${inventory}:

${indented(sandboxInventory(info))}
Use it:
  vpai run playbooks/site.yml -i ${inventory}
  vpai ssh sandbox -i ${inventory}
End it:
  ${end}
`
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}
