/** A project of the fault suite on a host with Docker: files, a Compose project of two services, a handler; each in places of its own. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { SandboxInfo } from '../../src/sandbox/index.ts'
import type { FaultProject } from './project.ts'

export const IMAGE = 'redis:8.0-bookworm'

const SITE = `- hosts: all
  gather_facts: false
  tasks:
    - file: { path: "{{ target }}/{{ item }}", state: directory, mode: "0750" }
      loop: [conf, log]
    - template: { src: app.conf.j2, dest: "{{ target }}/conf/app.conf", mode: "0640" }
      notify: Reload
    - copy: { content: "part {{ item }}\\n", dest: "{{ target }}/conf/{{ item }}", mode: "0600" }
      loop: [a, b, c]
      notify: Reload
    - name: In the middle
      shell: "touch {{ holds }}.there; until [ -e {{ holds }} ]; do sleep 0.1; done"
      when: holds is defined
      changed_when: false
    - template: { src: compose.yml.j2, dest: "{{ target }}/compose.yml", mode: "0644" }
    - docker_compose_v2: { project_src: "{{ target }}", project_name: "{{ name }}", files: [compose.yml], pull: missing }
    - docker_container_health: { name: "{{ name }}-web-1", delay: 1, max_delay: 1 }
    - name: In the middle of the end
      shell: "touch {{ holds_late }}.there; until [ -e {{ holds_late }} ]; do sleep 0.1; done"
      when: holds_late is defined
      changed_when: false
    - copy: { content: "done\\n", dest: "{{ target }}/last", mode: "0600" }
      notify: Tell
  handlers:
    - name: Reload
      shell: cat {{ target }}/conf/app.conf {{ target }}/conf/a >{{ target }}/log/loaded
    - name: Tell
      shell: docker exec {{ name }}-web-1 cat /conf/app.conf >{{ target }}/log/told
`
const COMPOSE = `services:
  web: &one
    image: "{{ image }}"
    entrypoint: [sh, -c, "sleep 100000 & wait"]
    stop_grace_period: 1s
    restart: unless-stopped
    network_mode: none
    volumes: ["./conf:/conf:ro"]
    healthcheck: { test: [CMD-SHELL, "test -e {{ well | default('/conf/a') }}"], interval: 1s, timeout: 5s, retries: 10 }
  side: { <<: *one }
`

/** `vars` are those of the host `one`. */
export function dockerProject(
  folder: string,
  host: SandboxInfo,
  {
    name,
    image = IMAGE,
    vars = {},
  }: { name: string; image?: string; vars?: Readonly<Record<string, string>> },
): FaultProject {
  const root = path.join(folder, name)
  const target = `/opt/${name}`
  const record = `/var/lib/vpai-${name}`
  const one = {
    ansible_host: '127.0.0.1',
    ansible_port: host.port,
    ansible_user: 'root',
    ansible_ssh_private_key_file: host.privateKeyPath,
    vpai_known_hosts_file: host.knownHostsPath,
    vpai_host_state: record,
    ...{ name, target, image, ...vars },
  }
  const files = {
    'vpai.yml': 'name: faults\nshipped_roles: false\n',
    'home/.ssh/config': 'Host *\n  ServerAliveInterval 2\n  ServerAliveCountMax 2\n',
    'inventory/hosts.yml': JSON.stringify({ all: { hosts: { one } } }),
    'playbooks/site.yml': SITE,
    'playbooks/templates/app.conf.j2': 'port = 8080\n',
    'playbooks/templates/compose.yml.j2': COMPOSE,
  }
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
  }
  const remove = () => rmSync(root, { recursive: true, force: true })
  const variables = one
  return { root, place: { variables, target, record, seen: { target, record }, remove }, remove }
}

/** What a deploy brings about, without what names the place: files, modes, contents, containers, and what is left over. */
export function stateScript({ place: { target, record } }: FaultProject): string {
  const name = path.basename(target)
  return `cd ${target} && find . -exec stat -c '%n %a %U' {} + | sort
for f in $(find . -type f | sort); do echo "$f $(sed 's/${name}/NAME/g' "$f" | sha256sum)"; done
docker ps -a --filter label=com.docker.compose.project=${name} --format '{{.Names}} {{.State}} {{.Image}}' | sed 's/${name}/NAME/g' | sort
docker inspect -f '{{.Image}} {{if .State.Health}}{{.State.Health.Status}}{{end}}' ${name}-web-1 ${name}-side-1
ls ${record}/faults/pending; find ${record} ${target} -name '.*' ! -name . -o -name '*.tmp'`
}
