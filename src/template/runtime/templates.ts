/** Templates that use other templates: include, import, extends and blocks. */
import { TemplateError } from '../errors.ts'
import { RenderContext } from './context.ts'
import { dictGet, dictHas, makeDict } from './dicts.ts'
import type { Evaluator, LoadedTemplate, ParentTemplate } from './evaluator.ts'
import { demand } from './force.ts'
import { Frame } from './frame.ts'
import { blocksOf, locatedRender, renderRoot, runFunction, type Site, startOf } from './render.ts'
import { Callable, type DictLike, Undefined } from './values.ts'

interface IncludeOptions {
  readonly ignoreMissing: boolean
  readonly withContext: boolean
}

/** Several names: the first that exists. */
export function include({ env, frame }: Site, names: unknown, options: IncludeOptions): unknown {
  const wanted = demand(names)
  const candidates = Array.isArray(wanted) ? wanted.map(String) : [String(wanted)]
  for (const name of candidates) {
    const template = env.loadTemplate(name)
    if (!template) continue
    const inner = new RenderContext(env)
    return renderRoot(template, {
      env,
      context: inner,
      frame: options.withContext ? frame.push() : new Frame(),
    })
  }
  return options.ignoreMissing ? '' : notFound(candidates.join(', '))
}

/** The top-level names of another template, as a mapping. */
export function importTemplate({ env, frame }: Site, name: unknown, withContext: boolean): unknown {
  const template = load(env, name)
  const inner = new RenderContext(env)
  const own = withContext ? frame.push() : new Frame()
  own.isTop = true
  renderRoot(template, { env, context: inner, frame: own })
  return makeDict(inner.exported())
}

export function importedName(module: DictLike, name: string): unknown {
  return dictHas(module, name)
    ? dictGet(module, name)
    : new Undefined(`the imported template has no '${name}'`)
}

/** Renders a block's version; `super()` inside it renders the next one. */
export function block({ env, context, frame }: Site, name: string, version: number): unknown {
  const render = context.blockVersions(name)[version]
  if (!render) throw new TemplateError('TEMPLATE_UNDEFINED', `there is no parent block called '${name}'`)
  const own = frame.push()
  own.set('super', new Callable('super', () => block({ env, context, frame }, name, version + 1)))
  return runFunction(render, { env, context, frame: own })
}

/** The parent of a template that extends it. */
export function parentTemplate(env: Evaluator, name: unknown): ParentTemplate {
  const template = load(env, name)
  const origin = startOf(template)
  const compiled = template.compile()
  return {
    blocks: Object.fromEntries(
      blocksOf(compiled).map(([block, render]) => [block, locatedRender(render, origin)]),
    ),
    rootRenderFunc: locatedRender(compiled.root, origin),
  }
}

function load(env: Evaluator, name: unknown): LoadedTemplate {
  const wanted = String(demand(name))
  return env.loadTemplate(wanted) ?? notFound(wanted)
}

function notFound(names: string): never {
  const hint = "templates are searched for in the role's and the playbook's templates directories"
  throw new TemplateError('TEMPLATE_NOT_FOUND', `template not found: ${names}`, { hint })
}
