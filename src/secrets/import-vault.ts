/**
 * One file with texts of ansible-vault, rewritten so that its values stand in the secrets file instead: what was
 * encrypted becomes a reference to it, so precedence stays what it was. Numbers and booleans are kept as texts and
 * turned back where they are used. Comments of a file that was encrypted as a whole are dropped: they were secret too.
 */
import { Document, isCollection, isMap, isPair, isScalar, parseAllDocuments, Scalar, visit } from 'yaml'
import { VpaiError } from '../base/error.ts'
import { Secret } from '../base/secret.ts'
import { isMapping, PyFloat, Template, type Value } from '../base/value.ts'
import { isVaulted, type Vault } from '../base/vault.ts'
import { readYaml } from '../yaml/read-yaml.ts'

export interface VaultImport {
  /** The new content of the file, nothing secret in it. */
  readonly text: string
  /** Name of the mapping in the secrets file. */
  readonly group: string
  /** Key in that mapping and value, in order. */
  readonly secrets: readonly (readonly [string, Secret])[]
}

/** Null: nothing in it is encrypted. Throws VAULT_..., and VAULT_IMPORT for what has no safe form in clear. */
export function importVault(text: string, file: string, vault: Vault): VaultImport | null {
  const names = new Names()
  const group = groupName(file)
  if (isVaulted(text))
    return { text: wholeFile({ text, file, vault, names, group }), group, secrets: names.all }
  if (!text.includes('!vault')) return null
  const rewritten = valuesOf({ text, file, vault, names, group })
  return names.all.length === 0 ? null : { text: rewritten, group, secrets: names.all }
}

/** inventory/group_vars/prod/main.yml: vaulted_group_vars_prod. */
export function groupName(file: string): string {
  const parts = file.replace(/\.(?:ya?ml|json)$/, '').split('/')
  const telling = parts.filter(
    (part, i) => !(part === 'inventory' && i === 0) && part !== 'main' && part !== '.',
  )
  return ['vaulted', ...telling].join('_').replace(/\W+/g, '_')
}

interface Work {
  readonly text: string
  readonly file: string
  readonly vault: Vault
  readonly names: Names
  readonly group: string
}

class Names {
  readonly #secrets = new Map<string, Secret>()

  get all(): readonly (readonly [string, Secret])[] {
    return [...this.#secrets]
  }

  /** The key it got. */
  add(path: readonly string[], text: string): string {
    const wanted = path
      .join('_')
      .replace(/\W+/g, '_')
      .replace(/^(?=\d|$)/, '_')
    let name = wanted
    for (let i = 2; this.#secrets.has(name); i++) name = `${wanted}_${i}`
    this.#secrets.set(name, new Secret(text, name))
    return name
  }
}

function wholeFile(work: Work): string {
  const { text, file, vault } = work
  const { value, problems } = readYaml(text, { file, templates: true, vault })
  const problem = problems.find(({ severity }) => severity !== 'warning')
  if (problem) throw new VpaiError(problem.code, problem.message, problem)
  if (!isMapping(value)) throw noWay(file, 'it holds no mapping of variables', [])
  return new Document(referring(value, [], work)).toString({ lineWidth: 0 })
}

/** The same shape with references for values. */
function referring(value: Value, path: readonly string[], work: Work): unknown {
  if (value instanceof Secret) return reference(work, path, { text: value.reveal(), filter: '' })
  if (typeof value === 'boolean') return reference(work, path, { text: String(value), filter: ' | bool' })
  if (value instanceof PyFloat) return reference(work, path, { text: `${value.v}`, filter: ' | float' })
  if (typeof value === 'number' || typeof value === 'bigint')
    return reference(work, path, { text: String(value), filter: isWhole(value) ? ' | int' : ' | float' })
  if (value instanceof Template) {
    if (!onlyNames(value.source)) throw noWay(work.file, 'it is a template with text of its own', path)
    return quoted(value.source)
  }
  if (Array.isArray(value)) return value.map((item: Value, i) => referring(item, [...path, String(i)], work))
  if (isMapping(value)) {
    const entries: [unknown, Value][] = value instanceof Map ? [...value] : Object.entries(value)
    return new Map(entries.map(([key, item]) => [key, referring(item, [...path, String(key)], work)]))
  }
  if (value === null) return null
  throw noWay(work.file, 'it is neither text, number nor boolean', path)
}

function isWhole(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value)
}

/** Expressions of names, dots and filters, with nothing between them and no quotes: it tells nothing. */
function onlyNames(source: string): boolean {
  return /^\s*\{\{[^'"{}\d%]*\}\}\s*$/.test(source)
}

function reference(
  { group, names }: Work,
  path: readonly string[],
  { text, filter }: { text: string; filter: string },
): Scalar {
  return quoted(`{{ ${group}.${names.add(path, text)}${filter} }}`)
}

function quoted(text: string): Scalar {
  const scalar = new Scalar(text)
  scalar.type = Scalar.QUOTE_DOUBLE
  return scalar
}

interface Replacement {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** Everything but the !vault values stays as it is written. */
function valuesOf({ text, file, vault, names, group }: Work): string {
  const replacements: Replacement[] = []
  for (const document of parseAllDocuments(text, {
    schema: 'failsafe',
    logLevel: 'silent',
    prettyErrors: false,
  })) {
    if (!('contents' in document)) continue
    visit(document, {
      Scalar(_, node, ancestors) {
        if (!/^!vault(-encrypted)?$/.test(node.tag ?? '') || !node.range) return
        const envelope = String(node.source ?? node.value)
        const clear = Buffer.from(vault.open(envelope.trim(), file)).toString('utf8')
        const name = names.add(pathOf([...ancestors, node]), clear)
        const from = text.lastIndexOf('!vault', node.range[0])
        const lineEnd = /\n*$/.exec(text.slice(from, node.range[1]))?.[0] ?? ''
        replacements.push({ from, to: node.range[1], text: `"{{ ${group}.${name} }}"${lineEnd}` })
      },
    })
  }
  return replacements.reduceRight(
    (done, { from, to, text: by }) => done.slice(0, from) + by + done.slice(to),
    text,
  )
}

/** Keys and indexes on the way down. */
function pathOf(nodes: readonly unknown[]): string[] {
  return nodes.flatMap((node, i) => {
    if (isPair(node)) return isScalar(node.key) ? [String(node.key.value)] : []
    const child = nodes[i + 1]
    if (!isCollection(node) || isMap(node) || child === undefined) return []
    return [String(node.items.indexOf(child))]
  })
}

function noWay(file: string, why: string, path: readonly string[]): VpaiError {
  const what = path.length === 0 ? file : `${path.join('.')} in ${file}`
  return new VpaiError('VAULT_IMPORT', `${what} cannot be taken over by itself: ${why}`, {
    hint: 'Nothing was changed. Move it by hand: `ansible-vault view`, then `vpai secrets edit`; or leave it encrypted, vpai reads it.',
  })
}
