/** What a task may say of a server in the Hetzner Cloud. */
import type { z } from 'zod'
import { argumentsOf, bool, choice, int, list, text, textDict, word } from './arguments.ts'
import { HCLOUD_ALIASES, hcloudShape } from './hcloud-api.ts'

export const serverSchema = () =>
  argumentsOf(
    {
      id: int().optional(),
      name: word().optional(),
      server_type: word().optional(),
      image: word().optional(),
      allow_deprecated_image: bool().default(false),
      location: word().optional(),
      datacenter: word().optional(),
      user_data: text().optional(),
      ssh_keys: list().optional(),
      volumes: list().optional(),
      firewalls: list().optional(),
      private_networks: list().optional(),
      placement_group: word().optional(),
      enable_ipv4: bool().default(true),
      enable_ipv6: bool().default(true),
      ipv4: word().optional(),
      ipv6: word().optional(),
      labels: textDict().optional(),
      backups: bool().optional(),
      rescue_mode: word().optional(),
      delete_protection: bool().optional(),
      rebuild_protection: bool().optional(),
      upgrade_disk: bool().default(false),
      force: bool().default(false),
      force_upgrade: bool().default(false),
      state: choice(['present', 'absent', 'created', 'started', 'stopped', 'restarted', 'rebuild']).default(
        'present',
      ),
      ...hcloudShape(),
    },
    { ...HCLOUD_ALIASES, image_allow_deprecated: 'allow_deprecated_image' },
  )
    .refine(args => (args.id ?? args.name) !== undefined, 'give id or name')
    .refine(
      args => args.location === undefined || args.datacenter === undefined,
      'give one of location and datacenter',
    )
    .refine(
      args => (args.delete_protection === undefined) === (args.rebuild_protection === undefined),
      'delete_protection and rebuild_protection go together',
    )
    .refine(args => args.state !== 'rebuild' || args.image !== undefined, 'state rebuild needs image')

export type ServerArgs = z.output<ReturnType<typeof serverSchema>>
