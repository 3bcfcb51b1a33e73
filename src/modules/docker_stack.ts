/**
 * docker_stack: services of a swarm from compose files.
 *
 * Args     name, state (present | absent), compose (files on the host, or mappings), prune, detach, with_registry_auth,
 *          resolve_image, absent_retries, absent_retries_interval.
 * Changes  what docker makes of the files is known only by deploying them; it counts as changed when a service is not as
 *          it was.
 * Errors   docker's own words; a stack that is not gone after absent_retries.
 * Returns  stack_spec_diff (services that were made, changed or removed), rc, stdout, stderr.
 */
import { z } from 'zod'
import { quote, quoteAll } from '../base/quote.ts'
import { type Dict, isDict, type Value } from '../base/value.ts'
import { type Action, defineModule, type Output, type Result, type Verdict } from './contract.ts'
import { bool, choice, dict, int, listOf, path, text, word } from './shared/arguments.ts'
import { at, dockerArguments, dockerLine, dockerRefuses, readInspected, textAt } from './shared/docker-cli.ts'
import { complaint, failedResult } from './shared/results.ts'
import { toJson } from './shared/to-json.ts'
import { unexpanded } from './shared/unexpanded.ts'

const schema = () =>
  dockerArguments({
    name: word(),
    state: choice(['present', 'absent']).default('present'),
    compose: listOf(z.union([text(), dict()], 'must be a path or a mapping')).default([]),
    prune: bool().default(false),
    detach: bool().default(true),
    with_registry_auth: bool().default(false),
    resolve_image: choice(['always', 'changed', 'never']).optional(),
    absent_retries: int().default(0),
    absent_retries_interval: int().default(1),
    docker_cli: path().optional(),
    cli_context: text().optional(),
  }).refine(
    ({ state, compose }) => state === 'absent' || compose.length > 0,
    'needs compose when the state is present',
  )
type Args = z.output<ReturnType<typeof schema>>

export const dockerStack = defineModule<Args>({
  name: 'docker_stack',
  summary: 'Services of a swarm from compose files',
  args: schema,
  keys: args => [servicesKey(args)],
  settles: 'what docker makes of the files is found out by deploying them',
  decide(args, seen): Verdict {
    const found = readInspected(seen.get(servicesKey(args)))
    if ('problem' in found) return dockerRefuses(`the stack ${args.name}`, found.problem)
    const before = specsOf(found.found)
    if (args.state === 'present')
      return {
        kind: 'opaque',
        summary: `docker stack deploy ${args.name}`,
        apply: () => deploying(args, before),
      }
    if (before.size === 0) return { kind: 'ok', result: { stack_spec_diff: {} } }
    const changes = [{ what: 'state', subject: args.name, from: 'present', to: 'absent' }]
    return { kind: 'change', changes, apply: () => removing(args), touches: [servicesKey(args)] }
  },
})

function servicesKey(args: Args) {
  const filter = `label=com.docker.stack.namespace=${args.name}`
  const script = `i=$(${dockerLine(args, ['service', 'ls', '--quiet', '--filter', filter])}) || exit 1
[ -z "$i" ] || ${dockerLine(args, ['service', 'inspect'])} $i`
  return { kind: 'read', name: script, script } as const
}

function specsOf(services: readonly Dict[]): ReadonlyMap<string, Value> {
  return new Map(services.map(one => [textAt(one, 'Spec.Name'), at(one, 'Spec')]))
}

function* deploying(args: Args, before: ReadonlyMap<string, Value>): Generator<Action, Result, Output> {
  const files = args.compose.map((one, index) =>
    typeof one === 'string' ? quote(one) : `"$VPAI_FILES/compose${index}.json"`,
  )
  const flags = [
    ...(args.prune ? ['--prune'] : []),
    // Older programs never wait and know no such flag.
    ...(args.detach ? [] : ['--detach=false']),
    ...(args.with_registry_auth ? ['--with-registry-auth'] : []),
    ...(args.resolve_image === undefined ? [] : ['--resolve-image', args.resolve_image]),
  ]
  const script = [
    dockerLine(args, ['stack', 'deploy', ...flags]),
    ...files.map(file => `--compose-file ${file}`),
    quoteAll(['--', args.name]),
  ].join(' ')
  const inline = args.compose.flatMap((one, index) =>
    typeof one === 'string' ? [] : [[`compose${index}.json`, new TextEncoder().encode(toJson(one as Dict))]],
  )
  const done = yield { do: 'run', script, files: Object.fromEntries(inline), ok: 'any' }
  const told = { rc: done.code, stdout: done.stdout, stderr: unexpanded(done.stderr) }
  if (done.code !== 0) return failedResult(`docker stack deploy failed: ${complaint(told)}`, told)
  const found = readInspected(
    yield { do: 'run', script: servicesKey(args).script, ok: 'any', readOnly: true },
  )
  const diff = 'found' in found ? differing(before, specsOf(found.found)) : {}
  return { ...told, changed: Object.keys(diff).length > 0, stack_spec_diff: diff }
}

function differing(before: ReadonlyMap<string, Value>, after: ReadonlyMap<string, Value>): Dict {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  return Object.fromEntries(
    names
      .filter(name => plain(before.get(name)) !== plain(after.get(name)))
      .map(name => [name, { before: before.get(name) ?? null, after: after.get(name) ?? null }]),
  )
}

/** The same text for the same content, in whatever order the engine tells it. */
function plain(value: Value | undefined): string {
  if (Array.isArray(value)) return `[${value.map(plain).join()}]`
  if (!isDict(value)) return JSON.stringify(value ?? null)
  const pairs = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${pairs.map(([key, one]) => `${key}:${plain(one)}`).join()}}`
}

function* removing(args: Args): Generator<Action, Result, Output> {
  const remove = dockerLine(args, ['stack', 'rm', '--', args.name])
  const script = `o=$(${remove} 2>&1) || { printf '%s\\n' "$o" >&2; exit 1; }
i=0; while [ "$i" -lt ${args.absent_retries} ]; do
case $(${remove} 2>&1) in *'Nothing found'*) exit 0;; esac
i=$((i+1)); sleep ${args.absent_retries_interval}
done
printf '%s\\n' "$o"`
  const { stdout, stderr, code } = yield {
    do: 'run',
    script,
    failure: `docker could not remove the stack ${args.name}`,
  }
  return { rc: code, stdout, stderr, stack_spec_diff: {} }
}
