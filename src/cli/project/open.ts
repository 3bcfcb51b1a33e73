/** A project opened: settings, secrets, inventory. Playbooks are loaded by those who run them. Nothing is connected to. */
import { homedir } from 'node:os'
import path from 'node:path'
import { type Problem, ProblemsError, VpaiError } from '../../base/error.ts'
import type { Dict } from '../../base/value.ts'
import { type ProjectSettings, readProjectFile } from '../../config/project-file.ts'
import { readAnsibleCfg } from '../../files/ansible-cfg-file.ts'
import { readInventoryFiles } from '../../files/inventory-files.ts'
import { runInventoryPrograms } from '../../files/inventory-programs.ts'
import { projectFiles } from '../../files/project-files.ts'
import { notedReader, SourceLog } from '../../files/source-log.ts'
import type { AnsibleSettings } from '../../inventory/ansible-cfg.ts'
import { buildInventory } from '../../inventory/build-inventory.ts'
import type { Inventory, InventorySource, VarsFile } from '../../inventory/model.ts'
import { createSecretRegistry, type MaskingRegistry } from '../../secrets/registry.ts'
import type { VaultKeys } from '../../secrets/vault-keys.ts'
import type { Io } from '../io.ts'
import { inventoryEvaluate } from './evaluate.ts'
import { expandHome } from './expand-home.ts'
import { readExtraVars } from './extra-vars.ts'
import { findRoot } from './find-root.ts'
import { type OpenedSecrets, openProjectSecrets } from './open-secrets.ts'
import { openVaultKeys } from './open-vault.ts'

export interface Project {
  readonly root: string
  /** Of the user who runs vpai. */
  readonly home: string
  readonly settings: ProjectSettings
  /** What an ansible.cfg beside the project says, where vpai.yml says nothing. */
  readonly ansible: AnsibleSettings
  /** The ansible.cfg that was read. */
  readonly configFile: string | null
  /** The inventory as its files are now. */
  readonly reread: () => Inventory
  readonly inventory: Inventory
  readonly inventories: readonly string[]
  readonly secrets: OpenedSecrets
  readonly secretsFile: string
  readonly registry: MaskingRegistry
  readonly vault: VaultKeys
  readonly extraVars: Dict
  /** An inventory program was not run: hosts and variables are missing. */
  readonly hasUnknownHosts: boolean
  /** Errors and warnings so far; the caller decides when to stop. */
  readonly problems: readonly Problem[]
  readonly stateDirectory: string
  /** What was read so far. */
  readonly sources: SourceLog
}

export interface OpenOptions {
  readonly io: Io
  readonly options: Readonly<Record<string, unknown>>
  /** Folder of the playbook, for its own group_vars and host_vars. */
  readonly playbookDirectory?: (root: string, settings: ProjectSettings) => string
  /** Default true: a secrets file that cannot be opened is an error. */
  readonly needsSecrets?: boolean
  /** Opened before; default: they are opened here. */
  readonly opened?: OpenedBefore
  /** May programs of the project be run, for a password or an inventory? Default: as `needsSecrets`. */
  readonly runsThings?: boolean
}

/** The secrets alone, before anything else of the project is looked at. */
export interface OpenedBefore {
  readonly registry: MaskingRegistry
  readonly secrets: OpenedSecrets
}

export async function openProject({
  io,
  options,
  playbookDirectory,
  needsSecrets = true,
  opened,
  runsThings = needsSecrets,
}: OpenOptions): Promise<Project> {
  const root = findRoot(io.cwd)
  io.sourceRoots.unshift(root)
  const registry = opened?.registry ?? createSecretRegistry()
  const log = new SourceLog(root)
  const reader = notedReader(projectFiles(root), log)
  const read = readProjectFile(reader)
  const ansible = readAnsibleCfg(root)
  const settings = read.settings
  const secretsFile = path.resolve(root, settings.secrets)
  const opening = { io, identity: options.identity, required: needsSecrets, registry }
  const secrets = opened?.secrets ?? (await openProjectSecrets(secretsFile, opening))
  const vault = await openVaultKeys({
    io,
    options,
    root,
    ansible: ansible.settings,
    registry,
    runsThings,
    mayStayClosed: !needsSecrets,
  })
  const inventories = inventoriesOf({ io, options, root, settings, ansible: ansible.settings })
  const readFiles = () =>
    readInventoryFiles({
      root,
      inventories,
      ...(playbookDirectory ? { playbookDir: playbookDirectory(root, settings) } : {}),
    })
  const files = readFiles()
  const programsOf = (sources: typeof files.sources) =>
    runsThings ? runInventoryPrograms(sources, { root, env: io.env }) : { sources, problems: [] }
  const programs = programsOf(files.sources)
  const origin = path.relative(root, secretsFile)
  const extraVars = readExtraVars((options.extraVars as string[] | undefined) ?? [], { cwd: io.cwd, vault })
  const build = ({ sources, varsFiles }: typeof files) =>
    buildInventory({
      sources,
      varsFiles,
      extraLayers: [{ vars: secrets.values, origin }],
      vault,
      evaluate: inventoryEvaluate(registry),
      extraVars,
    })
  const { inventory, problems } = build({ ...files, sources: programs.sources })
  noteInventory(log, [...programs.sources, ...files.varsFiles])
  const hasConfig = reader.read('ansible.cfg') !== null
  return {
    root,
    home: io.env.HOME ?? homedir(),
    settings,
    ansible: ansible.settings,
    inventory,
    inventories,
    reread: () => {
      const again = readFiles()
      return build({ ...again, sources: programsOf(again.sources).sources }).inventory
    },
    configFile: hasConfig ? path.join(root, 'ansible.cfg') : null,
    secrets,
    secretsFile,
    registry,
    vault,
    extraVars,
    hasUnknownHosts: programs.sources.some(one => one.kind === 'program' && one.output === undefined),
    problems: [
      ...read.problems,
      ...ansible.problems,
      ...files.problems,
      ...programs.problems,
      ...problems,
      ...weakWarnings(secrets, origin),
    ],
    stateDirectory: path.join(root, '.vpai'),
    sources: log,
  }
}

/** Of a program, what it printed. */
function noteInventory(log: SourceLog, read: readonly (InventorySource | VarsFile)[]): void {
  for (const one of read) {
    const text = 'text' in one ? one.text : 'output' in one ? one.output : undefined
    if ('file' in one && text !== undefined) log.note(one.file, text)
  }
}

interface InventoryChoice {
  readonly io: Io
  readonly options: Readonly<Record<string, unknown>>
  readonly root: string
  readonly settings: ProjectSettings
  readonly ansible: AnsibleSettings
}

/** -i as typed from where one stands; else vpai.yml, ansible.cfg, inventory/. */
export function inventoriesOf({ io, options, root, settings, ansible }: InventoryChoice): readonly string[] {
  const given = options.inventory as string[] | undefined
  if (given && given.length > 0) return givenInventories(given, { cwd: io.cwd, root })
  const reader = projectFiles(root)
  const there = settings.inventory.filter(one => reader.isDirectory(one) || reader.isFile(one))
  if (there.length > 0) return there
  if (ansible.inventory && ansible.inventory.length > 0)
    return ansible.inventory.map(one => expandHome(one, io.env.HOME ?? homedir()))
  return []
}

/** Files and folders relative to the project; lists of hosts as they are. */
export function givenInventories(
  given: readonly string[],
  { cwd, root }: { readonly cwd: string; readonly root: string },
): readonly string[] {
  return given.map(one => (one.includes(',') ? one : path.relative(root, path.resolve(cwd, one)) || '.'))
}

function weakWarnings({ weak, unprotected }: OpenedSecrets, file: string): Problem[] {
  const warning = (message: string, hint: string): Problem => ({
    code: 'SECRETS_WEAK',
    severity: 'warning',
    message,
    hint,
  })
  return [
    ...weak.map(name =>
      warning(
        `${name} in ${file} is so short that it is hidden only where it stands as a whole word`,
        'Take a value of 8 characters or more.',
      ),
    ),
    ...unprotected.map(name =>
      warning(
        `${name} in ${file} is an unquoted number, which is not hidden`,
        'Put it in quotes if it is a secret.',
      ),
    ),
  ]
}

/** Stops at errors; warnings go on to the caller's listener. */
export function throwErrors(problems: readonly Problem[]): void {
  const errors = problems.filter(problem => problem.severity !== 'warning')
  if (errors.length > 0) throw new ProblemsError(errors)
}

export function requireInventory(project: Project): void {
  if (project.inventories.length > 0) return
  throw new VpaiError('INVENTORY_MISSING', `there is no inventory in ${project.root}`, {
    hint: '`vpai wizard` writes one, `vpai init` starts a project; or name one with -i.',
  })
}
