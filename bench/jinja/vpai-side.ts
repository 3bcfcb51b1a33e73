/** vpai's side: the same cases, microseconds each as JSON. */
import { readFileSync } from 'node:fs'
import { Template } from '../../src/base/value.ts'
import { createSecretRegistry } from '../../src/secrets/registry.ts'
import { Templar } from '../../src/template/index.ts'

const [file = '', seconds = '1'] = process.argv.slice(2)
const { expressions, template, variables } = JSON.parse(readFileSync(file, 'utf8'))
const scope = { get: (name: string) => variables[name], names: () => Object.keys(variables) }
const templar = new Templar({ scope, secrets: createSecretRegistry() })

/** The best of several rounds: what else the machine does only makes it slower. */
function perCall(work: () => void, calls: number): number {
  const until = performance.now() + Number(seconds) * 1000
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3 || performance.now() < until; round++) {
    const started = performance.now()
    work()
    best = Math.min(best, performance.now() - started)
  }
  return (best / calls) * 1000
}

/** Texts that are all different in every round, so that nothing is known of them. */
let number = 0
const fresh = (source: string) => `${source}{# ${number++} #}`

const sources: string[] = expressions.map((one: string) => `{{ ${one} }}`)
const warm = sources.map(source => new Template(source))
const repeat = (times: number, work: () => void) => {
  for (let time = 0; time < times; time++) work()
}

console.log(
  JSON.stringify({
    version: process.version,
    output: templar.file(template),
    expressions: perCall(() => repeat(50, () => warm.map(one => templar.value(one))), warm.length * 50),
    'expressions cold': perCall(
      () => repeat(20, () => sources.map(one => templar.value(new Template(fresh(one))))),
      sources.length * 20,
    ),
    'template cold': perCall(() => repeat(30, () => templar.file(fresh(template))), 30),
    'template cached': perCall(() => repeat(200, () => templar.file(template)), 200),
  }),
)
