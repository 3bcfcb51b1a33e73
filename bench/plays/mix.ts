/**
 * The mix of the no-op measures: of every twenty tasks, five templates, four copies, five files (directories, a link,
 * an absent one), two lineinfile, a blockinfile, two stat, a command with `creates`. One template hangs on what a
 * stat registered. With `always`, so many commands that run every time (`changed_when: false`) are spread among them.
 */
import type { ProjectFiles } from '../kit/project.ts'

export const BASE = '/srv/bench'

export interface MixShape {
  readonly tasks: number
  readonly always?: number
  /** A folder below which this host has its files. */
  readonly base?: string
}

type Task = Readonly<Record<string, unknown>>

export function mix({ tasks, always = 0, base = BASE }: MixShape): ProjectFiles {
  const every = always === 0 ? Number.POSITIVE_INFINITY : Math.floor(tasks / always)
  const list = Array.from({ length: tasks }, (_, index) =>
    index % every === every - 1 ? alwaysRun(index) : MIX[index % MIX.length]!(index),
  )
  const play = {
    name: 'The mix',
    hosts: 'all',
    gather_facts: false,
    vars: { base, owner: 'root', workers: 4, names: ['api', 'web', 'worker', 'cron'] },
    tasks: list,
  }
  return { plays: [play], files: FILES }
}

const folder = (index: number) => `{{ base }}/d${Math.floor(index / MIX.length)}`

function directory(index: number): Task {
  const under = index % MIX.length === 0 ? '' : `/sub${index}`
  return {
    name: `Folder ${index}`,
    file: { path: `${folder(index)}${under}`, state: 'directory', mode: '0755' },
  }
}

function text(index: number): Task {
  const content = `# settings ${index}\nowner={{ owner }}\nworkers={{ workers }}\n`
  return { name: `Text ${index}`, copy: { dest: `${folder(index)}/text${index}`, content, mode: '0644' } }
}

function file(index: number): Task {
  return {
    name: `File ${index}`,
    copy: { src: `part${index % 3}.conf`, dest: `${folder(index)}/file${index}`, mode: '0640' },
  }
}

function template(index: number): Task {
  return {
    name: `Template ${index}`,
    template: { src: `service${index % 3}.j2`, dest: `${folder(index)}/template${index}`, mode: '0644' },
    vars: { number: index },
  }
}

function line(index: number): Task {
  return {
    name: `Line ${index}`,
    lineinfile: {
      path: `${folder(index)}/lines${index}`,
      regexp: '^max_connections=',
      line: `max_connections=${index}`,
      create: true,
      mode: '0644',
    },
  }
}

function block(index: number): Task {
  return {
    name: `Block ${index}`,
    blockinfile: {
      path: `${folder(index)}/block${index}`,
      block: `first ${index}\nsecond {{ owner }}`,
      create: true,
      mode: '0644',
    },
  }
}

function look(index: number): Task {
  return { name: `Look ${index}`, stat: { path: folder(index) }, register: `seen${index}` }
}

/** Its condition is what the look right before it registered. */
function dependent(index: number): Task {
  return { ...template(index), name: `Dependent template ${index}`, when: `seen${index - 1}.stat.exists` }
}

function once(index: number): Task {
  const mark = `${folder(index)}/mark${index}`
  return { name: `Command ${index}`, command: { cmd: `touch ${mark}`, creates: mark } }
}

function link(index: number): Task {
  return {
    name: `Link ${index}`,
    file: { src: folder(index), dest: `${folder(index)}/link${index}`, state: 'link' },
  }
}

function absent(index: number): Task {
  return { name: `Absent ${index}`, file: { path: `${folder(index)}/gone${index}`, state: 'absent' } }
}

function alwaysRun(index: number): Task {
  return { name: `Always ${index}`, command: { cmd: 'true' }, changed_when: false }
}

const MIX = [
  directory,
  text,
  file,
  template,
  line,
  template,
  directory,
  text,
  block,
  template,
  look,
  dependent,
  once,
  directory,
  file,
  line,
  link,
  look,
  template,
  absent,
] as const

const FILES: Readonly<Record<string, string>> = Object.fromEntries(
  [0, 1, 2].flatMap(number => [
    [
      `files/part${number}.conf`,
      Array.from({ length: 40 }, (_, at) => `option_${number}_${at} = ${at * 7}\n`).join(''),
    ],
    [
      `templates/service${number}.j2`,
      [
        `# {{ owner }} runs service {{ number }} in {{ base }}`,
        '[service]',
        'workers = {{ workers * 2 }}',
        '{% for name in names %}',
        '[{{ name | upper }}]',
        "command = /usr/bin/{{ name }} --number {{ number }} --of {{ names | join(',') }}",
        '{% if name == "api" %}',
        'port = {{ 8000 + number }}',
        '{% endif %}',
        '{% endfor %}',
        ...Array.from({ length: 15 }, (_, at) => `setting_${number}_${at} = {{ owner }}-${at}`),
        '',
      ].join('\n'),
    ],
  ]),
)
