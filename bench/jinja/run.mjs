/**
 * `make bench-jinja`: expressions and a template of ordinary size, beside Jinja2 (and Ansible's templar, where it is
 * installed) in one run. Microseconds each; python3-jinja2 is Debian's. The exit code is 1 when a goal is missed.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

const here = import.meta.dirname
const root = path.resolve(here, '../..')
const cases = path.join(here, 'cases.json')
const seconds = process.env.SECONDS_EACH ?? '1'
const bundle = path.join(root, 'node_modules/.cache/jinja-bench.mjs')

mkdirSync(path.dirname(bundle), { recursive: true })
await build({
  entryPoints: [path.join(here, 'vpai-side.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
})
const python = process.env.PYTHON ?? '/usr/bin/python3'
const jinja = side(python, path.join(here, 'jinja2_side.py'))
if (jinja === null) throw new Error(`no Jinja2 for ${python}: apt-get install python3-jinja2`)
const vpai = side(process.execPath, bundle)
const ansible = side(python, path.join(here, 'ansible_side.py'))
if (vpai.output !== jinja.output) throw new Error(`the results differ:\n${vpai.output}\n${jinja.output}`)

const goals = [
  ['expressions', jinja.expressions, 1, 'Jinja2'],
  ['template cold', jinja['template cold'], 1, 'Jinja2'],
  ['template cached', jinja['template cached'], 3, 'Jinja2'],
  ['template cached', ansible?.['template cached'], 1 / 5, 'Ansible'],
  ['expressions cold', jinja['expressions cold'], undefined, 'Jinja2'],
]
console.log(
  `Node ${vpai.version}, Jinja2 ${jinja.version}, Ansible ${ansible?.version ?? '(not there)'}; µs each, best rounds\n`,
)
console.log('| | vpai | beside | | ratio | goal |\n| --- | --- | --- | --- | --- | --- |')
for (const [name, beside, limit, peer] of goals) {
  if (beside === undefined) continue
  const ratio = vpai[name] / beside
  const goal = limit === undefined ? '' : `≤ ${limit} ${ratio <= limit ? 'reached' : 'MISSED'}`
  if (goal.endsWith('MISSED')) process.exitCode = 1
  console.log(
    `| ${name} | ${vpai[name].toFixed(1)} | ${beside.toFixed(1)} | ${peer} | ${ratio.toFixed(2)} | ${goal} |`,
  )
}

/** null when the program is not there or its library is missing. */
function side(program, script) {
  const { status, stdout } = spawnSync(program, [script, cases, seconds], { encoding: 'utf8' })
  return status === 0 ? JSON.parse(stdout) : null
}
