/** What is there and what is missing on the machine vpai runs on. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createConnection } from 'node:net'
import path from 'node:path'
import { type ProblemsError, VpaiError } from '../../base/error.ts'
import { ownHome } from '../../connections/own-account.ts'
import { exists } from '../../files/identity-file.ts'
import { openSecretsFile } from '../../files/secrets-file.ts'
import { checkIdentityMode, findIdentitySource } from '../../secrets/identity.ts'
import type { Io } from '../io.ts'
import type { Project } from '../project/open.ts'
import { identityQuery } from '../project/open-secrets.ts'
import { keysOf } from '../project/secrets-place.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

export async function checkMachine(io: Io, options: Readonly<Record<string, unknown>>): Promise<Finding[]> {
  const own = [nodeVersion(), await sshKeys(io), await identity(io, options), ...programs(io)]
  return [...own, await embeddedSandbox(), ...(await engine(io))]
}

/** `opened`: the project, or why it could not be opened. */
export async function checkProject(
  opened: Project | VpaiError,
  { io, options }: { io: Io; options: Readonly<Record<string, unknown>> },
): Promise<Finding[]> {
  if (opened instanceof VpaiError) return [fail('project', opened.message, opened.hint)]
  const errors = opened.problems.filter(problem => problem.severity !== 'warning')
  const [first] = errors
  const count = opened.inventory.hosts.size
  const project =
    first !== undefined
      ? fail(
          'project',
          told(first),
          errors.length > 1 ? `And ${errors.length - 1} more: vpai inventory` : first.hint,
        )
      : opened.inventories.length === 0
        ? warn('project', `${opened.root} has no inventory`, '`vpai init` or `vpai wizard` makes one.')
        : ok(
            'project',
            `${opened.settings.name ?? path.basename(opened.root)}, ${count} host${count === 1 ? '' : 's'}`,
          )
  return [project, await secrets(opened, { io, options })]
}

function told({ message, position }: VpaiError | ProblemsError['problems'][number]): string {
  return position ? `${message} (${position.file}:${position.line})` : message
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return ok('node', process.versions.node)
  return fail('node', process.versions.node, 'vpai needs Node.js 20.19 or newer.')
}

async function sshKeys(io: Io): Promise<Finding> {
  const folder = path.join(ownHome(io.env), '.ssh')
  const keys = existsSync(folder) ? readdirSync(folder).filter(name => /^id_[a-z0-9_]+$/.test(name)) : []
  const open = keys.filter(name => (statSync(path.join(folder, name)).mode & 0o077) !== 0)
  const [tooOpen] = open
  if (tooOpen) {
    const advice = `chmod 600 ${path.join(folder, tooOpen)}`
    return fail('ssh key', `others may read ${open.join(', ')}; ssh refuses such a key`, advice)
  }
  const agent = await agentAnswers(io.env.SSH_AUTH_SOCK)
  if (agent === 'dead') {
    return warn(
      'ssh key',
      'SSH_AUTH_SOCK names an agent that does not answer',
      'eval "$(ssh-agent)" && ssh-add',
    )
  }
  const found = [...keys, ...(agent === 'alive' ? ['an agent'] : [])]
  if (found.length > 0) return ok('ssh key', found.join(', '))
  return warn(
    'ssh key',
    'no key and no agent',
    'ssh-keygen -t ed25519; or use --private-key, or passwords with -k.',
  )
}

async function agentAnswers(socket: string | undefined): Promise<'none' | 'alive' | 'dead'> {
  if (!socket) return 'none'
  return new Promise(resolve => {
    const connection = createConnection(socket)
    connection.once('connect', () => {
      connection.destroy()
      resolve('alive')
    })
    connection.once('error', () => resolve('dead'))
  })
}

async function identity(io: Io, options: Readonly<Record<string, unknown>>): Promise<Finding> {
  const source = findIdentitySource(identityQuery(io, options.identity))
  if (source.kind === 'key') return ok('age identity', `from ${source.origin}`)
  if (!(await exists(source.path))) {
    return warn(
      'age identity',
      `none at ${source.path}`,
      '`vpai secrets init` makes one; needed for secrets only.',
    )
  }
  try {
    checkIdentityMode(source.path, statSync(source.path).mode)
    return ok('age identity', source.path)
  } catch (error) {
    if (!(error instanceof VpaiError)) throw error
    return fail('age identity', error.message, error.hint)
  }
}

async function secrets(
  { secretsFile, root, secrets: opened }: Project,
  { io, options }: { io: Io; options: Readonly<Record<string, unknown>> },
): Promise<Finding> {
  const shown = path.relative(root, secretsFile)
  if (!existsSync(secretsFile)) return ok('secrets', `${shown} is not there, so there are none`)
  if (opened.isOpen) return ok('secrets', `${shown} opens`)
  try {
    await openSecretsFile(secretsFile, await keysOf(io, options.identity))
    return ok('secrets', `${shown} opens`)
  } catch (error) {
    if (!(error instanceof VpaiError)) throw error
    return fail('secrets', error.message, error.hint)
  }
}

const PROGRAMS = [
  { name: 'ssh', needed: 'vpai ssh', install: 'openssh-client' },
  { name: 'git', needed: 'keeping the project under version control', install: 'git' },
]

function isInPath(name: string, env: Io['env']): boolean {
  const folders = (env.PATH ?? '').split(path.delimiter).filter(Boolean)
  return folders.some(folder => existsSync(path.join(folder, name)))
}

function programs(io: Io): Finding[] {
  return PROGRAMS.map(({ name, needed, install }) =>
    isInPath(name, io.env)
      ? ok(name, 'there')
      : warn(name, 'not there', `Needed for ${needed} only: install ${install}.`),
  )
}

/** Whether namespaces may be made is known only by making some. */
async function embeddedSandbox(): Promise<Finding> {
  const { findTier } = await import('../../sandbox/tier.ts')
  try {
    return ok('sandbox', `embedded, as ${(await findTier()).tier}`)
  } catch (error) {
    if (!(error instanceof VpaiError)) throw error
    return warn('sandbox', error.message, error.hint ?? 'Use a host of your own.')
  }
}

async function engine({ env }: Io): Promise<Finding[]> {
  if (!isInPath('docker', env)) return []
  const { demandEngine } = await import('../../sandbox/docker-engine.ts')
  try {
    await demandEngine()
    return [ok('docker', 'an engine answers, for vpai sandbox --backend docker')]
  } catch (error) {
    if (!(error instanceof VpaiError)) throw error
    return [warn('docker', error.message, 'Needed for vpai sandbox --backend docker only: start it.')]
  }
}
