import { describe, expect, it } from 'vitest'
import { readProjectFile } from '../../src/config/project-file.ts'
import { readInventoryVariables } from '../../src/wizard/read-values.ts'
import { groupPath, PATHS, renderFiles } from '../../src/wizard/render.ts'
import { settle, type WizardResult } from '../../src/wizard/settle.ts'
import type { Answers } from '../../src/wizard/variable.ts'
import { parseYamlData } from '../../src/yaml/parse-yaml-data.ts'
import { ANSWERS, aFormer, anInput } from './a-wizard.ts'

const settled = (given: Answers = {}): WizardResult =>
  settle(anInput({ given: { ...ANSWERS, ...given } })).result

function render(result: WizardResult, existing: Readonly<Record<string, string>> = {}, formerVariables = {}) {
  const files = renderFiles({ result, formerVariables, existing: path => existing[path] })
  return Object.fromEntries(files.map(file => [file.path, file.content]))
}

const yaml = (text: string | undefined) => parseYamlData(text ?? '')

describe('renderFiles, into an empty folder', () => {
  it('writes hosts, groups, settings, project and what git leaves out', () => {
    expect(Object.keys(render(settled())).sort()).toEqual([
      '.gitignore',
      'inventory/group_vars/all/main.yml',
      'inventory/group_vars/preprod/main.yml',
      'inventory/group_vars/prod/main.yml',
      'inventory/group_vars/vpn/main.yml',
      'inventory/group_vars/workstation/main.yml',
      'inventory/hosts.yml',
      'vpai.yml',
    ])
  })

  it('says how each host is reached', () => {
    expect(yaml(render(settled())[PATHS.hosts])).toEqual({
      all: {
        children: {
          prod: {
            hosts: {
              'vps-prod-01': {
                ansible_host: '203.0.113.10',
                ansible_user: 'deploy',
                ansible_ssh_private_key_file: '~/.ssh/vpai-deploy',
                ansible_port: 2222,
                bootstrap: { port: 22, user: 'root' },
              },
            },
          },
          preprod: { hosts: {} },
          workstation: {
            hosts: {
              'workstation-01': {
                ansible_host: '192.168.1.8',
                ansible_user: 'deploy',
                ansible_ssh_private_key_file: '~/.ssh/vpai-deploy',
              },
            },
          },
          vpn: {
            hosts: {
              'vpn-hub-01': {
                ansible_host: '198.51.100.7',
                ansible_user: 'deploy',
                ansible_ssh_private_key_file: '~/.ssh/vpai-deploy',
                ansible_port: 22,
              },
            },
          },
          app_prod: { hosts: {} },
        },
      },
    })
  })

  it('groups settings by theme under comments, and they read back the same', () => {
    const result = settled({
      project_description: 'yes',
      project_display_name: '017: a # b',
      s3_provider: '{{ not a template }}',
    })
    const text = render(result)[PATHS.all] ?? ''
    expect(text).toMatch(/^# The one place/)
    expect(text).toContain('\n# Domain\ndomain_name: example.org\n')
    const { s3_provider: provider, ...others } = result.variables
    expect(readInventoryVariables(text, 'f').variables).toEqual({ vpai_systems: ['vpai'], ...others })
    expect(text).toContain(`s3_provider: !unsafe "${String(provider)}"`)
  })

  it('holds no secret in any file', () => {
    const result = settled({
      anthropic_api_key: 'sk-ant-0123456789abcdef',
      workstation_pi_become_pass: 'hunter2hunter2',
    })
    const all = Object.values(render(result)).join('\n')
    for (const secret of Object.values(result.secrets)) expect(all).not.toContain(secret.reveal())
    expect(yaml(render(result)[groupPath('workstation')])).toMatchObject({
      ansible_become_password: '{{ workstation_pi_become_pass }}',
    })
  })

  it('gives the smaller preprod server smaller limits', () => {
    expect(yaml(render(settled())[groupPath('preprod')])).toMatchObject({
      target_env: 'preprod',
      postgresql_memory_limit: '768M',
      postgresql_cpu_limit: 0.75,
    })
  })

  it('reaches a closed production server through the VPN', () => {
    const text = render(settled({ hardening_vpn_only_mode: true, vps_tailscale_ip: '100.64.0.14' }))[
      PATHS.hosts
    ]
    expect(text).toContain('ansible_host: 100.64.0.14')
  })

  it('writes a homelab host', () => {
    const given = {
      TAILSCALE_IP_ADDRESS: '100.64.0.5',
      TAILSCALE_ALLOWED_IPS: ['100.64.0.0/10'],
      npm_admin_email: 'me@example.org',
    }
    const { result } = settle(anInput({ systems: ['homelab'], given }))
    expect(yaml(render(result)[PATHS.hosts])).toEqual({
      all: { children: { homelab: { hosts: { homelab: { ansible_host: '100.64.0.5' } } } } },
    })
  })
})

describe('renderFiles, over an earlier run', () => {
  it('changes nothing when nothing changed', () => {
    const first = render(settled())
    expect(render(settled(), first, aFormer().variables)).toEqual(first)
  })

  it("keeps the user's keys, comments and order, and changes one value", () => {
    const before = render(settled())[PATHS.all] ?? ''
    const edited = `${before.replace('prod_user: deploy', 'prod_user: deploy # not me')}\n# mine\nmy_own: { a: 1 }\n`
    const after = render(settled({ prod_user: 'ops' }), { [PATHS.all]: edited })[PATHS.all]
    expect(after).toBe(edited.replace('prod_user: deploy # not me', 'prod_user: ops # not me'))
  })

  it('puts a new key behind those of its theme', () => {
    const before = (render(settled())[PATHS.all] ?? '').replace('prod_ip: 203.0.113.10\n', '')
    const after = render(settled(), { [PATHS.all]: `${before}mine: 1\n` })[PATHS.all] ?? ''
    expect(after).toContain('prod_disk_gb: 75\nprod_ip: 203.0.113.10\n')
    expect(after).toMatch(/mine: 1\n$/)
  })

  it('leaves the layout of a hosts file that says the same already', () => {
    const first = render(settled())[PATHS.hosts] ?? ''
    const own = first.replace('hosts: {}', 'hosts:   {}   # none yet')
    expect(render(settled(), { [PATHS.hosts]: own })[PATHS.hosts]).toBe(own)
  })

  it('gives a renamed host its new name and keeps what was added to it', () => {
    const hosts = `all:\n  children:\n    prod:\n      hosts:\n        vps-prod-01:\n          ansible_host: 203.0.113.10\n          mine: 1\n        other:\n          ansible_host: 192.0.2.9\n`
    const after = yaml(
      render(settled({ prod_hostname: 'web' }), { [PATHS.hosts]: hosts }, { prod_hostname: 'vps-prod-01' })[
        PATHS.hosts
      ],
    )
    expect(after).toMatchObject({
      all: {
        children: {
          prod: { hosts: { web: { mine: 1, ansible_port: 2222 }, other: { ansible_host: '192.0.2.9' } } },
        },
      },
    })
    expect(JSON.stringify(after)).not.toContain('vps-prod-01')
  })

  it('leaves the paths of a project file that somebody changed, and gives it the name', () => {
    const after = render(settled(), { [PATHS.project]: 'inventory: elsewhere/hosts.ini\nforks: 5\n' })[
      PATHS.project
    ]
    expect(yaml(after)).toEqual({
      inventory: 'elsewhere/hosts.ini',
      forks: 5,
      name: 'vpai',
      secrets: 'inventory/secrets.age',
    })
  })

  it('writes a project file that vpai takes', () => {
    const text = render(settled())[PATHS.project] ?? ''
    const { problems, settings } = readProjectFile({
      read: () => text,
      list: () => null,
      isFile: () => true,
      isDirectory: () => false,
    })
    expect(problems).toEqual([])
    expect([settings.name, settings.inventory]).toEqual(['vpai', ['inventory/hosts.yml']])
  })

  it('leaves what somebody set for a group', () => {
    const path = groupPath('preprod')
    const after = render(settled(), { [path]: 'postgresql_memory_limit: 1G\n' })[path]
    expect(yaml(after)).toMatchObject({ postgresql_memory_limit: '1G', redis_memory_limit: '384M' })
  })

  it('leaves an address that is a template', () => {
    const first = render(settled())[PATHS.hosts] ?? ''
    const own = first.replace('ansible_host: 203.0.113.10', 'ansible_host: "{{ prod_ip }}"')
    expect(render(settled({ prod_ip: '203.0.113.99' }), { [PATHS.hosts]: own })[PATHS.hosts]).toBe(own)
  })

  it('adds to .gitignore what is missing there', () => {
    expect(render(settled(), { '.gitignore': 'node_modules\n.vpai/' })['.gitignore']).toBe(
      'node_modules\n.vpai/\ninventory/secrets.age.draft\n',
    )
  })

  it.each([PATHS.all, PATHS.hosts, PATHS.project])(
    'refuses a broken %s before anything is written (WIZARD_BROKEN_FILE)',
    path => {
      expect(() => render(settled(), { [path]: 'a: "x\n' })).toThrow(
        expect.objectContaining({ code: 'WIZARD_BROKEN_FILE' }),
      )
    },
  )
})
