import { describe, expect, it } from 'vitest'
import { settle } from '../../src/wizard/settle.ts'
import type { Answers } from '../../src/wizard/variable.ts'
import { ANSWERS, aFormer, anInput, aSecret } from './a-wizard.ts'

const withAnswers = (given: Answers) => settle(anInput({ given: { ...ANSWERS, ...given } }))
const codes = (given: Answers) => withAnswers(given).errors.map(error => [error.code, error.names[0]])

describe('settle, on a first run', () => {
  it('needs nothing but what has no default', () => {
    const { result, errors } = settle(anInput())
    expect(errors).toEqual([])
    expect(result.variables).toMatchObject({
      project_name: 'vpai',
      vpn_headscale_url: 'https://singa.example.org',
      vpn_headscale_ip: '198.51.100.7',
      hardening_trusted_ips: ['198.51.100.7/32'],
      n8n_owner_email: 'me@example.org',
      s3_endpoint: 'fsn1.your-objectstorage.com',
      telegram_openclaw_chat_id: -1001,
      monitoring_enabled: true,
      smoke_test_strict: true,
    })
  })

  it('tells all that is missing at once', () => {
    const { errors } = settle(anInput({ given: {} }))
    expect(errors.map(error => error.names[0]).sort()).toEqual(
      Object.keys(ANSWERS)
        .filter(name => name !== 'prod_ram_gb')
        .concat('n8n_owner_email', 'vpn_headscale_ip')
        .sort(),
    )
    expect(new Set(errors.map(error => error.code))).toEqual(new Set(['WIZARD_MISSING']))
  })

  it('puts no secret among the variables', () => {
    const { result } = settle(anInput())
    const shown = JSON.stringify(result)
    for (const secret of Object.values(result.secrets)) expect(shown).not.toContain(secret.reveal())
    expect(shown).not.toContain('S3-SECRET')
    expect(result.secrets.s3_secret_key?.reveal()).toBe('S3-SECRET-KEY-0001')
  })

  it.each([
    ['postgresql_password', /^[A-Za-z0-9]{32}$/],
    ['qdrant_api_key', /^[0-9a-f]{64}$/],
    ['litellm_master_key', /^sk-[0-9a-f]{48}$/],
    ['n8n_owner_password', /^(?=.*\d)(?=.*[A-Z])[A-Za-z0-9]{32}$/],
    ['sure_secret_key_base', /^[0-9a-f]{128}$/],
    ['n8n_encryption_key', /^[0-9a-f]{64}$/],
    ['restic_password', /^.{32,}$/],
  ])('makes %s in its form', (name, form) => {
    expect(settle(anInput()).result.secrets[name]?.reveal()).toMatch(form)
  })

  it('makes no two secrets alike', () => {
    const { result } = settle(anInput())
    const values = result.generated.map(name => result.secrets[name]?.reveal())
    expect(new Set(values).size).toBe(values.length)
  })

  it('turns a map of secrets into one secret each', () => {
    const { result } = settle(
      anInput({ systems: ['atlas'], given: { mosquitto_users: 'sensor=pass-one, hub=pass-two' } }),
    )
    expect(result.secrets['mosquitto_users.sensor']?.reveal()).toBe('pass-one')
    expect(Object.keys(result.variables)).not.toContain('mosquitto_users')
  })

  it('leaves variables of other systems and of choices not made alone', () => {
    const { result } = withAnswers({ notification_method: 'none' })
    expect(Object.keys(result.variables)).not.toContain('telegram_monitoring_chat_id')
    expect(Object.keys(result.variables)).not.toContain('COLD_STORAGE_PATH')
  })

  it('follows one answer with others: closing the server turns on what that needs', () => {
    const ovh = { ovh_application_key: 'k', ovh_application_secret: 's', ovh_consumer_key: 'c' }
    expect(withAnswers({ caddy_vpn_only_mode: true, ...ovh }).result.variables).toMatchObject({
      caddy_acme_dns01: true,
      caddy_no_port80: true,
      caddy_webhook_relay: true,
    })
    expect(codes({ caddy_vpn_only_mode: true })).toEqual([
      ['WIZARD_MISSING', 'ovh_application_key'],
      ['WIZARD_MISSING', 'ovh_application_secret'],
      ['WIZARD_MISSING', 'ovh_consumer_key'],
    ])
  })

  it('writes an explicitly empty name as not routed', () => {
    expect(withAnswers({ sure_subdomain: '' }).result.variables.sure_subdomain).toBe('')
  })
})

describe('settle, with what was found on this machine', () => {
  const { ssh_authorized_keys: keys, ...rest } = ANSWERS

  it('takes it where nothing was answered', () => {
    const { result, errors } = settle(
      anInput({ given: rest, detected: { ssh_authorized_keys: keys ?? null } }),
    )
    expect(errors).toEqual([])
    expect(result.variables.ssh_authorized_keys).toEqual(keys)
  })

  it('lets answers and former answers win', () => {
    const detected = { project_display_name: 'found' }
    expect(
      settle(anInput({ given: { ...ANSWERS, project_display_name: 'given' }, detected })).result.variables
        .project_display_name,
    ).toBe('given')
    expect(
      settle(anInput({ given: {}, former: aFormer(), detected })).result.variables.project_display_name,
    ).toBe('VPAI')
  })
})

describe('settle, on wrong answers', () => {
  it.each([
    ['root as the user', { prod_user: 'root' }, 'WIZARD_BAD_ANSWER', 'prod_user'],
    ['a private production address', { prod_ip: '10.0.0.1' }, 'WIZARD_BAD_ANSWER', 'prod_ip'],
    ['a port of the web server', { prod_ssh_port: 443 }, 'WIZARD_BAD_ANSWER', 'prod_ssh_port'],
    ['a port above all', { vpn_ssh_port: 70000 }, 'WIZARD_BAD_ANSWER', 'vpn_ssh_port'],
    ['a text for a number', { prod_ram_gb: 'much' }, 'WIZARD_BAD_ANSWER', 'prod_ram_gb'],
    ['a choice there is not', { target_env: 'staging' }, 'WIZARD_BAD_ANSWER', 'target_env'],
    [
      'an address outside the VPN',
      { vps_tailscale_ip: '192.0.2.1' },
      'WIZARD_BAD_ANSWER',
      'vps_tailscale_ip',
    ],
    ['an empty list of keys', { ssh_authorized_keys: [] }, 'WIZARD_MISSING', 'ssh_authorized_keys'],
    ['a bad one among the keys', { ssh_authorized_keys: ['x'] }, 'WIZARD_BAD_ANSWER', 'ssh_authorized_keys'],
    ['a name twice', { n8n_subdomain: 'tala' }, 'WIZARD_SUBDOMAIN_TWICE', 'n8n_subdomain'],
    [
      'one bucket for two things',
      { s3_bucket_shared: 'vpai-backups' },
      'WIZARD_BUCKET_TWICE',
      's3_bucket_shared',
    ],
    [
      'overlapping networks',
      { docker_egress_subnet: '172.20.2.128/25' },
      'WIZARD_SUBNET_OVERLAP',
      'docker_egress_subnet',
    ],
    ['a port of the hub', { vpn_ssh_port: 4096 }, 'WIZARD_PORT_TAKEN', 'vpn_ssh_port'],
    [
      'thresholds upside down',
      { litellm_budget_alert_warning: 0.95 },
      'WIZARD_THRESHOLDS',
      'litellm_budget_alert_warning',
    ],
    [
      'another frontend',
      { caddy_docker_frontend_cidr: '172.20.9.0/24' },
      'WIZARD_FRONTEND',
      'caddy_docker_frontend_cidr',
    ],
    ['a malformed key', { anthropic_api_key: 'sk-or-123456789' }, 'WIZARD_BAD_ANSWER', 'anthropic_api_key'],
  ])('refuses %s', (_, given: Answers, code, name) => {
    expect(codes(given)).toEqual([[code, name]])
  })

  it('refuses DNS-01 elsewhere than at OVH, and half a closed server', () => {
    expect(codes({ caddy_acme_dns01: true, domain_registrar: 'hetzner' })).toEqual([
      ['WIZARD_DNS01', 'caddy_acme_dns01'],
    ])
    expect(codes({ caddy_vpn_only_mode: true, caddy_acme_dns01: false })).toEqual([
      ['WIZARD_VPN_ONLY', 'caddy_acme_dns01'],
    ])
  })

  it('never quotes a secret it refuses', () => {
    const { errors } = withAnswers({
      anthropic_api_key: aSecret('hunter2'),
      telegram_monitoring_bot_token: 'hunter2',
    })
    expect(errors).toHaveLength(2)
    expect(JSON.stringify(errors)).not.toContain('hunter2')
  })

  it('refuses an MQTT address outside production', () => {
    const { errors } = settle(anInput({ systems: ['atlas'], given: { mqtt_vip: '10.99.0.1:1883' } }))
    expect(errors.map(error => error.code)).toContain('WIZARD_MQTT')
  })
})

describe('settle, warnings', () => {
  it.each([
    ['budgets above the whole', { litellm_openai_budget_daily: 3 }, 'WIZARD_BUDGET_SUM'],
    ['more memory than there is', { prod_ram_gb: 8 }, 'WIZARD_MEMORY_SUM'],
    ['a domain that is not public', { domain_name: 'home.local' }, 'WIZARD_LOCAL_DOMAIN'],
    ['SSH open in VPN mode', { hardening_vpn_only_mode: true }, 'WIZARD_SSH_OPEN'],
  ])('tells of %s and goes on', (_, given: Answers, code) => {
    const { result, errors } = withAnswers(given)
    expect(errors).toEqual([])
    expect(result.warnings.map(warning => warning.code)).toEqual([code])
  })

  it('has none for plain answers', () => {
    expect(settle(anInput()).result.warnings).toEqual([])
  })

  it('tells of anonymous MQTT, of .local in a homelab and of models too large', () => {
    const atlas = settle(anInput({ systems: ['atlas'], given: {} })).result.warnings
    const homelab = settle(anInput({ systems: ['homelab'], given: { ollama_models: ['llama3:70b'] } })).result
      .warnings
    expect(atlas.map(warning => warning.code)).toEqual(['WIZARD_MQTT_ANONYMOUS'])
    expect(homelab.map(warning => warning.code)).toEqual(['WIZARD_LOCAL_DOMAIN', 'WIZARD_MODEL_SIZE'])
  })
})

describe('settle, run again', () => {
  it('keeps every answer and makes no secret anew', () => {
    const former = aFormer()
    const { result, errors } = settle(anInput({ given: {}, former }))
    expect(errors).toEqual([])
    expect(result.variables).toEqual(former.variables)
    expect(result.secrets).toEqual({})
    expect(result.generated).toEqual([])
    expect(result.kept).toContain('n8n_encryption_key')
  })

  it('makes only the secret that is missing', () => {
    const { redis_password: _, ...secrets } = aFormer().secrets
    expect(settle(anInput({ given: {}, former: aFormer({ secrets }) })).result.generated).toEqual([
      'redis_password',
    ])
  })

  it('changes what is answered anew', () => {
    const { result } = settle(
      anInput({ given: { prod_ssh_port: 804, s3_secret_key: 'another-one' }, former: aFormer() }),
    )
    expect(result.variables.prod_ssh_port).toBe(804)
    expect(Object.keys(result.secrets)).toEqual(['s3_secret_key'])
  })

  it.each([
    ['the name of a deployed project', { project_name: 'other' }, 'project_name'],
    ['the n8n encryption key', { n8n_encryption_key: 'a'.repeat(64) }, 'n8n_encryption_key'],
    ['the LiteLLM salt', { litellm_salt_key: 'a'.repeat(64) }, 'litellm_salt_key'],
    ['the backup password', { restic_password: 'a'.repeat(64) }, 'restic_password'],
  ])('never changes %s (WIZARD_FIXED)', (_, given: Answers, name) => {
    const { errors } = settle(anInput({ given, former: aFormer({ deployed: true }) }))
    expect(errors.map(error => [error.code, error.names[0]])).toEqual([['WIZARD_FIXED', name]])
  })

  it('lets a project that was never deployed take another name', () => {
    expect(settle(anInput({ given: { project_name: 'other' }, former: aFormer() })).errors).toEqual([])
  })

  it('takes the same answers again', () => {
    expect(settle(anInput({ former: aFormer({ deployed: true }) })).errors).toEqual([])
  })

  it('leaves a variable alone that somebody wrote a template for', () => {
    const former = aFormer({ untouched: new Set(['prod_ip']) })
    expect(Object.keys(settle(anInput({ given: {}, former })).result.variables)).not.toContain('prod_ip')
  })
})
