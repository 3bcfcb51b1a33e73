/** The stack with all applications of phases 3 and 4: its roles, variables as the wizard gives them, secrets that show. */
import { parse } from 'yaml'
import { type Generated, renderStack } from './render-stack.ts'

export const DATA = ['postgresql', 'redis', 'qdrant', 'caddy']
const APPLICATIONS = ['n8n', 'litellm', 'nocodb', 'openclaw', 'sure', 'palais', 'diun']
const ALL_ROLES = [...DATA, ...APPLICATIONS, 'docker-stack']

/** Each value says what it is: where it stands in a file, it can be seen that it does. `$` and `/` are there to be kept. */
export const SECRETS = {
  postgresql_password: 'secret-of-postgresql/$@:',
  redis_password: 'secret-of-redis/$@:',
  qdrant_api_key: 'secret-of-qdrant',
  n8n_encryption_key: 'secret-of-n8n-1',
  n8n_webhook_secret: 'secret-of-n8n-2',
  litellm_master_key: 'sk-secret-of-litellm',
  litellm_salt_key: 'secret-of-litellm-2',
  litellm_ui_password: 'secret-of-litellm-3',
  openrouter_api_key: 'sk-or-secret-of-openrouter',
  anthropic_api_key: 'sk-ant-secret-of-anthropic',
  openai_api_key: 'secret-of-openai',
  s3_access_key: 'secret-of-s3-1',
  s3_secret_key: 'secret-of-s3-2',
  nocodb_jwt_secret: 'secret-of-nocodb',
  openclaw_gateway_token: 'secret-of-openclaw',
  telegram_openclaw_bot_token: '1:secret-of-telegram-2',
  telegram_monitoring_bot_token: '2:secret-of-telegram-1',
  brave_search_api_key: 'secret-of-brave',
  sure_secret_key_base: `secret-of-sure-${'0'.repeat(64)}`,
  palais_api_key: 'secret-of-palais-1',
  palais_admin_password: 'secret-of-palais-2',
  palais_session_secret: 'secret-of-palais-3',
}

export const SETTINGS = {
  n8n_subdomain: 'mayi',
  litellm_subdomain: 'llm',
  litellm_ui_username: 'admin',
  nocodb_subdomain: 'hq',
  admin_subdomain: 'admin',
  sure_subdomain: 'nzimbu',
  palais_subdomain: 'cockpit',
  palais_enabled: true,
  image_palais: 'registry.example.org/palais:2.1.0',
  s3_endpoint: 'objects.example.org',
  s3_region: 'fsn1',
  s3_bucket_shared: 'vpai-shared',
  notification_method: 'telegram',
  telegram_monitoring_chat_id: -1001,
  telegram_openclaw_chat_id: 1002,
  openclaw_docker_group: 998,
}

export interface Container {
  readonly [key: string]: unknown
  readonly image: string
  readonly networks?: readonly string[]
  readonly volumes?: readonly string[]
  readonly env_file?: readonly string[]
  readonly healthcheck: { readonly test: readonly string[] }
  readonly deploy: {
    readonly resources: { readonly limits: { readonly memory: string; readonly cpus: string } }
  }
}

const FILES = [
  ...(['docker-compose-infra.yml', 'docker-compose.yml', 'Caddyfile', 'n8n.env', 'litellm.env'] as const),
  ...(['litellm_config.yaml', 'nocodb.env', 'openclaw.env', 'openclaw.json', 'sure.env'] as const),
  ...(['palais.env', 'diun.yml'] as const),
] as const

/** Texts of all generated files, and the services of phase B. */
export async function renderApplications(variables: Readonly<Record<string, unknown>> = {}) {
  const texts = await renderFiles(ALL_ROLES, variables, FILES)
  const services: Readonly<Record<string, Container>> = parse(texts['docker-compose.yml']).services
  return { texts, services }
}

/** Some files of some roles, which takes less long. */
export function renderFiles(
  roles: readonly string[],
  variables: Readonly<Record<string, unknown>>,
  files: readonly Generated[],
) {
  return renderStack({ roles, variables: { ...SECRETS, ...SETTINGS, ...variables } }, files)
}

/** A file of variables as Compose reads it; throws at a line that is none in single quotes. */
export function variablesOf(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  const pairs = lines.map(line => {
    const found = /^([A-Z0-9_]+)='([^']*)'$/.exec(line)
    if (found === null) throw new Error(`no variable in single quotes: ${line}`)
    return [found[1], found[2]] as const
  })
  return Object.fromEntries(pairs)
}
