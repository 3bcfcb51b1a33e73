/**
 * A download by curl or wget on the host, to a new file that replaces the old one when it is right.
 * Headers, passwords and the URL are uploaded as configuration files: a command line can be read by all.
 */
import { quote } from '../../base/quote.ts'
import type { Dict } from '../../base/value.ts'
import type { Context, FileAttributes, Output, RunAction } from '../contract.ts'
import type { GetUrlArgs } from '../get_url.ts'
import { modeText } from './mode.ts'
import { BUSYBOX_SHOWS } from './uri-request.ts'

export function downloadAction(
  args: GetUrlArgs,
  attributes: FileAttributes,
  { environment, taints }: Pick<Context, 'environment' | 'taints'>,
): RunAction {
  const [algorithm = '', sum = ''] = splitOnce(args.checksum)
  const sumUrl = sum.includes('://') ? sum : null
  const isShown = taints([args.url, args.checksum, ...headerLines(args)].join('\n'))
  const text = (value: string) => new TextEncoder().encode(value)
  return {
    do: 'run',
    script: script(args, attributes, { algorithm, sum, hasList: sumUrl !== null }),
    files: {
      'curl.conf': text(curlConfig(args, args.url)),
      wgetrc: text(wgetConfig(args)),
      headers: text(headerLines(args).join('\n')),
      url: text(args.url),
      ...(sumUrl === null ? {} : { 'sums.conf': text(curlConfig(args, sumUrl)), sums_url: text(sumUrl) }),
    },
    env: { ...environment, VPAI_SHOWN: isShown ? BUSYBOX_SHOWS : '' },
    timeoutS: 24 * 3600,
    failure: `The download of ${args.url.replace(/\/\/[^/@]*@/, '//')} failed`,
  }
}

/** What the script prints at its end: name and value lines. */
export function readDownload(output: Output): Dict {
  const values = Object.fromEntries(output.stdout.split('\n').map(line => splitOnce(line, '=')))
  const size = Number(values.size ?? 0)
  return {
    changed: values.changed === 'yes',
    checksum_src: values.sum ?? '',
    checksum_dest: values.sum ?? '',
    md5sum: values.md5 ?? '',
    src: values.src ?? '',
    size,
    mode: `0${values.mode ?? '644'}`,
    uid: Number(values.uid ?? 0),
    gid: Number(values.gid ?? 0),
    owner: values.owner ?? '',
    group: values.group ?? '',
    status_code: 200,
    msg: `OK (${size} bytes)`,
    elapsed: Math.round(output.elapsed),
    ...(values.backup === undefined ? {} : { backup_file: values.backup }),
  }
}

function splitOnce(text: string, separator = ':'): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

function headerLines({ headers, force }: GetUrlArgs): readonly string[] {
  const given = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return force ? [...given, 'Cache-Control: no-cache'] : given
}

/** Backslashes and double quotes are what curl's configuration escapes. */
const curlWord = (text: string): string => `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`

function curlConfig(args: GetUrlArgs, url: string): string {
  const limit = Math.max(1, Math.round(args.timeout))
  const user =
    args.url_username === undefined
      ? []
      : [`user = ${curlWord(`${args.url_username}:${args.url_password ?? ''}`)}`]
  return [
    `url = ${curlWord(url)}`,
    'location',
    'silent',
    'show-error',
    'fail',
    'globoff',
    `user-agent = ${curlWord(args.http_agent)}`,
    `connect-timeout = ${limit}`,
    // No byte for that long ends it, as Ansible's timeout does.
    `speed-time = ${limit}`,
    'speed-limit = 1',
    ...headerLines(args).map(line => `header = ${curlWord(line)}`),
    ...user,
    ...(args.validate_certs ? [] : ['insecure']),
    ...(args.use_proxy ? [] : ['noproxy = "*"']),
    ...(args.use_netrc ? ['netrc-optional'] : []),
    ...(args.decompress ? ['compressed'] : []),
    ...(args.client_cert === undefined ? [] : [`cert = ${curlWord(args.client_cert)}`]),
    ...(args.client_key === undefined ? [] : [`key = ${curlWord(args.client_key)}`]),
    ...(args.ciphers === undefined ? [] : [`ciphers = ${curlWord(args.ciphers)}`]),
  ].join('\n')
}

function wgetConfig(args: GetUrlArgs): string {
  return [
    `timeout = ${Math.max(1, Math.round(args.timeout))}`,
    'tries = 1',
    `user_agent = ${args.http_agent}`,
    ...headerLines(args).map(line => `header = ${line}`),
    ...(args.url_username === undefined
      ? []
      : [`user = ${args.url_username}`, `password = ${args.url_password ?? ''}`, 'auth_no_challenge = on']),
    ...(args.validate_certs ? [] : ['check_certificate = off']),
    ...(args.use_proxy ? [] : ['use_proxy = off']),
    ...(args.client_cert === undefined ? [] : [`certificate = ${args.client_cert}`]),
    ...(args.client_key === undefined ? [] : [`private_key = ${args.client_key}`]),
  ].join('\n')
}

/** get CURL_CONFIG URL_FILE TARGET. busybox wget knows neither configuration files nor users. */
const GET = `get() {
  if command -v curl >/dev/null 2>&1; then curl -q -K "$VPAI_FILES/$1" -o "$3"
  elif command -v wget >/dev/null 2>&1; then
    if wget --version >/dev/null 2>&1; then WGETRC="$VPAI_FILES/wgetrc" wget -nv -O "$3" -i "$VPAI_FILES/$2" 2>&1
    elif [ -n "$VPAI_SHOWN" ]; then echo "neither curl nor GNU wget is on this host; $VPAI_SHOWN" >&2; return 127
    else set -- "$1" "$2" "$3"; u=$(cat "$VPAI_FILES/$2"); o=$3; set --; while IFS= read -r h || [ -n "$h" ]; do set -- "$@" --header "$h"; done <"$VPAI_FILES/headers"; wget -q -O "$o" "$@" "$u"; fi
  else echo 'neither curl nor wget is on this host' >&2; return 127; fi
}`

interface Sum {
  readonly algorithm: string
  readonly sum: string
  readonly hasList: boolean
}

function script(
  args: GetUrlArgs,
  { mode, owner, group }: FileAttributes,
  { algorithm, sum, hasList }: Sum,
): string {
  const directory = args.tmp_dest === undefined ? '"${d%/*}"' : quote(args.tmp_dest)
  const chown =
    owner === undefined && group === undefined
      ? ''
      : `chown ${owner ?? ''}${group === undefined ? '' : `:${group}`} "$t" || exit 1`
  const lines = [
    GET,
    `d=${quote(args.dest)}; [ ! -L "$d" ] || d=$(readlink -f -- "$d")`,
    `t=$(mktemp ${directory}/.vpai-XXXXXXXXXX) || exit 1`,
    `trap 'rm -f -- "$t"; rm -rf -- "$VPAI_FILES"' 0`,
    'get curl.conf url "$t" || exit 1',
    hasList ? sumFromList(args.url) : `w=${quote(sum.toLowerCase())}`,
    algorithm === ''
      ? ''
      : `s=$(${algorithm}sum <"$t"); s=\${s%% *}
[ "$s" = "$w" ] || { echo "The checksum of the file is $s and not $w" >&2; exit 1; }`,
    's=$(sha1sum <"$t"); s=${s%% *}; o=; [ ! -f "$d" ] || { o=$(sha1sum <"$d"); o=${o%% *}; }',
    'c=no; if [ "$s" != "$o" ]; then c=yes',
    args.backup
      ? 'if [ -e "$d" ]; then b="$d.$$.$(date +%Y-%m-%d@%H:%M:%S)~"; cp -p -- "$d" "$b" || exit 1; echo "backup=$b"; fi'
      : '',
    'if [ -f "$d" ]; then chown "$(stat -c %u:%g -- "$d")" "$t" 2>/dev/null; chmod "$(stat -c %a -- "$d")" "$t"; else chmod 644 "$t"; fi',
    `mv -f -T -- "$t" "$d" ${args.unsafe_writes ? '2>/dev/null || cat -- "$t" >"$d" ' : ''}|| exit 1; fi`,
    'echo "src=$t"; t=$d',
    chown,
    mode === undefined ? '' : `chmod ${modeText(mode)} "$d" || exit 1`,
    `trap 'rm -rf -- "$VPAI_FILES"' 0`,
    'm=$(md5sum <"$d"); echo "md5=${m%% *}"; echo "sum=$s"; echo "changed=$c"',
    `for f in size=%s mode=%a uid=%u gid=%g owner=%U group=%G; do stat -c "$f" -- "$d"; done`,
  ]
  return lines.filter(line => line !== '').join('\n')
}

/** A list has lines of sum and name; a file with one word alone is the sum itself. */
function sumFromList(url: string): string {
  const name = url.replace(/[?#].*$/, '').replace(/^.*\//, '')
  return `get sums.conf sums_url "$VPAI_FILES/sums" || exit 1
n=${quote(name)}; w=
while read -r h f r || [ -n "$h" ]; do
f=\${f#\\*}; f=\${f#./}; if [ "\${f##*/}" = "$n" ] || [ -z "$f" ]; then w=$h; break; fi
done <"$VPAI_FILES/sums"
[ -n "$w" ] || { echo "The list of checksums does not name $n" >&2; exit 1; }`
}
