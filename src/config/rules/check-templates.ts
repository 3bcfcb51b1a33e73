/** Syntax of every template, filters and tests that do not exist, and variables that nothing can define. */
import { didYouMean } from '../../base/did-you-mean.ts'
import type { Position } from '../../base/error.ts'
import type { Value } from '../../base/value.ts'
import { type LoadContext, placeKey } from '../load-context.ts'
import type { Playbook, Task } from '../model.ts'
import { comparePlaces } from '../sort-problems.ts'
import { type Above, walkProject } from '../walk.ts'
import { analyseText, type Reading, type Text } from './analyse-text.ts'
import { definedNames } from './defined-names.ts'
import { namedFile, searchNamedFile } from './local-files.ts'
import { isMagic } from './magic-variables.ts'
import { templatesOf, textsOfBlock, textsOfInclude, textsOfPlay, textsOfTask } from './texts-of.ts'

export function checkTemplates(context: LoadContext, playbooks: readonly Playbook[]): void {
  const check = new TemplateCheck(context)
  walkProject(context, playbooks, {
    play: play => check.read(textsOfPlay(context, play), play.when ?? []),
    block: (block, above) => check.read(textsOfBlock(context, block), conditionsAt(above, block.when)),
    include: (include, above) =>
      check.read(textsOfInclude(context, include), conditionsAt(above, include.when)),
    task: (task, above) => {
      const conditions = conditionsAt(above, task.when)
      check.read([...textsOfTask(context, task), ...templateFile(context, task, above)], conditions)
      check.noteDemands(task)
    },
  })
  for (const file of context.variableFiles.values()) {
    for (const [, item] of file.entries()) check.readVariable(templatesOf(item.value, item.position))
  }
  for (const { manifest } of context.roles.values()) {
    for (const { value, positionOf } of manifest.services)
      check.readVariable(templatesOf(value, positionOf()))
  }
  check.reportUndefined(playbooks)
}

const DEFINE_IT = 'Define it in the inventory or in defaults/main.yml of the role, or add a default filter.'

function distinctPlaces(places: readonly Position[]): Position[] {
  return [...new Map(places.map(place => [placeKey(place), place])).values()].sort(comparePlaces)
}

/** One missing name is one problem, however often it is used. */
function alsoAt(others: readonly Position[]): string[] {
  if (others.length === 0) return []
  const shown = others.slice(0, 3).map(({ file, line }) => `${file}:${line}`)
  const more = others.length > 3 ? ` and ${others.length - 3} more places` : ''
  return [`Also used at ${shown.join(', ')}${more}.`]
}

function conditionsAt(above: Above, own: readonly Value[] | undefined): readonly Value[] {
  return [...above.conditions, ...(own ?? [])]
}

class TemplateCheck {
  readonly #context: LoadContext
  readonly #analysed = new Map<string, readonly Reading[]>()
  readonly #guards = new Map<string, ReadonlySet<string>>()
  /** Read where no condition speaks of the name. */
  readonly #unguarded: Reading[] = []
  /** Read in the value of a variable: who uses that may have asked before. */
  readonly #inVariables: Reading[] = []
  readonly #guardedSomewhere = new Set<string>()
  /** Names a play insists on (assert, fail): they come from the command line. */
  readonly #demanded = new Set<string>()

  constructor(context: LoadContext) {
    this.#context = context
  }

  read(texts: readonly Text[], conditions: readonly Value[]): void {
    const guards = conditions.flatMap(condition => [...this.#guardsOf(condition)])
    for (const reading of texts.flatMap(text => this.#analyse(text))) {
      if (!reading.guarded && !guards.includes(reading.name)) this.#unguarded.push(reading)
    }
  }

  readVariable(texts: readonly Text[]): void {
    this.#inVariables.push(...texts.flatMap(text => this.#analyse(text)).filter(({ guarded }) => !guarded))
  }

  noteDemands({ module, args, when }: Task): void {
    const that = args.that
    const list: readonly Value[] = Array.isArray(that) ? that : that === undefined ? [] : [that]
    const conditions = module === 'assert' ? list : module === 'fail' ? (when ?? []) : []
    for (const name of conditions.flatMap(condition => [...this.#guardsOf(condition)]))
      this.#demanded.add(name)
  }

  reportUndefined(playbooks: readonly Playbook[]): void {
    const { names, isOpen } = definedNames(this.#context, playbooks)
    const isKnown = (name: string) => names.has(name) || this.#demanded.has(name) || isMagic(name)
    const inVariables = this.#inVariables.filter(({ name }) => !this.#guardedSomewhere.has(name))
    const places = new Map<string, Position[]>()
    for (const { name, position } of [...this.#unguarded, ...inVariables]) {
      if (!isKnown(name)) places.set(name, [...(places.get(name) ?? []), position])
    }
    for (const [name, all] of places) {
      const [position, ...others] = distinctPlaces(all)
      this.#context.report('CONFIG_UNDEFINED_VARIABLE', `Nothing in the project defines ${name}`, {
        position,
        hint: [didYouMean(name, names) ?? DEFINE_IT, ...alsoAt(others)].join('\n'),
        severity: isOpen ? 'warning' : undefined,
      })
    }
  }

  #analyse(text: Text): readonly Reading[] {
    const { file, line, column } = text.position
    const key = `${file}:${line}:${column}:${text.kind}:${text.source}`
    const known = this.#analysed.get(key)
    if (known !== undefined) return known
    const readings = analyseText(this.#context, text)
    for (const { name, guarded } of readings) if (guarded) this.#guardedSomewhere.add(name)
    this.#analysed.set(key, readings)
    return readings
  }

  /** Names a condition asks about: they may be missing where it stands above. */
  #guardsOf(condition: Value): ReadonlySet<string> {
    const source = typeof condition === 'string' ? condition : undefined
    if (source === undefined) return new Set()
    const known = this.#guards.get(source)
    if (known !== undefined) return known
    const guards = guardedNames(source)
    this.#guards.set(source, guards)
    return guards
  }
}

/** `x is defined`, `x is not none`, `x | default(…)`: whoever writes that knows that x may be missing. */
function guardedNames(source: string): ReadonlySet<string> {
  const pattern =
    /\b([A-Za-z_]\w*)(?:\.\w+|\[[^\]]*\])*\s*(?:is\s+(?:not\s+)?(?:un)?defined\b|\|\s*(?:default|d)\b)/g
  return new Set([...source.matchAll(pattern)].map(match => match[1]!))
}

/** The file of a template task, as text of its own. */
function templateFile(context: LoadContext, task: Task, above: Above): Text[] {
  const file = namedFile(task)
  if (file?.kind !== 'template' || changesSyntax(task)) return []
  const { found } = searchNamedFile(context, file, { task, above })
  const source = found === undefined ? null : context.reader.read(found)
  if (found === undefined || source === null) return []
  return [{ source, position: { file: found, line: 1, column: 1 }, kind: 'file' }]
}

function changesSyntax({ args }: Task): boolean {
  return Object.keys(args).some(name => /_(?:start|end)_string$/.test(name))
}
