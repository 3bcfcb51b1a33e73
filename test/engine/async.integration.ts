import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Host } from '../../src/engine/ports.ts'
import { type Stage, type Theatre, theatre } from './stage.ts'

let open: Theatre | null = null

function on(tasks: string, more: Partial<Stage> = {}): Theatre {
  const indented = tasks.trim().replaceAll(/^/gm, '    ')
  const site = `- hosts: all\n  vars: { ansible_async_dir: "{{ dir }}/jobs" }\n  tasks:\n${indented}\n`
  open = theatre({ files: { 'site.yml': site }, ...more })
  return open
}

afterEach(() => {
  open?.close()
  open = null
})

describe('poll: 0', () => {
  it('begins a job that goes on alone, and async_status tells how it went', async () => {
    const { results, dir } = await on(`
- name: begins
  shell: until [ -e {{ dir }}/go ]; do sleep 0.1; done; cat; echo $WORD >&2
  args: { stdin: said }
  environment: { WORD: heard }
  async: 60
  poll: 0
  register: job
- name: is told of
  assert:
    that:
      - job.started == 1 and job.finished == 0 and job is changed and job is not finished
      - job.results_file == dir ~ '/jobs/' ~ job.ansible_job_id
- { name: looks, async_status: { jid: "{{ job.ansible_job_id }}" }, register: early }
- { name: runs, assert: { that: early is not finished and early is not changed } }
- { name: lets it go, file: { path: "{{ dir }}/go", state: touch } }
- name: waits
  async_status: { jid: "{{ job.ansible_job_id }}" }
  register: late
  until: late is finished
  retries: 200
- name: has ended
  assert:
    that:
      - late.stdout == 'said' and late.stderr_lines == ['heard'] and late.rc == 0 and late is changed
      - late.cmd is search('sleep') and late.start < late.end or late.delta == '0:00:00.000000'
- { name: cleans up, async_status: { jid: "{{ job.ansible_job_id }}", mode: cleanup }, register: gone }
- { name: is gone, assert: { that: gone.erased == job.results_file } }
- { name: asks again, async_status: { jid: "{{ job.ansible_job_id }}" }, ignore_errors: true, register: lost }
- { name: is not found, assert: { that: lost.msg == 'could not find job' and lost is finished } }
`).play()
    expect(results.filter(line => /: (failed|unreachable)/.test(line))).toEqual([])
    expect(results.at(-1)).toBe('h1 is not found: ok')
    expect(readdirSync(path.join(dir, 'jobs'))).toEqual([])
  })

  it('fails at async_status, not before', async () => {
    const { results } = await on(`
- { name: begins, command: sh -c 'exit 3', async: 60, poll: 0, register: job }
- name: looks
  async_status: { jid: "{{ job.ansible_job_id }}" }
  register: end
  until: end is finished
  ignore_errors: true
- { name: has failed, assert: { that: end.rc == 3 and end.msg == 'non-zero return code' } }
`).play()
    expect(results).toEqual(['h1 begins: changed', 'h1 looks: ignored', 'h1 has failed: ok'])
  })

  it('of what is more than one command is worked out at once, and its result kept', async () => {
    const { results, dir } = await on(`
- { name: begins, file: { path: "{{ dir }}/made", state: directory }, async: 60, poll: 0, register: job }
- { name: fails, file: { path: "{{ dir }}/no/way", state: file }, async: 60, poll: 0, register: bad }
- { name: looks, async_status: { jid: "{{ job.ansible_job_id }}" }, register: end }
- { name: knows, assert: { that: end is finished and end is changed and end.path == dir ~ '/made' } }
- { name: looks again, async_status: { jid: "{{ bad.ansible_job_id }}" } }
`).play()
    expect(existsSync(path.join(dir, 'made'))).toBe(true)
    expect(results).toEqual([
      'h1 begins: changed',
      'h1 fails: changed',
      'h1 looks: changed',
      'h1 knows: ok',
      'h1 looks again: failed',
    ])
  })

  it('begins nothing in check mode, and what asks for it is known after apply', async () => {
    const { results, dir } = await on(
      `
- { name: begins, command: "touch {{ dir }}/made", async: 60, poll: 0, register: job }
- { name: makes, file: { path: "{{ dir }}/folder", state: directory }, async: 60, poll: 0, register: other }
- { name: looks, async_status: { jid: "{{ job.ansible_job_id }}" } }
- { name: looks again, async_status: { jid: "{{ other.ansible_job_id }}" } }
`,
      { options: { check: true } },
    ).play()
    expect(results).toEqual([
      'h1 begins: changed',
      'h1 makes: changed',
      'h1 looks: late',
      'h1 looks again: late',
    ])
    expect(readdirSync(dir)).toEqual([])
  })
})

describe('poll above 0', () => {
  it('waits for the job, and leaves nothing of it', async () => {
    const { results, dir } = await on(`
- { name: works, shell: cat; pwd, args: { stdin: in, chdir: / }, async: 60, poll: 1, register: done }
- { name: knows, assert: { that: "done.stdout == 'in\\n/' and done is finished and done.ansible_job_id is defined" } }
`).play()
    expect(results).toEqual(['h1 works: changed', 'h1 knows: ok'])
    expect(readdirSync(path.join(dir, 'jobs'))).toEqual([])
  })

  it('ends the job when its time is up', async () => {
    const { events } = await on('- { name: slow, command: sleep 30, async: 1, poll: 1 }').play()
    const failed = events.find(event => event.type === 'task.result')
    expect(failed).toMatchObject({
      status: 'failed',
      reason: 'async task did not complete within the requested time - 1s',
    })
  })

  it('connects again when the connection breaks off meanwhile', async () => {
    const reached: Host[] = []
    const stage = on(
      `
- name: works
  shell: touch {{ dir }}/begun; until [ -e {{ dir }}/again ]; do sleep 0.1; done; echo done
  async: 60
  poll: 1
  register: end
- { name: knows, assert: { that: end.stdout == 'done' } }
`,
      {
        reached(host) {
          reached.push(host)
          if (reached.length === 2) writeFileSync(path.join(open!.dir, 'again'), '')
        },
      },
    )
    const playing = stage.play()
    await expect.poll(() => existsSync(path.join(stage.dir, 'begun'))).toBe(true)
    await reached[0]?.close()
    expect((await playing).results).toEqual(['h1 works: changed', 'h1 knows: ok'])
    expect(reached).toHaveLength(2)
  })
})

it('is refused for what runs on this machine', async () => {
  const { results } = await on('- { name: says, debug: { msg: hello }, async: 5 }').play()
  expect(results).toEqual(['h1 says: failed'])
})
