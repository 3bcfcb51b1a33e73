/** plan --save and deploy --plan, on a shell of this machine. */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CANARIES, leaksIn } from '../canary/canaries.ts'
import { aPlace, type IoChanges, type Place, type Ran } from './io.ts'

const HOSTS = 'all: { children: { lab: { hosts: { here: { ansible_connection: local } } } } }\n'
const SITE = `
- hosts: lab
  gather_facts: false
  tasks:
    - name: The settings
      template: { src: app.conf.j2, dest: "{{ dir }}/app.conf", mode: "0600" }
      notify: Restart
    - name: The folder
      file: { path: "{{ dir }}/data", state: directory, mode: "0755" }
    - name: A link
      file: { src: data, dest: "{{ dir }}/current", state: link }
    - name: Ask it
      command: "cat {{ dir }}/app.conf"
      register: said
    - name: What it says
      copy: { content: "{{ said.stdout_lines | length }}", dest: "{{ dir }}/lines" }
  handlers:
    - name: Restart
      shell: "echo restarted >> {{ dir }}/log"
`
const TEMPLATE = 'port={{ port }}\nimage={{ image }}\npassword={{ db_password }}\n'

let kept: Place
let place: Place
let dir: string

beforeAll(async () => {
  kept = aPlace({
    'vpai.yml': 'name: shop\nplaybook: site.yml\n',
    'inventory/hosts.yml': HOSTS,
    'inventory/group_vars/lab.yml': 'image: "app:1"\n',
    'templates/app.conf.j2': TEMPLATE,
    'site.yml': SITE,
  })
  await kept.run(['secrets', 'init'])
  await kept.run(['secrets', 'set', 'db_password'], { stdin: 'kaP1begin-plain-kaP1end' })
})
afterAll(() => kept.remove())

beforeEach(() => {
  place = aPlace()
  cpSync(path.dirname(kept.folder), path.dirname(place.folder), { recursive: true })
  dir = path.join(place.home, 'host')
  mkdirSync(dir)
  place.write('group_vars/all.yml', `dir: ${dir}\nport: 80\n`)
  writeFileSync(path.join(dir, 'app.conf'), 'old\n', { mode: 0o600 })
})
afterEach(() => place.remove())

const plan = (...flags: string[]) => place.run(['plan', 'lab', '-o', 'p.json', ...flags])
const deploy = (argv: readonly string[] = [], changes: IoChanges = {}): Promise<Ran> =>
  place.run(['deploy', '--plan', 'p.json', ...argv], changes)
const onHost = (name: string) => path.join(dir, name)
const content = (name: string) => readFileSync(onHost(name), 'utf8')

describe('a deploy that keeps to a saved plan', () => {
  it('does what the plan says', async () => {
    expect(await plan()).toMatchObject({ code: 2, err: expect.stringContaining('p.json') })
    expect(statSync(path.join(place.folder, 'p.json')).mode & 0o777).toBe(0o600)
    expect(content('app.conf')).toBe('old\n')
    const { code, out, err } = await deploy()
    expect([code, err, out]).toEqual([0, expect.anything(), expect.stringContaining('changed=6')])
    expect(err).toContain('a plan for lab, 0 minutes old')
    expect(content('app.conf')).toContain('port=80\n')
    expect([content('log'), content('lines')]).toEqual(['restarted\n', '3'])
  })

  it.each<[string, () => unknown, RegExp]>([
    [
      'a file of the host',
      () => writeFileSync(onHost('app.conf'), 'else\n'),
      /here: .*app\.conf: its content is another/,
    ],
    ['a mode', () => chmodSync(onHost('app.conf'), 0o640), /app\.conf: file 0600 \S+ → file 0640/],
    ['what is there', () => rmSync(onHost('app.conf')), /app\.conf: file 0600 \S+ → absent/],
    ['what was not there', () => mkdirSync(onHost('data')), /data: absent → directory/],
    [
      'a template',
      () => place.write('templates/app.conf.j2', `${TEMPLATE}#\n`),
      /templates\/app\.conf\.j2: its content/,
    ],
    [
      'a variable',
      () => place.write('group_vars/all.yml', `dir: ${dir}\nport: 81\n`),
      /group_vars\/all\.yml: its content/,
    ],
    [
      'the tag of an image',
      () => place.write('inventory/group_vars/lab.yml', 'image: "app:2"\n'),
      /inventory\/group_vars\/lab\.yml/,
    ],
    ['the playbook', () => place.write('site.yml', `${SITE}\n`), /site\.yml: its content is another/],
    [
      'a host',
      () => place.write('inventory/hosts.yml', HOSTS.replace('here:', 'there:')),
      /here: is in the plan/,
    ],
    [
      'a secret',
      () => place.run(['secrets', 'set', 'db_password'], { stdin: 'another-password' }),
      /secret db_password: its value is another/,
    ],
  ])('refuses when %s moved, names it and touches nothing', async (_what, move, line) => {
    await plan()
    await move()
    const before = existsSync(onHost('app.conf')) ? content('app.conf') : null
    const { code, err } = await deploy()
    expect([code, err]).toEqual([1, expect.stringMatching(line)])
    expect(err).toContain('PLAN_MOVED')
    expect(existsSync(onHost('app.conf')) ? content('app.conf') : null).toBe(before)
    expect(existsSync(onHost('log'))).toBe(false)
  })

  it('names what moved on a host also where no task comes to look at it any more', async () => {
    place.write(
      'site.yml',
      `- hosts: lab
  gather_facts: false
  tasks:
    - file: { path: "{{ dir }}/data", state: directory, mode: "0750" }
    - stat: { path: "{{ dir }}/data" }
      register: data
    - copy: { content: x, dest: "{{ dir }}/one" }
      when: data.stat.exists
`,
    )
    mkdirSync(onHost('data'), { mode: 0o750 })
    await plan()
    rmSync(onHost('data'), { recursive: true })
    writeFileSync(onHost('one'), 'y')
    const { err } = await deploy()
    expect(err).toMatch(/data: directory 0750 \S+ → absent/)
    expect(err).toMatch(/one: absent → file 0644/)
  })

  it.each<[string, string, string]>([
    [
      'a lookup reads',
      'key.pub',
      'copy: { content: "{{ lookup(\'file\', \'key.pub\') }}", dest: "{{ dir }}/a" }',
    ],
    ['is copied', 'files/tree/b/c', 'copy: { src: tree, dest: "{{ dir }}/" }'],
    ['has variables', 'more.yml', 'include_vars: more.yml'],
    ['has tasks', 'tasks.yml', 'include_tasks: tasks.yml'],
    [
      'a template includes',
      'templates/part.j2',
      'copy: { content: "{% include \'part.j2\' %}", dest: "{{ dir }}/a" }',
    ],
    ['a script is', 'files/run.sh', 'script: run.sh'],
  ])('names a file that %s', async (_what, name, task) => {
    const text = name === 'tasks.yml' ? '- debug: { msg: a }\n' : 'a: 1\n'
    place.write(name, text)
    place.write('site.yml', `- hosts: lab\n  gather_facts: false\n  tasks:\n    - ${task}\n`)
    await plan()
    place.write(name, `${text}# more\n`)
    expect((await deploy()).err).toContain(`\n  ${name}: its content is another`)
  })

  it.each(['serial: 1', 'strategy: free'])('touches no host when another one moved (%s)', async how => {
    place.write('inventory/hosts.yml', HOSTS.replace('here:', 'other: { ansible_connection: local }, here:'))
    place.write(
      'site.yml',
      `- hosts: lab
  gather_facts: false
  ${how}
  tasks:
    - copy: { content: x, dest: "{{ dir }}/{{ inventory_hostname }}" }
    - file: { path: "{{ dir }}/{{ inventory_hostname }}", mode: "0600" }
`,
    )
    await plan()
    writeFileSync(onHost('here'), 'y')
    expect((await deploy()).err).toMatch(/\n {2}here: \S+\/here: absent → file/)
    expect(existsSync(onHost('other'))).toBe(false)
    rmSync(onHost('here'))
    expect([(await deploy()).code, content('other'), content('here')]).toEqual([0, 'x', 'x'])
  })

  it('wants the extra variables of the plan again', async () => {
    await plan('-e', 'port=82')
    expect((await deploy()).err).toMatch(/extra variable port: is not given/)
    expect((await deploy(['-e', 'port=83'])).err).toMatch(/extra variable port: its value is another/)
    expect((await deploy(['-e', 'port=82', '-e', 'more=1'])).err).toMatch(
      /variable more: the plan was made without/,
    )
    expect((await deploy(['-e', 'port=82'])).code).toBe(0)
    expect(content('app.conf')).toContain('port=82\n')
  })

  it.each([
    [['--limit', 'here']],
    [['--tags', 'all']],
    [['--skip-tags', 'x']],
    [['-i', 'inventory']],
    [['-b']],
    [['--list-tasks']],
    [['prod']],
  ])('refuses %j, which the plan was made without', async flags => {
    await plan()
    expect(await deploy(flags)).toMatchObject({ code: 1, err: expect.stringContaining('PLAN_FLAGS') })
  })

  it('has the flags of the plan without their being given', async () => {
    place.write(
      'site.yml',
      SITE.replace('- name: The folder\n', '- name: The folder\n      tags: [folders]\n'),
    )
    await plan('--tags', 'folders', '--limit', 'here', '-i', 'inventory')
    const { code, out } = await deploy(['--tags', 'folders'])
    expect([code, out]).toEqual([0, expect.stringContaining('changed=1')])
    expect([existsSync(onHost('data')), content('app.conf')]).toEqual([true, 'old\n'])
  })

  it('with --check compares and changes nothing', async () => {
    await plan()
    expect((await deploy(['--check'])).code).toBe(0)
    expect(content('app.conf')).toBe('old\n')
  })
})

describe('while it runs', () => {
  const tasks = (text: string) =>
    place.write('site.yml', `- hosts: lab\n  gather_facts: false\n  tasks:\n${text}`)

  it.each([
    ['', ''],
    ['ignore_errors', '      ignore_errors: true\n'],
    ['failed_when', '      failed_when: false\n'],
  ])(
    'a task that the plan does not list ends the host before it changes anything (%s)',
    async (_how, keyword) => {
      tasks(`    - name: Hidden
      copy: { content: x, dest: "{{ dir }}/hidden" }
      when: not ansible_check_mode
${keyword}    - name: After
      copy: { content: x, dest: "{{ dir }}/after" }
`)
      await plan()
      const { code, out } = await deploy()
      expect([code, out]).toEqual([2, expect.stringContaining('the saved plan does not list this')])
      expect([existsSync(onHost('hidden')), existsSync(onHost('after'))]).toEqual([false, false])
    },
  )

  it('no rescue goes on after it', async () => {
    tasks(`    - block:
        - copy: { content: x, dest: "{{ dir }}/hidden" }
          when: not ansible_check_mode
      rescue:
        - copy: { content: x, dest: "{{ dir }}/rescued" }
`)
    await plan()
    expect((await deploy()).code).toBe(2)
    expect([existsSync(onHost('hidden')), existsSync(onHost('rescued'))]).toEqual([false, false])
  })

  it('no clear_host_errors brings it back', async () => {
    place.write('inventory/hosts.yml', HOSTS.replace('here:', 'other: { ansible_connection: local }, here:'))
    tasks(`    - copy: { content: x, dest: "{{ dir }}/hidden" }
      when: not ansible_check_mode and inventory_hostname == 'here'
    - meta: clear_host_errors
- hosts: lab
  gather_facts: false
  tasks:
    - copy: { content: x, dest: "{{ dir }}/{{ inventory_hostname }}" }
`)
    await plan()
    expect((await deploy()).code).toBe(2)
    expect([existsSync(onHost('other')), existsSync(onHost('here'))]).toEqual([true, false])
  })

  it('it is met behind tasks that go out together as well', async () => {
    tasks(`    - copy: { content: x, dest: "{{ dir }}/one" }
    - copy: { content: x, dest: "{{ dir }}/hidden" }
      when: not ansible_check_mode
    - copy: { content: x, dest: "{{ dir }}/two" }
`)
    await plan()
    expect((await deploy()).code).toBe(2)
    expect([content('one'), existsSync(onHost('hidden')), existsSync(onHost('two'))]).toEqual([
      'x',
      false,
      false,
    ])
  })

  it('a rescue of another failure, and what is known after apply, are free', async () => {
    place.write('more.yml', '- copy: { content: x, dest: "{{ dir }}/more" }\n  notify: Told\n')
    tasks(`    - block:
        - command: "test -e {{ dir }}/nothing"
      rescue:
        - copy: { content: x, dest: "{{ dir }}/rescued" }
    - command: "echo yes"
      register: said
    - include_tasks: more.yml
      when: said.stdout == "yes"
  handlers:
    - name: Told
      copy: { content: x, dest: "{{ dir }}/told" }
`)
    await plan()
    const { code } = await deploy()
    expect([code, content('rescued'), content('more'), content('told')]).toEqual([0, 'x', 'x', 'x'])
  })

  it('a failure that is rescued in check mode too is no failure of the plan', async () => {
    tasks(`    - block:
        - fail: { msg: nope }
      rescue:
        - copy: { content: x, dest: "{{ dir }}/rescued" }
`)
    expect((await plan()).code).toBe(2)
    expect([(await deploy()).code, content('rescued')]).toEqual([0, 'x'])
  })

  it.each([
    ['', ''],
    ['kept by an earlier run', '[defaults]\ngathering = smart\nfact_caching = jsonfile\n'],
  ])('facts are the same when they are compared (%s)', async (_how, config) => {
    place.write('ansible.cfg', config)
    tasks('    - copy: { content: "{{ ansible_facts.os_family }}", dest: "{{ dir }}/facts" }\n')
    place.write(
      'site.yml',
      readFileSync(path.join(place.folder, 'site.yml'), 'utf8').replace('  gather_facts: false\n', ''),
    )
    await plan()
    expect(await deploy()).toMatchObject({ code: 0, err: expect.not.stringContaining('PLAN_') })
    expect(content('facts')).not.toBe('')
  })

  it('what moves by itself is not compared, as long as nothing hangs on it', async () => {
    tasks(`    - find: { paths: "{{ dir }}", file_type: any, recurse: true }
      check_mode: false
    - shell: "date +%N > {{ dir }}/clock"
      check_mode: false
    - copy: { content: x, dest: "{{ dir }}/one" }
`)
    expect(await plan()).toMatchObject({ code: 2, err: expect.stringContaining('is saved') })
    expect((await deploy()).code).toBe(0)
  })

  it('a value that is another each time is no promise', async () => {
    tasks('    - copy: { content: "{{ lookup(\'pipe\', \'date +%N\') }}", dest: "{{ dir }}/now" }\n')
    const { code, err } = await plan()
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/No plan was saved.*:\n {2}here: task copy .*: would do something else/),
    ])
    expect(existsSync(path.join(place.folder, 'p.json'))).toBe(false)
  })
})

describe('the file of a plan', () => {
  const file = () => path.join(place.folder, 'p.json')

  it('holds no secret, raw or encoded, nor a plain digest of one', async () => {
    const names = Object.keys(CANARIES)
    for (const name of names)
      await place.run(['secrets', 'set', `canary_${name}`], { stdin: CANARIES[name] as string })
    const used = names.map(name => `{{ canary_${name} }}`)
    place.write('templates/app.conf.j2', used.join('\n'))
    place.write(
      'site.yml',
      `- hosts: lab
  gather_facts: false
  tasks:
    - template: { src: app.conf.j2, dest: "{{ dir }}/app.conf" }
    - stat: { path: "/{{ canary_plain }}" }
${names
  .map(
    name => `    - copy: { content: "{{ canary_${name} }}", dest: "{{ dir }}/${name}" }
    - copy: { content: "{{ canary_${name} | b64encode }}", dest: "{{ dir }}/${name}.b64" }
    - shell: "cat > /dev/null"
      args: { stdin: "{{ canary_${name} }}" }
    - name: "told {{ canary_${name} }}"
      command: "true {{ canary_${name} | quote }}"
`,
  )
  .join('')}`,
    )
    const { code } = await plan('-e', `given=${CANARIES.percent}`)
    expect(code).toBe(2)
    const text = readFileSync(file(), 'utf8')
    expect(leaksIn(text)).toEqual([])
    expect(text).toMatch(/content|b64/)
    for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512'])
      for (const value of Object.values(CANARIES))
        expect(text).not.toContain(createHash(algorithm).update(value).digest('hex').slice(0, 12))
  })

  it('that was changed, or is of another project, is refused', async () => {
    await plan()
    const text = readFileSync(file(), 'utf8')
    writeFileSync(file(), text.replace('"late"', '"changed"'))
    expect((await deploy()).err).toContain('PLAN_CHANGED')
    writeFileSync(file(), text)
    rmSync(path.join(place.folder, 'inventory/secrets.age'))
    expect((await deploy()).err).toContain('PLAN_NO_KEY')
    await place.run(['secrets', 'init'])
    expect((await deploy()).err).toContain('PLAN_OTHER_KEY')
  })

  it('is not written when a host failed, without a key, or to standard output', async () => {
    expect((await place.run(['plan', 'lab', '-o', '-'])).err).toContain('OPTION_VALUE')
    expect((await plan('--list-tasks')).err).toContain('PLAN_FLAGS')
    const site = place.write(
      'site.yml',
      '- hosts: lab\n  gather_facts: false\n  tasks: [{ fail: { msg: nope } }]\n',
    )
    expect(await plan()).toMatchObject({
      code: 3,
      err: expect.stringMatching(/No plan was saved:\n {2}here: fail: nope/),
    })
    writeFileSync(site, SITE)
    rmSync(path.join(place.folder, 'inventory/secrets.age'))
    expect((await plan('-e', 'db_password=x')).err).toContain('PLAN_NO_KEY')
    expect(existsSync(file())).toBe(false)
  })

  it('has an age, which may be too much', async () => {
    await plan()
    expect((await deploy(['--max-age', '0m'])).err).toContain('PLAN_TOO_OLD')
    expect((await deploy(['--max-age', 'soon'])).err).toContain('OPTION_VALUE')
    expect((await place.run(['deploy', 'lab', '--max-age', '1h'])).err).toContain('OPTION_VALUE')
    expect((await place.run(['deploy'])).err).toContain('ENVIRONMENT_MISSING')
    expect((await deploy(['--max-age', '1h'])).code).toBe(0)
  })
})
