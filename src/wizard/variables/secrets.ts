import { startsWith } from '../checks.ts'
import { alphanumeric, type Context, detail, hex, key, made, of, strong, themed } from '../variable.ts'

/** Made once and kept: a new n8n key or LiteLLM salt would lose what was encrypted with the old one. */
export const internalSecrets = themed(
  { theme: 'Secrets of the services', step: 'secrets', systems: ['vpai'] },
  [
    made('postgresql_password', 'PostgreSQL password, for all its users', alphanumeric(32)),
    made('redis_password', 'Redis password', alphanumeric(32)),
    made('qdrant_api_key', 'Qdrant API key', hex(64)),
    made('litellm_master_key', 'LiteLLM master key', hex(48, 'sk-')),
    made('litellm_salt_key', 'LiteLLM salt', hex(64), { forever: true }),
    made('litellm_ui_password', 'LiteLLM administrator password', alphanumeric(32)),
    made('grafana_admin_password', 'Grafana administrator password', alphanumeric(32), {
      systems: ['vpai', 'atlas'],
      help: 'Counts at the first start only.',
    }),
    made('n8n_encryption_key', 'n8n encryption key', hex(64), { forever: true }),
    made('n8n_owner_password', 'n8n owner password', strong(32)),
    made('n8n_webhook_secret', 'n8n webhook secret', hex(64)),
    made('github_webhook_secret', 'GitHub webhook secret', hex(64)),
    made('openclaw_api_key', 'OpenClaw API key', hex(64)),
    made('openclaw_gateway_token', 'OpenClaw gateway token', hex(64)),
    made('nocodb_jwt_secret', 'NocoDB session secret', hex(64)),
    key('nocodb_api_token', 'NocoDB API token', { detail: true, help: 'Made in its pages later.' }),
    made('palais_api_key', 'Palais API key', hex(64)),
    made('palais_admin_password', 'Palais administrator password', alphanumeric(32)),
    made('palais_session_secret', 'Palais session secret', hex(64)),
    made('sure_secret_key_base', 'Sure secret key base', hex(128)),
    key('sure_api_key', 'Sure API key', { detail: true, help: 'Made in its pages later.' }),
    made('n8n_mcp_auth_token', 'n8n-mcp token', hex(64)),
    made('couchdb_admin_user', 'CouchDB administrator', alphanumeric(32)),
    made('couchdb_admin_password', 'CouchDB administrator password', alphanumeric(32)),
    made('couchdb_obsidian_password', 'CouchDB password of Obsidian', alphanumeric(32)),
    made('restic_password', 'Backup password', alphanumeric(40), {
      forever: true,
      help: 'Keep a copy elsewhere: no backup opens without it.',
    }),
    made('remotion_api_token', 'Remotion API token', hex(64)),
    made('opencut_db_password', 'OpenCut database password', hex(32)),
    made('opencut_redis_token', 'OpenCut Redis token', hex(32)),
    made('opencut_auth_secret', 'OpenCut session secret', hex(64)),
  ],
)

const usesOvhDns = ({ get }: Context) => get('caddy_acme_dns01') === true && get('domain_registrar') === 'ovh'

export const externalKeys = [
  ...themed({ theme: 'Keys of AI services', step: 'external-keys', systems: ['vpai'] }, [
    key('anthropic_api_key', 'Anthropic API key', { check: startsWith('sk-ant-') }),
    key('openai_api_key', 'OpenAI API key'),
    key('openrouter_api_key', 'OpenRouter API key', { check: startsWith('sk-or-') }),
    key('google_gemini_api_key', 'Google Gemini API key'),
    key('byteplus_api_key', 'BytePlus API key'),
    key('brave_search_api_key', 'Brave Search API key'),
    key('huggingface_token', 'Hugging Face token', { detail: true }),
    key('fal_ai_api_key', 'fal.ai API key', { detail: true }),
  ]),
  ...themed({ theme: 'Keys of providers', step: 'external-keys', systems: ['vpai'] }, [
    key('hetzner_cloud_token', 'Hetzner Cloud token', { help: 'For making and removing servers.' }),
    key('s3_access_key', 'S3 access key', { required: true }),
    key('s3_secret_key', 'S3 secret key', { required: true }),
    detail(of('str', 'ovh_endpoint', 'OVH API', { default: 'ovh-eu', required: true })),
    key('ovh_application_key', 'OVH application key', {
      required: usesOvhDns,
      help: 'With GET, POST, PUT and DELETE on /domain/zone/*.',
    }),
    key('ovh_application_secret', 'OVH application secret', { required: usesOvhDns }),
    key('ovh_consumer_key', 'OVH consumer key', { required: usesOvhDns }),
  ]),
]
