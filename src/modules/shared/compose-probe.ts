/** What is known of a compose project: the services of its files with their hashes, and the containers there are. */
import { quote, quoteAll } from '../../base/quote.ts'
import type { Key, ReadSeen } from '../../probes/contract.ts'
import { type ComposeContainer, INSPECT_FORMAT, PS_FORMAT, readContainers } from './compose-containers.ts'
import type { ComposeProject } from './compose-project.ts'
import { dockerWords } from './docker-cli.ts'

export interface ComposeService {
  /** Of its configuration: a container that was made from it has one of them. */
  readonly hashes: readonly string[]
  /** As written; empty for one that is only built. */
  readonly image: string
  readonly replicas: number
  readonly builds: boolean
  /** Another service waits for it to end well: exited with 0 is where it belongs. */
  readonly isJob: boolean
}

export interface ComposeSeen {
  readonly name: string
  readonly services: ReadonlyMap<string, ComposeService>
  /** Services of all profiles: what belongs to none of them is an orphan. */
  readonly allServices: readonly string[]
  readonly containers: readonly ComposeContainer[]
  /** Image name to id, for the images of the containers that the host still has. */
  readonly images: ReadonlyMap<string, string>
  /** Image name to bytes. */
  readonly imageSizes: ReadonlyMap<string, number>
  readonly networks: number
}

/** docker with everything that chooses project and files, up to and without the verb. */
export function composeWords(args: ComposeProject): string[] {
  return [
    ...dockerWords(args),
    'compose',
    '--ansi',
    'never',
    ...(args.project_name === undefined ? [] : ['--project-name', args.project_name]),
    ...(args.files ?? []).flatMap(file => ['--file', file]),
    ...args.env_files.flatMap(file => ['--env-file', file]),
    ...args.profiles.flatMap(profile => ['--profile', profile]),
  ]
}

/** Only the lines of the configuration that count here leave the host: it may hold secrets. */
const CONFIG_LINES =
  '^(name|[a-z]+):|^  [^ ]|^    (image|scale|build|depends_on|deploy):|^      replicas:|^      [A-Za-z0-9._-]+:$|^        condition:'

const DEFAULT_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']

/** Compose itself would go on to the folders above. */
const HAS_FILE = `f=; for n in ${DEFAULT_FILES.join(' ')}; do [ ! -e "$n" ] || f=$n; done
[ -n "$f" ] || { printf '%s has no compose.yaml, compose.yml, docker-compose.yaml or docker-compose.yml\\n' "$(pwd)" >&2; exit 3; }
`

export function composeKey(args: ComposeProject) {
  const compose = quoteAll(composeWords(args))
  // Asked for hashes, compose leaves files of variables out, which are in those of containers. The configuration that
  // it prints has their contents in it. Files that others include are not looked into; there a second hash counts too.
  const resolved = quoteAll(composeWords({ ...args, files: ['-'], env_files: [] }))
  const docker = quoteAll(dockerWords(args))
  const directory = quote(args.project_src)
  const script = `cd ${directory} 2>/dev/null || { printf 'the directory %s does not exist\\n' ${directory} >&2; exit 3; }
${args.check_files_existing && args.files === undefined ? HAS_FILE : ''}h=$(${compose} config --hash '*') || exit 4
c=$(${compose} config) || exit 4
p=$(printf '%s\\n' "$c" | sed -n 's/^name: *//p' | head -n 1)
echo ==hash; printf '%s\\n' "$h"
echo ==config; printf '%s\\n' "$c" | grep -E ${quote(CONFIG_LINES)}
echo ==all; ${compose} --profile '*' config --services 2>/dev/null
echo ==ps; l=$(${docker} ps -a --no-trunc --filter "label=com.docker.compose.project=$p" --format ${quote(PS_FORMAT)}) || exit 5
printf '%s\\n' "$l"
u=; grep -qs env_file ${quoteAll(args.files ?? DEFAULT_FILES)} && u=instead
[ -n "$u" ] || for k in $(printf '%s\\n' "$l" | cut -f4); do case $h in *"$k"*) ;; *) u=besides ;; esac; done
[ -z "$u" ] || { echo ==$u; printf '%s\\n' "$c" | ${resolved} config --hash '*' 2>/dev/null; }
i=$(printf '%s\\n' "$l" | cut -f1)
echo ==inspect; [ -z "$i" ] || ${docker} inspect --type container --format ${quote(INSPECT_FORMAT)} $i
echo ==images; [ -z "$i" ] || for r in $(${docker} inspect --type container --format '{{.Config.Image}}' $i | sort -u); do
printf '%s\\t%s\\n' "$r" "$(${docker} image inspect --format '{{.Id}} {{.Size}}' "$r" 2>/dev/null)"; done
echo ==networks; ${docker} network ls -q --filter "label=com.docker.compose.project=$p" | wc -l; echo ==end`
  return { kind: 'read', name: `compose ${args.project_src} ${compose}`, script } as const satisfies Key
}

/** A sentence when compose could not say. */
export function readCompose({ code, stdout, stderr }: ReadSeen): ComposeSeen | string {
  if (code !== 0 || !stdout.includes('==end')) {
    return stderr.trim() || stdout.trim() || `docker compose ended with exit code ${code}`
  }
  const parts = new Map(
    stdout
      .split(/^==/m)
      .slice(1)
      .map(part => {
        const at = part.indexOf('\n')
        return [
          part.slice(0, at),
          part
            .slice(at + 1)
            .split('\n')
            .filter(line => line.trim() !== ''),
        ] as const
      }),
  )
  const of = (name: string) => parts.get(name) ?? []
  const config = readConfig(of('config'))
  const [instead, besides] = [new Map(hashes(of('instead'))), new Map(hashes(of('besides')))]
  const images = of('images')
    .map(readImage)
    .filter(({ id }) => id !== '')
  return {
    name: config.name,
    services: new Map(
      hashes(of('hash')).map(([name, hash]) => {
        const more = config.services.get(name)
        const other = besides.get(name)
        return [
          name,
          {
            hashes: [instead.get(name) ?? hash, ...(other === undefined ? [] : [other])],
            image: more?.image ?? '',
            replicas: more?.replicas ?? 1,
            builds: more?.builds ?? false,
            isJob: config.jobs.has(name),
          },
        ]
      }),
    ),
    allServices: of('all').map(line => line.trim()),
    containers: readContainers(of('ps'), of('inspect')),
    images: new Map(images.map(({ name, id }) => [name, id])),
    imageSizes: new Map(images.map(({ name, size }) => [name, size])),
    networks: Number(of('networks')[0] ?? 0),
  }
}

function hashes(lines: readonly string[]): [string, string][] {
  return lines.map(line => {
    const [name = '', hash = ''] = line.trim().split(/\s+/)
    return [name, hash]
  })
}

function readImage(line: string): { name: string; id: string; size: number } {
  const [name = '', what = ''] = line.split('\t')
  const [id = '', size = '0'] = what.split(' ')
  return { name, id, size: Number(size) }
}

interface Config {
  readonly name: string
  readonly services: ReadonlyMap<string, { image: string; replicas: number; builds: boolean }>
  readonly jobs: ReadonlySet<string>
}

/** Compose prints its configuration in one shape, two spaces a level: lines are enough. */
function readConfig(lines: readonly string[]): Config {
  let name = ''
  let section = ''
  let service = ''
  let dependency = ''
  const services = new Map<string, { image: string; replicas: number; builds: boolean }>()
  const jobs = new Set<string>()
  for (const line of lines) {
    const [, indent = '', key = '', value = ''] = /^( *)"?([^":]+)"?: *(.*)$/.exec(line) ?? []
    if (indent.length === 0) {
      section = key
      if (key === 'name') name = value.replace(/^["']|["']$/g, '')
    } else if (section === 'services' && indent.length === 2) {
      service = key
      services.set(service, { image: '', replicas: 1, builds: false })
    } else if (section === 'services') {
      const entry = services.get(service)!
      if (key === 'build' && indent.length === 4) entry.builds = true
      if (key === 'image' && indent.length === 4) entry.image = value.replace(/^["']|["']$/g, '')
      if ((key === 'replicas' && indent.length === 6) || (key === 'scale' && indent.length === 4))
        entry.replicas = Number(value)
      if (indent.length === 6) dependency = key
      if (key === 'condition' && value === 'service_completed_successfully') jobs.add(dependency)
    }
  }
  return { name, services, jobs }
}
