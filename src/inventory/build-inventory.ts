/**
 * From read files to hosts, groups and the layers of variables of each host. All problems at once:
 * INVENTORY_SHAPE, INVENTORY_UNKNOWN_KEY, INVENTORY_UNKNOWN_GROUP, INVENTORY_HOST_NAME, INVENTORY_PLUGIN,
 * INVENTORY_EXECUTABLE, INVENTORY_CYCLE, INVENTORY_CHILD_IS_HOST, INVENTORY_GROUP_PRIORITY, INVENTORY_VARS_SHAPE, YAML_...;
 * warnings INVENTORY_HOST_AND_GROUP, INVENTORY_VARS_UNUSED, INVENTORY_VARIABLE_NAME,
 * INVENTORY_VARIABLE_RESERVED.
 */
import { VpaiError } from '../base/error.ts'
import type { Dict } from '../base/value.ts'
import { isVaulted, type Vault } from '../base/vault.ts'
import { InventoryDraft } from './draft.ts'
import { checkGroups, connectGroups, hostEntries } from './group-tree.ts'
import { hostLayers } from './host-layers.ts'
import { readIniInventory } from './ini-inventory.ts'
import type {
  BuiltInventory,
  ExtraLayer,
  GroupEntry,
  HostEntry,
  Inventory,
  InventorySource,
  VarsFile,
} from './model.ts'
import type { Evaluate } from './plugin-inventory.ts'
import { pluginScopes } from './plugin-scopes.ts'
import { type Layer, merge, type Scope } from './precedence.ts'
import { readProgramInventory } from './program-inventory.ts'
import { readVarsFiles } from './vars-files.ts'
import { readYamlInventory } from './yaml-inventory.ts'

export interface InventoryInput {
  /** In the order given; what a later source says of a variable wins. */
  readonly sources: readonly InventorySource[]
  /** In the order they are read: within one host or group the later file wins. */
  readonly varsFiles?: readonly VarsFile[]
  readonly extraLayers?: readonly ExtraLayer[]
  /** Opens what ansible-vault encrypted. */
  readonly vault?: Vault
  /** For plugins that compute: without it they are a problem. */
  readonly evaluate?: Evaluate
  readonly extraVars?: Dict
}

export function buildInventory({
  sources,
  varsFiles = [],
  extraLayers = [],
  vault,
  evaluate,
  extraVars = {},
}: InventoryInput): BuiltInventory {
  const draft = new InventoryDraft(vault)
  const known = () => ({ hosts: new Set(draft.hosts.keys()), groups: new Set(draft.groups.keys()), vault })
  if (evaluate !== undefined) {
    const files = () => readVarsFiles(varsFiles, known()).blocks
    const scopes = () => pluginScopes(draft, { files, extraLayers })
    draft.plugins = { evaluate, extraVars, scopes }
  }
  for (const source of sources) readSource(source, draft)
  checkGroups(draft)
  const groups = connectGroups(draft)
  const hosts = hostEntries(draft, groups)
  const files = readVarsFiles(varsFiles, known())
  const makeLayers: Inventory['layersOf'] = (host, among) =>
    hostLayers(host, { draft, groups: among, files: files.blocks, extraLayers })
  return {
    inventory: createInventory(hosts, groups, makeLayers),
    problems: [...draft.problems, ...files.problems],
  }
}

function readSource(source: InventorySource, draft: InventoryDraft): void {
  if (source.kind === 'list') readList(source.hosts, draft)
  else if (source.kind === 'program') readProgram(source, draft)
  else readText(source, draft)
}

/** An encrypted inventory is opened here: without an ending only its text tells whether it is YAML. */
function readText({ file, text }: { file: string; text: string }, draft: InventoryDraft): void {
  const clear = isVaulted(text) ? opened(file, text, draft) : text
  if (clear === null) return
  if (isYaml(file, clear)) readYamlInventory(file, text, draft)
  else readIniInventory(file, clear, draft)
}

function opened(file: string, text: string, { vault, problems }: InventoryDraft): string | null {
  try {
    if (vault === undefined) return text
    const clear = Buffer.from(vault.open(text, file)).toString('utf8')
    for (const [, value = ''] of clear.matchAll(/=\s*(\S+)/g)) vault.known(value, file)
    return clear
  } catch (error) {
    if (!(error instanceof VpaiError)) throw error
    const severity = vault?.mayStayClosed === true ? 'warning' : 'error'
    problems.push({ ...error.toProblem(), severity, position: { file, line: 1, column: 1 } })
    return null
  }
}

function readList(hosts: string, draft: InventoryDraft): void {
  const position = { file: 'command line', line: 1, column: 1 }
  for (const name of hosts.split(',').map(part => part.trim())) {
    if (name !== '') draft.hostsNamed(name, 'ungrouped', { position })
  }
}

function readProgram(
  { file, output }: { file: string; output: string | undefined },
  draft: InventoryDraft,
): void {
  if (output !== undefined) {
    readProgramInventory(file, output, draft)
    return
  }
  draft.fail(
    'INVENTORY_EXECUTABLE',
    `${file} is a program; this command runs none, so its hosts are not known`,
    {
      position: { file, line: 1, column: 1 },
      severity: 'warning',
      hint: 'Is it no program, take away its execute permission.',
    },
  )
}

/** As Ansible by the ending; a file without one counts as YAML when it begins like YAML. */
function isYaml(file: string, text: string): boolean {
  const base = file.slice(file.lastIndexOf('/') + 1)
  if (/\.(ya?ml|json)$/i.test(base)) return true
  if (/\.[a-z]+$/i.test(base)) return false
  const first = text.split('\n').find(line => !/^\s*(#.*)?$/.test(line)) ?? ''
  return /^(---|[\w.-]+:\s*(#.*)?$)/.test(first.trimEnd())
}

const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1']

function createInventory(
  hosts: ReadonlyMap<string, HostEntry>,
  groups: ReadonlyMap<string, GroupEntry>,
  makeLayers: Inventory['layersOf'],
): Inventory {
  const layers = new Map<string, readonly Layer[]>()
  const scopes = new Map<string, Scope>()
  const host = (name: string): HostEntry | undefined => hosts.get(name) ?? implicitHost(name, hosts)
  const layersOf = (name: string): readonly Layer[] => {
    const entry = host(name)
    if (entry === undefined) return []
    return remember(layers, name, () => makeLayers(entry, groups))
  }
  return {
    hosts,
    groups,
    host,
    hostLayers: layersOf,
    layersOf: makeLayers,
    variables: name => remember(scopes, name, () => merge(layersOf(name))),
  }
}

/** When one of its names is in the inventory, that one is meant and there is no second localhost. */
function implicitHost(name: string, hosts: ReadonlyMap<string, HostEntry>): HostEntry | undefined {
  if (!LOCAL_NAMES.includes(name) || LOCAL_NAMES.some(local => hosts.has(local))) return undefined
  return { name, groups: [], position: { file: 'command line', line: 1, column: 1 }, isImplicit: true }
}

function remember<Item>(known: Map<string, Item>, name: string, make: () => Item): Item {
  const item = known.get(name) ?? make()
  known.set(name, item)
  return item
}
