/** Everything of a host that a playbook may have changed, as lines that are the same on twins that are the same. */
import { execa } from 'execa'
import type { Twin } from './twin.ts'

export interface State {
  /** `/etc/x` → `f 0644 root:root` and, for a file written since the start, a digest of what is in it. */
  readonly paths: ReadonlyMap<string, string>
  /** Packages, users, groups, passwords by kind, units. */
  readonly lists: ReadonlyMap<string, string>
  /** What is in the smaller ones of the files written since the start. */
  readonly contents: ReadonlyMap<string, string>
}

/** Where the kernel, the tools themselves, logs and caches write; and what `lists` tells better. */
const LEFT_OUT = [
  /^\/(proc|sys|dev|run|keys)(\/|$)/,
  /^\/(root|home\/[^/]+)\/\.(ansible(_async)?|cache|vpai(-async)?|lesshst)(\/|$)/,
  // The record of runs.
  /^\/var\/lib\/vpai(\/|$)/,
  /^\/(root|home\/[^/]+)\/\.local(\/state(\/vpai(\/.*)?)?)?$/,
  /^\/tmp\/\.?(ansible|vpai|systemd-private)/,
  /^\/var\/(log|cache|tmp)\//,
  /^\/var\/lib\/(apt\/(lists|periodic)|systemd|docker|containerd|dpkg|private)(\/|$)/,
  // Told by the programs whose they are, in the playbooks.
  /^\/var\/lib\/(postgresql|mysql|rpm|dnf|selinux|own-registry)(\/|$)/,
  /^\/var\/lib\/docker-registry\//,
  /^\/var\/spool\/cron\/atjobs(\/|$)/,
  /^\/root\/\.(npm|docker\/buildx)(\/|$)/,
  /^\/etc\/(\.pwd\.lock|ld\.so\.cache|machine-id|mtab|resolv\.conf|hosts|hostname|subuid|subgid|shadow|gshadow)$/,
  /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-$/,
  /^\/etc\/ssh\/ssh_host_/,
  /^\/etc\/\.sandbox/,
  /\/__pycache__(\/|$)/,
  // What git notes for itself: times, and what it fetched on the way.
  /\/\.git\/(index|FETCH_HEAD|ORIG_HEAD|logs|objects)(\/|$)/,
]

/** A name with a process id or a time in it. */
const NAMED_BY_CHANCE: readonly (readonly [RegExp, string])[] = [
  [/\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/, '.BACKUP~'],
]

const LISTS: Readonly<Record<string, string>> = {
  packages: "dpkg-query -W -f '${Package} ${Version} ${db:Status-Abbrev}\\n'",
  'packages asked for': 'apt-mark showmanual | sort',
  'packages held': 'apt-mark showhold',
  users: 'getent passwd',
  groups: 'getent group | sort',
  passwords: "sed -E 's/^([^:]*):([!*]*)(\\$[a-z0-9]+\\$)?[^:]*:[0-9]*:/\\1:\\2\\3:/' /etc/shadow",
  'units switched on':
    '[ ! -d /run/systemd/system ] || systemctl list-unit-files --no-legend --type=service,timer,socket | sort',
  'services that run':
    '[ ! -d /run/systemd/system ] || systemctl list-units --no-legend --plain --type=service --state=running | cut -d" " -f1 | grep -v "^user@"',
}

const SKIPPED = '\\( -path /proc -o -path /sys -o -path /dev \\) -prune -o'

/** Where contents are looked for; /tmp is a mount of its own where systemd is. */
const SCRIPT = [
  'for top in / $(mountpoint -q /tmp && echo /tmp); do',
  `echo "== paths"; find $top -xdev ${SKIPPED} -printf '%y %m %u:%g\\t%p\\t%l\\n'`,
  `echo "== digests"; find $top -xdev ${SKIPPED} -type f -newerct "$1" -print0 | xargs -0r sha256sum`,
  // Where files are edited that came with the image, so that a file written as it was is the same.
  '[ $top = /tmp ] || find /etc /srv /opt /home /root /usr/local -xdev -type f -print0 | xargs -0r sha256sum',
  'echo "== contents"',
  `find $top -xdev ${SKIPPED} -type f -newerct "$1" -size -64k -not -path '/var/*' -print0 | xargs -0r -n 1 sh -c 'printf "%s\\t%s\\n" "$1" "$(base64 -w0 "$1")"' sh`,
  `find /var/spool/cron -type f -print0 | xargs -0r -n 1 sh -c 'printf "%s\\t%s\\n" "$1" "$(base64 -w0 "$1")"' sh`,
  'done',
  ...Object.entries(LISTS).flatMap(([name, command]) => [`echo "== ${name}"`, command]),
].join('\n')

/** `since`: when the host was started, as find's -newerct reads it. */
export async function readState(twin: Twin, since: string): Promise<State> {
  const { stdout } = await execa('docker', ['exec', twin.container, 'sh', '-c', SCRIPT, 'sh', since])
  const sections = new Map<string, string[]>()
  let section: string[] = []
  for (const line of stdout.split('\n')) {
    if (line.startsWith('== ')) {
      section = sections.get(line.slice(3)) ?? []
      sections.set(line.slice(3), section)
    } else section.push(line)
  }
  const of = (name: string) => sections.get(name) ?? []
  const digests = new Map(of('digests').map(line => [line.slice(66), line.slice(0, 12)]))
  return {
    paths: pathsOf(of('paths'), digests),
    lists: new Map(Object.keys(LISTS).map(name => [name, of(name).join('\n')])),
    contents: new Map(of('contents').map(line => contentOf(line, twin))),
  }
}

function contentOf(line: string, twin: Twin): [string, string] {
  const [file = '', encoded = ''] = line.split('\t')
  const text = Buffer.from(encoded, 'base64').toString()
  return [plainName(file), text.replaceAll(twin.ownAddress, 'ADDRESS')]
}

function pathsOf(lines: readonly string[], digests: ReadonlyMap<string, string>): Map<string, string> {
  const paths = new Map<string, string>()
  for (const line of lines) {
    const [attributes = '', file = '', link = ''] = line.split('\t')
    if (file === '' || LEFT_OUT.some(pattern => pattern.test(file))) continue
    const digest = digests.get(file)
    const what = [attributes, link && `-> ${link}`, digest && `content ${digest}`].filter(Boolean).join(' ')
    const name = plainName(file)
    // Several backups of one file are told apart by what is in them.
    paths.set(name === file ? file : `${name} ${digest}`, what)
  }
  return paths
}

function plainName(file: string): string {
  return NAMED_BY_CHANCE.reduce((name, [pattern, text]) => name.replace(pattern, text), file)
}
