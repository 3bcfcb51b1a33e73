/** The stack's generated files as a deploy would write them, rendered here by a real run; nothing else of it runs. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { aPlace } from '../cli/io.ts'

const ROLES = path.resolve(import.meta.dirname, '../../roles')

/** Where a generated file comes from, and which variables it takes besides. */
const FILES = {
  'docker-compose-infra.yml': compose('infra'),
  'docker-compose.yml': compose('apps'),
  'n8n.env': template('n8n', 'n8n.env'),
  'litellm.env': template('litellm', 'litellm.env'),
  'litellm_config.yaml': template('litellm', 'litellm_config.yaml'),
  'nocodb.env': template('nocodb', 'nocodb.env'),
  'openclaw.env': template('openclaw', 'openclaw.env'),
  'openclaw.json': template('openclaw', 'openclaw.json'),
  'sure.env': template('sure', 'sure.env'),
  'palais.env': template('palais', 'palais.env'),
  'diun.yml': template('diun', 'diun.yml'),
  'items.sh': template('backup-config', 'items.sh'),
  Caddyfile: template('caddy', 'Caddyfile'),
}
export type Generated = keyof typeof FILES

export interface StackProject {
  /** Roles of the play, in order. */
  readonly roles: readonly string[]
  readonly variables?: Readonly<Record<string, unknown>>
  /** Files of roles of its own, below roles/. */
  readonly own?: Readonly<Record<string, string>>
}

/** Texts by name. Throws what the run said when it did not come to a good end. */
export async function renderStack(
  { roles, variables = {}, own = {} }: StackProject,
  names: readonly Generated[],
): Promise<Readonly<Record<Generated, string>>> {
  const place = aPlace()
  try {
    const tasks = names.map(name => ({
      template: { src: FILES[name].src, dest: `${place.folder}/out-${name}`, mode: '0644' },
      vars: FILES[name].vars,
    }))
    const uses = roles.map(role => ({ role, when: false }))
    const vars = { project_name: 'shop', domain_name: 'example.org', ...variables }
    for (const [file, text] of Object.entries(own)) place.write(`roles/${file}`, text)
    place.write('inventory/hosts.yml', 'all: { hosts: { here: { ansible_connection: local } } }\n')
    place.write('inventory/group_vars/all.yml', JSON.stringify(vars))
    place.write('site.yml', JSON.stringify([{ hosts: 'all', gather_facts: false, roles: uses, tasks }]))
    const { code, out, err } = await place.run(['run', 'site.yml', '--output', 'plain'])
    if (code !== 0) throw new Error(out + err)
    const texts = names.map(name => [name, readFileSync(`${place.folder}/out-${name}`, 'utf8')])
    return Object.fromEntries(texts)
  } finally {
    place.remove()
  }
}

function template(role: string, file: string) {
  return { src: `${ROLES}/${role}/templates/${file}.j2`, vars: {} }
}

function compose(stage: 'infra' | 'apps') {
  const vars = { stack_stage: stage, stack_names: `{{ stack_${stage} | map(attribute='name') | list }}` }
  return { src: `${ROLES}/docker-stack/templates/docker-compose.yml.j2`, vars }
}
