import { afterEach, expect, it } from 'vitest'
import { aPlace, type Place } from '../cli/io.ts'
import { SECRETS, SETTINGS } from './applications.ts'

let place: Place | undefined
afterEach(() => place?.remove())

const SITE = (role: string) => [
  {
    hosts: 'all',
    gather_facts: false,
    roles: ['postgresql', 'redis', 'qdrant', 'litellm', 'openclaw']
      .map(one => ({ role: one, when: false }))
      .filter(one => one.role !== role)
      .concat([{ role, when: true }]),
  },
]

it.each([
  ['litellm', { litellm_fallbacks: { free: ['claude-sonnet'] } }, /free ends on claude-sonnet/],
  ['litellm', { litellm_master_key: 'no-key' }, /must begin with sk-/],
  ['sure', { sure_secret_key_base: 'short' }, /64 characters/],
  ['palais', { image_palais: 'local/palais:1.0.0' }, /set palais_source/],
  ['palais', { palais_admin_password: 'admin' }, /12 characters/],
  ['diun', { notification_method: 'slack' }, /slack needs notification_webhook_url/],
  ['diun', { diun_method: 'mail' }, /telegram, discord, slack, none/],
])('%s refuses %j', async (role, variables, said) => {
  place = aPlace()
  place.write('inventory/hosts.yml', 'all: { hosts: { here: { ansible_connection: local } } }\n')
  const all = { project_name: 'shop', domain_name: 'example.org', ...SECRETS, ...SETTINGS, ...variables }
  place.write('inventory/group_vars/all.yml', JSON.stringify(all))
  place.write('site.yml', JSON.stringify(SITE(role)))
  const { code, out, err } = await place.run(['run', 'site.yml', '--check', '--output', 'plain'])
  expect([code === 0, out + err]).toEqual([false, expect.stringMatching(said)])
})
