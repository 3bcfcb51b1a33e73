import { beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import {
  type Container,
  DATA,
  renderApplications,
  renderFiles,
  SECRETS,
  variablesOf,
} from './applications.ts'

let all: Awaited<ReturnType<typeof renderApplications>>
beforeAll(async () => {
  all = await renderApplications()
})
const service = (name: string) => all.services[name] as Container
const config = () => parse(all.texts['litellm_config.yaml'])

it('has its database and Redis (F150, F216b), with passwords that a URL can hold (pitfall 35)', () => {
  const variables = variablesOf(all.texts['litellm.env'])
  const { pathname, username, password, host } = new URL(variables.DATABASE_URL as string)
  expect([host, pathname, username]).toEqual(['postgresql:5432', '/litellm', 'litellm'])
  expect(decodeURIComponent(password)).toBe(SECRETS.postgresql_password)
  expect(variables).toMatchObject({
    LITELLM_MASTER_KEY: SECRETS.litellm_master_key,
    LITELLM_SALT_KEY: SECRETS.litellm_salt_key,
    REDIS_HOST: 'redis',
    REDIS_PASSWORD: SECRETS.redis_password,
  })
})

it('serves the models whose provider has a key, and names keys instead of holding them', () => {
  expect(all.texts['litellm_config.yaml']).not.toContain('secret-of')
  const models: readonly { model_name: string; litellm_params: { model: string; api_key: string } }[] =
    config().model_list
  expect(models.map(one => [one.model_name, one.litellm_params.api_key])).toEqual([
    ['claude-sonnet', 'os.environ/ANTHROPIC_API_KEY'],
    ['claude-haiku', 'os.environ/ANTHROPIC_API_KEY'],
    ['gpt-mini', 'os.environ/OPENAI_API_KEY'],
    ['text-embedding-3-small', 'os.environ/OPENAI_API_KEY'],
    ['deepseek-chat', 'os.environ/OPENROUTER_API_KEY'],
    ['free', 'os.environ/OPENROUTER_API_KEY'],
  ])
  expect(Object.keys(variablesOf(all.texts['litellm.env']))).not.toContain('GEMINI_API_KEY')
})

it('starts also where no provider has a key', async () => {
  const none = { anthropic_api_key: '', openai_api_key: '', openrouter_api_key: '' }
  const files = ['litellm_config.yaml', 'openclaw.json'] as const
  const texts = await renderFiles([...DATA, 'litellm', 'openclaw'], none, files)
  const found = parse(texts['litellm_config.yaml'])
  expect([found.model_list, found.router_settings.fallbacks]).toEqual([[], []])
  expect(JSON.parse(texts['openclaw.json']).agents.defaults.model.primary).toBe('litellm/claude-haiku')
})

it('spends 5 dollars a day at most, and of each provider what is allowed (F105, F177–F179)', () => {
  const { litellm_settings, router_settings } = config()
  expect(litellm_settings).toMatchObject({ max_budget: 5, budget_duration: '1d' })
  expect(router_settings.provider_budget_config).toEqual({
    anthropic: { budget_limit: 0.75, time_period: '1d' },
    openai: { budget_limit: 0.5, time_period: '1d' },
    openrouter: { budget_limit: 3.25, time_period: '1d' },
  })
})

it('asks no model only to see whether it is there: that is paid for (pitfall 51)', () => {
  expect(config().general_settings.background_health_checks).toBe(false)
  expect(service('litellm').healthcheck.test.join(' ')).toContain('/health/readiness')
})

it('holds answers of OpenRouter short, and ends no chain on a paid model (pitfall 52)', () => {
  const { model_list, router_settings } = config()
  const routed = model_list.filter((one: { litellm_params: { model: string } }) =>
    one.litellm_params.model.startsWith('openrouter/'),
  )
  expect(
    routed.map((one: { litellm_params: { max_tokens: number } }) => one.litellm_params.max_tokens),
  ).toEqual([4096, 4096])
  const last = router_settings.fallbacks.map((chain: object) => Object.values(chain)[0].at(-1))
  expect(new Set(last)).toEqual(new Set(['free']))
})

it('looks into Redis first (F196), or for what means the same into Qdrant where that is said', async () => {
  expect(config().litellm_settings.cache_params).toEqual({ type: 'redis', ttl: 3600 })
  const files = ['litellm_config.yaml', 'litellm.env'] as const
  const texts = await renderFiles([...DATA, 'litellm'], { litellm_cache: 'qdrant-semantic' }, files)
  expect(parse(texts['litellm_config.yaml']).litellm_settings.cache_params).toMatchObject({
    type: 'qdrant-semantic',
    similarity_threshold: 0.85,
    qdrant_collection_name: 'semantic_cache',
  })
  expect(variablesOf(texts['litellm.env']).QDRANT_API_KEY).toBe(SECRETS.qdrant_api_key)
})
