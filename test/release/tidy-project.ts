/** A project of two roles: what both of them declare stays when one is taken away; what only that one has brought goes. */
import { aPlace, type Place } from '../cli/io.ts'

const KEPT = `
- docker_network: { name: tidy-shared }
- cron: { name: shared, job: "true", hour: "4" }
- cron: { name: shared, job: "true", hour: "4", user: root, cron_file: tidy }
- ufw: { rule: allow, port: "22", proto: tcp }
- ufw: { rule: allow, port: "8090", proto: tcp }
- ufw: { state: enabled, default: deny, direction: incoming }
- iptables: { chain: INPUT, protocol: tcp, destination_port: "8091", jump: ACCEPT, comment: shared }
- copy: { dest: /etc/tidy.conf, content: "shared\\n" }
`
const COMPOSE = `services:
  web:
    image: redis:8.0-bookworm
    entrypoint: [sh, -c, "sleep 100000 & wait"]
    stop_grace_period: 1s
`
const UNIT = `[Unit]
Description=A unit that goes
[Service]
ExecStart=/bin/sleep 100000
[Install]
WantedBy=multi-user.target
`
const OLD = `${KEPT}
- file: { path: /opt/tidy, state: directory }
- file: { path: /opt/tidy/conf, state: directory }
- copy: { src: compose.yml, dest: /opt/tidy/compose.yml }
- docker_compose_v2: { project_src: /opt/tidy, project_name: tidy, pull: missing }
- docker_container:
    name: tidy-lone
    image: redis:8.0-bookworm
    entrypoint: [sleep, "100000"]
    networks: [{ name: tidy-shared }, { name: tidy-own }]
    stop_timeout: 1
- cron: { name: own, job: "true", hour: "5" }
- cron: { name: OWN, job: "yes", env: true }
- cron: { name: own, job: "true", hour: "5", user: root, cron_file: tidy }
- cron: { name: own, job: "true", hour: "5", user: root, cron_file: tidy-own }
- ufw: { rule: allow, port: "8092", proto: tcp, from_ip: 192.0.2.0/24 }
- ufw: { rule: limit, port: "8093", comment: "a comment" }
- iptables: { chain: INPUT, protocol: tcp, destination_port: "8094", jump: ACCEPT, comment: own }
- iptables: { chain: TIDY, chain_management: true }
- iptables: { chain: TIDY, source: 192.0.2.0/24, jump: DROP }
- copy: { src: tidy.service, dest: /etc/systemd/system/tidy.service }
- systemd: { name: tidy, state: started, enabled: true, daemon_reload: true }
`

export const BOTH = 'old, kept'
export const ONE = 'kept'

/** Networks first: the container is in them. */
export function tidyProject(hosts: object): Place {
  return aPlace({
    'vpai.yml': 'name: tidy\nshipped_roles: false\n',
    'inventory/hosts.yml': JSON.stringify({ all: { children: { prod: { hosts } } } }),
    'playbooks/site.yml': site(ONE),
    'roles/kept/tasks/main.yml': KEPT,
    'roles/old/tasks/main.yml': `- docker_network: { name: tidy-own }\n${OLD}`,
    'roles/old/files/compose.yml': COMPOSE,
    'roles/old/files/tidy.service': UNIT,
  })
}

export function site(roles: string): string {
  return `- { hosts: prod, gather_facts: false, become: true, roles: [${roles}] }\n`
}

/** All that the two roles bring. */
export const TIDY_STATE = `docker ps -a --filter name=tidy --format '{{.Names}} {{.State}}' | sort
docker network ls --filter name=tidy --format '{{.Name}}' | sort
systemctl show -p LoadState -p ActiveState -p UnitFileState tidy.service
ls -d /opt/tidy /opt/tidy/* /etc/systemd/system/tidy* /etc/systemd/system/*/tidy* /etc/cron.d/tidy* /etc/tidy* 2>/dev/null
crontab -l; cat /etc/cron.d/tidy*; ufw show added; iptables -S | grep -e 809 -e TIDY; cat /etc/tidy.conf; true`
