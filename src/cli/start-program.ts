/**
 * Loads the built program, chunk by chunk as they are needed, with what V8 made of each the last time (code-pack.ts).
 * The build writes chunks as CommonJS for it: of ES modules, Node 20 keeps no compiled form.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import vm from 'node:vm'
import { CodePack, packPlace } from './code-pack.ts'

/** File name of the chunk that exports `run`; the build knows it. */
declare const VPAI_PROGRAM: string

interface Program {
  readonly run: () => Promise<void>
}

type Wrapped = (
  exports: object,
  require: (id: string) => unknown,
  module: { readonly exports: object },
  fileName: string,
  folderName: string,
) => void

const HEAD = '(function(exports,require,module,__filename,__dirname){'
const TAIL = '\n})'

/** `folder`: where the built program lies. Resolves when the command has ended. */
export async function startProgram(folder: string): Promise<void> {
  const chunks = path.join(folder, 'chunks')
  const pack = new CodePack(packPlace({ folder, env: process.env, command: process.argv[2] ?? '' }))
  process.once('exit', () => pack.keep())
  const { run } = chunkLoader(chunks, pack)(`./${VPAI_PROGRAM}`) as Program
  await run()
}

function chunkLoader(folder: string, pack: CodePack): (id: string) => unknown {
  const native = createRequire(path.join(folder, VPAI_PROGRAM))
  const loaded = new Map<string, { readonly exports: object }>()
  const load = (id: string): unknown => {
    if (!id.startsWith('./') || !id.endsWith('.cjs')) return native(id)
    const known = loaded.get(id)
    if (known !== undefined) return known.exports
    const module = { exports: {} }
    loaded.set(id, module)
    const file = path.join(folder, id)
    // The build writes nothing but ASCII.
    const source = `${HEAD}${readFileSync(file, 'latin1')}${TAIL}`
    const cachedData = pack.codeOf(id)
    const script = new vm.Script(source, { filename: file, columnOffset: -HEAD.length, cachedData })
    pack.took(id, script)
    const wrapped = script.runInThisContext() as Wrapped
    wrapped.call(module.exports, module.exports, load, module, file, folder)
    return module.exports
  }
  return load
}
