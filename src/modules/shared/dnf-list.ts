/** dnf with `list`: it only tells. One record a package, named as Ansible names the fields. */
import { quoteAll } from '../../base/quote.ts'
import type { Dict } from '../../base/value.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import { type DnfArgs, dnfOptions } from './dnf-arguments.ts'

const FIELDS = '%{name}\\t%{epoch}\\t%{version}\\t%{release}\\t%{arch}\\t%{reponame}'

export function listKey(tool: string, args: DnfArgs): Extract<Key, { kind: 'read' }> {
  const what = args.list ?? ''
  const start = [tool, '-q', ...dnfOptions(args)]
  const query = (...words: string[]) =>
    `${quoteAll([...start, 'repoquery', ...words])} --qf ${`'${FIELDS}\\n'`} | sed '/^$/d'`
  const scripts: Readonly<Record<string, string>> = {
    installed: query('--installed'),
    available: query('--available'),
    updates: query('--upgrades'),
    upgrades: query('--upgrades'),
    repos: quoteAll([...start, 'repolist', '--all']),
    repositories: quoteAll([...start, 'repolist', '--all']),
  }
  const script = scripts[what] ?? `${query('--installed', what)}; ${query('--available', what)}`
  return {
    kind: 'read',
    name: `dnf list ${JSON.stringify(args)}`,
    script: `LC_ALL=C; export LC_ALL; ${script}`,
  }
}

export function readList(what: string, { stdout }: ReadSeen): Dict[] {
  const lines = stdout.split('\n').filter(line => line.trim() !== '')
  return what === 'repos' || what === 'repositories'
    ? lines.slice(1).map(readRepository)
    : lines.map(readPackage)
}

/** id, name in words, enabled or disabled. */
function readRepository(line: string): Dict {
  const fields = line.trim().split(/\s+/)
  return { repoid: fields[0] ?? '', state: fields.at(-1) ?? '' }
}

function readPackage(line: string): Dict {
  const [name = '', epoch = '0', version = '', release = '', arch = '', repo = ''] = line.split('\t')
  const isInstalled = repo.startsWith('@')
  // Ansible gives both names the same order of parts.
  const envra = `${epoch}:${name}-${version}-${release}.${arch}`
  return {
    name,
    epoch,
    version,
    release,
    arch,
    repo,
    nevra: envra,
    envra,
    yumstate: isInstalled ? 'installed' : 'available',
  }
}
