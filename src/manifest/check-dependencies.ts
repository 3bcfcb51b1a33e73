/** depends_on: of services there are, of the same stage or an earlier one, and never round in a circle. */
import { didYouMean } from '../base/did-you-mean.ts'
import type { Problem } from '../base/error.ts'
import { STAGES } from './run-shape.ts'
import type { Service } from './service.ts'

export function checkDependencies(services: readonly Service[]): Problem[] {
  const known = new Map(services.map(service => [service.name, service]))
  return [...services.flatMap(service => checkEach(service, known)), ...circles(services, known)]
}

type Known = ReadonlyMap<string, Service>

function checkEach(service: Service, known: Known): Problem[] {
  const { name, stage, depends_on: needed } = service
  return Object.keys(needed).flatMap((needs): Problem[] => {
    const position = service.positionOf('depends_on', needs)
    const other = known.get(needs)
    if (other === undefined) {
      const message = `${name} depends on ${needs}, and no role of the play has such a service`
      const hint = didYouMean(needs, known.keys()) ?? `There are ${[...known.keys()].join(', ')}.`
      return [{ code: 'MANIFEST_DEPENDENCY', message, hint, position }]
    }
    if (STAGES.indexOf(other.stage) <= STAGES.indexOf(stage)) return []
    const message = `${name} of stage ${stage} depends on ${needs} of stage ${other.stage}, which is started later`
    return [
      {
        code: 'MANIFEST_DEPENDENCY',
        message,
        hint: 'Leave it out, or move one of them to another stage.',
        position,
      },
    ]
  })
}

function circles(services: readonly Service[], known: Known): Problem[] {
  const done = new Set<string>()
  const found: Problem[] = []
  const visit = (service: Service, above: readonly string[]) => {
    const start = above.indexOf(service.name)
    if (start !== -1) {
      const way = [...above.slice(start), service.name].join(' → ')
      const message = `these wait for one another: ${way}`
      const position = (known.get(above.at(-1) ?? '') ?? service).positionOf('depends_on', service.name)
      found.push({ code: 'MANIFEST_CYCLE', message, hint: 'Leave one of these dependencies out.', position })
      return
    }
    if (done.has(service.name)) return
    for (const needs of Object.keys(service.depends_on)) {
      const other = known.get(needs)
      if (other !== undefined) visit(other, [...above, service.name])
    }
    done.add(service.name)
  }
  for (const service of services) visit(service, [])
  return found
}
