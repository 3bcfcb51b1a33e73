/** Builders for wizard tests. */
import { Secret } from '../../src/base/secret.ts'
import type { Random } from '../../src/wizard/generate.ts'
import { type Former, NOTHING_BEFORE, settle, type WizardInput } from '../../src/wizard/settle.ts'
import type { Answers } from '../../src/wizard/variable.ts'

/** Repeatable, and different from call to call. */
export function aRandom(): Random {
  let state = 7
  const next = () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return (state >>> 8) & 255
  }
  return { bytes: count => Uint8Array.from({ length: count }, next) }
}

/** Everything a vpai project needs that has no default. */
export const ANSWERS: Answers = {
  domain_name: 'example.org',
  prod_ip: '203.0.113.10',
  prod_ram_gb: 16,
  vpn_server_public_ip: '198.51.100.7',
  notification_email: 'me@example.org',
  telegram_monitoring_bot_token: `123456:${'t'.repeat(35)}`,
  telegram_monitoring_chat_id: -1001,
  n8n_owner_first_name: 'Ada',
  n8n_owner_last_name: 'Example',
  litellm_ui_username: 'ada',
  s3_access_key: 'S3-ACCESS-KEY-0001',
  s3_secret_key: 'S3-SECRET-KEY-0001',
  ssh_authorized_keys: [
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN me@laptop',
  ],
}

export function anInput(overrides: Partial<WizardInput> = {}): WizardInput {
  return { systems: ['vpai'], given: ANSWERS, former: NOTHING_BEFORE, random: aRandom(), ...overrides }
}

/** What a first run with ANSWERS leaves for the next. */
export function aFormer(overrides: Partial<Former> = {}): Former {
  const { result } = settle(anInput())
  return { variables: result.variables, secrets: result.secrets, deployed: false, ...overrides }
}

export function aSecret(value: string): Secret {
  return new Secret(value)
}
