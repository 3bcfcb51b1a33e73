import { bucket, cidr, collection, hostName, logSize } from '../checks.ts'
import { type Context, detail, of, themed } from '../variable.ts'

const KEEP = [1, 10_000] as const
const MONEY = [0, 100_000] as const

const storage = themed({ theme: 'Storage and backups', step: 'external-keys', systems: ['vpai'] }, [
  detail(of('str', 's3_provider', 'S3 provider', { default: 'hetzner', required: true })),
  of('str', 's3_region', 'S3 region', { default: 'fsn1', required: true }),
  of('host', 's3_endpoint', 'S3 host', {
    required: true,
    check: hostName,
    default: ({ get }) => `${String(get('s3_region'))}.your-objectstorage.com`,
  }),
  of('str', 's3_bucket_backups', 'Bucket of backups', {
    default: 'vpai-backups',
    required: true,
    check: bucket,
  }),
  of('str', 's3_bucket_shared', 'Bucket of shared files', {
    default: 'vpai-shared',
    required: true,
    check: bucket,
  }),
  detail(
    of('int', 'backup_gfs_keep_daily', 'Daily backups to keep', { default: 7, required: true, range: KEEP }),
  ),
  detail(
    of('int', 'backup_gfs_keep_weekly', 'Weekly backups to keep', {
      default: 4,
      required: true,
      range: KEEP,
    }),
  ),
  detail(
    of('int', 'backup_gfs_keep_monthly', 'Monthly backups to keep', {
      default: 6,
      required: true,
      range: KEEP,
    }),
  ),
  detail(
    of('int', 'backup_gfs_keep_yearly', 'Yearly backups to keep', {
      default: 2,
      required: true,
      range: KEEP,
    }),
  ),
  detail(
    of('int', 'backup_local_retention_days', 'Days to keep local copies', {
      default: 3,
      required: true,
      range: KEEP,
    }),
  ),
])

const budget = (name: string, title: string, value: number) =>
  detail(of('float', name, title, { default: value, required: true, range: MONEY }))

const budgets = themed({ theme: 'AI budgets, in dollars', step: 'external-keys', systems: ['vpai'] }, [
  of('float', 'litellm_budget_global_daily', 'Budget a day, all together', {
    default: 5,
    required: true,
    range: MONEY,
  }),
  budget('litellm_anthropic_budget_daily', 'Anthropic a day', 0.75),
  budget('litellm_openai_budget_daily', 'OpenAI a day', 0.5),
  budget('litellm_openrouter_budget_daily', 'OpenRouter a day', 3.25),
  budget('litellm_google_budget_daily', 'Google a day', 0.25),
  budget('litellm_byteplus_budget_monthly', 'BytePlus a month', 5),
  detail(
    of('float', 'litellm_budget_alert_warning', 'Warn at this part of the budget', {
      default: 0.7,
      required: true,
      range: [0, 1],
    }),
  ),
  detail(
    of('float', 'litellm_budget_alert_critical', 'Save at this part of the budget', {
      default: 0.9,
      required: true,
      range: [0, 1],
    }),
  ),
  of('enum', 'openclaw_model_profile', 'Models OpenClaw uses', {
    default: 'balanced',
    required: true,
    choices: ['eco', 'balanced', 'premium'],
  }),
])

const search = themed({ theme: 'Vector search', step: 'hosts', systems: ['vpai'] }, [
  detail(
    of('str', 'qdrant_cache_collection', 'Collection of the cache', {
      default: 'semantic_cache',
      required: true,
      check: collection,
    }),
  ),
  detail(
    of('str', 'qdrant_rag_collection', 'Collection of documents', {
      default: 'content_index',
      required: true,
      check: collection,
    }),
  ),
  detail(
    of('str', 'qdrant_embedding_model', 'Embedding model', {
      default: 'text-embedding-3-small',
      required: true,
    }),
  ),
  detail(
    of('int', 'qdrant_embedding_dimensions', 'Its dimensions', {
      default: 1536,
      required: true,
      range: [1, 65536],
    }),
  ),
])

const hasMemory = ({ get, systems }: Context) => systems.includes('vpai') && Number(get('prod_ram_gb')) > 4

const onOff = (name: string, title: string) => of('bool', name, title, { default: true, required: true })

const services = themed({ theme: 'What runs', step: 'hosts', systems: ['vpai'] }, [
  of('bool', 'monitoring_enabled', 'Monitoring', {
    default: hasMemory,
    required: true,
    systems: ['vpai', 'homelab'],
  }),
  onOff('openclaw_enabled', 'OpenClaw'),
  onOff('sure_enabled', 'Sure'),
  of('bool', 'palais_enabled', 'Palais', {
    default: false,
    required: true,
    help: 'An application of your own: see roles/palais/README.md.',
  }),
  onOff('nocodb_enabled', 'NocoDB'),
  onOff('obsidian_enabled', 'Obsidian store'),
  detail(
    of('bool', 'smoke_test_strict', 'Let a failed smoke test fail the deploy', {
      default: ({ get }) => get('target_env') === 'prod',
      required: true,
    }),
  ),
])

const subnet = (name: string, number: number) =>
  detail(
    of('cidr', `docker_${name}_subnet`, `Range of the ${name} network`, {
      default: `172.20.${number}.0/24`,
      required: true,
      check: cidr,
    }),
  )

const docker = themed({ theme: 'Docker', step: 'hosts', systems: ['vpai'] }, [
  detail(
    of('str', 'docker_log_max_size', 'Largest log file', { default: '10m', required: true, check: logSize }),
  ),
  detail(
    of('int', 'docker_log_max_file', 'Log files to keep', { default: 3, required: true, range: [1, 100] }),
  ),
  subnet('frontend', 1),
  subnet('backend', 2),
  subnet('monitoring', 3),
  subnet('egress', 4),
  subnet('sandbox', 5),
])

export const storageVariables = [...storage, ...budgets]
export const serviceVariables = [...services, ...search, ...docker]
