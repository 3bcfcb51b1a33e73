import { describe, expect, it } from 'vitest'
import type { Module } from '../../src/modules/contract.ts'
import { dockerImage } from '../../src/modules/docker_image.ts'
import { dockerImageBuild } from '../../src/modules/docker_image_build.ts'
import { dockerImageExport } from '../../src/modules/docker_image_export.ts'
import { dockerImageLoad } from '../../src/modules/docker_image_load.ts'
import { dockerImagePull } from '../../src/modules/docker_image_pull.ts'
import { dockerImagePush } from '../../src/modules/docker_image_push.ts'
import { dockerImageRemove } from '../../src/modules/docker_image_remove.ts'
import { dockerImageTag } from '../../src/modules/docker_image_tag.ts'
import { dockerVolume } from '../../src/modules/docker_volume.ts'
import { anyModule } from '../../src/modules/shared/any-module.ts'
import { imageName } from '../../src/modules/shared/image-name.ts'
import { readArchive } from '../../src/modules/shared/image-steps.ts'
import { type Answers, brief, decideWith, drive, lines } from './tables.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)

/** Images by name, and what an archive holds. */
function host(images: Readonly<Record<string, string>>, archive = ''): Answers {
  return key => {
    if (key.kind !== 'read') return undefined
    if (key.script.includes('manifest.json')) return { code: 0, stdout: archive, stderr: '' }
    const id = images[key.script.split(' -- ')[1] ?? '']
    return id === undefined
      ? { code: 1, stdout: '[]', stderr: 'Error: No such image: x' }
      : { code: 0, stdout: JSON.stringify([{ Id: `sha256:${id}` }]), stderr: '' }
  }
}

const archived = (config: string, tags: readonly string[]) =>
  `${JSON.stringify([{ Config: config, RepoTags: tags }])}\n\n`
const has = host({ 'app:1': A, 'other:1': B }, archived(`${A}.json`, ['app:1']))
const pull = { name: 'app:1', source: 'pull' }

describe('images', () => {
  it.each<[string, Module, object, Answers, string]>([
    ['pulls', anyModule(dockerImage), pull, host({}), 'image app:1 absent>pulled'],
    ['is done', anyModule(dockerImage), pull, has, 'ok'],
    ['gets it again', anyModule(dockerImage), { ...pull, force_source: true }, has, 'opaque: pull app:1'],
    ['sends it', anyModule(dockerImage), { ...pull, push: true }, has, 'opaque: push app:1'],
    ['tags it', anyModule(dockerImage), { ...pull, repository: 'new' }, has, 'tag new:latest >app:1'],
    ['leaves another image its name', anyModule(dockerImage), { ...pull, repository: 'other:1' }, has, 'ok'],
    [
      'takes the name',
      anyModule(dockerImage),
      { ...pull, repository: 'other:1', force_tag: true },
      has,
      'tag other:1 another image>app:1',
    ],
    ['has it archived', anyModule(dockerImage), { ...pull, archive_path: '/a' }, has, 'ok'],
    [
      'archives it',
      anyModule(dockerImage),
      { ...pull, name: 'other:1', archive_path: '/a' },
      has,
      'archive /a >other:1',
    ],
    [
      'removes it',
      anyModule(dockerImage),
      { name: 'app', tag: 1, state: 'absent' },
      has,
      'state app:1 present>absent',
    ],
    [
      'needs it',
      anyModule(dockerImage),
      { name: 'x', source: 'local' },
      has,
      'fail: there is no image x:latest on the host',
    ],
    [
      'gets none by id',
      anyModule(dockerImage),
      { name: A, source: 'pull' },
      has,
      `fail: an image cannot be got by its id: ${A}`,
    ],
    ['asks the registry', anyModule(dockerImagePull), { name: 'app:1' }, has, 'opaque: pull app:1'],
    ['does not ask', anyModule(dockerImagePull), { name: 'app:1', pull: 'not_present' }, has, 'ok'],
    ['pulls what is missing', anyModule(dockerImagePull), { name: 'x' }, has, 'image x:latest absent>pulled'],
    [
      'sends none',
      anyModule(dockerImagePush),
      { name: 'x' },
      has,
      'fail: there is no image x:latest on the host',
    ],
    [
      'tags',
      anyModule(dockerImageTag),
      { name: 'app:1', repository: ['app:1', 'other:1', 'n'] },
      has,
      'tag other:1 another image>app:1; tag n:latest >app:1',
    ],
    [
      'keeps names',
      anyModule(dockerImageTag),
      { name: 'app:1', repository: 'other:1', existing_images: 'keep' },
      has,
      'ok',
    ],
    ['removes', anyModule(dockerImageRemove), { name: 'app:1' }, has, 'image app:1 present>absent'],
    ['has removed', anyModule(dockerImageRemove), { name: 'x' }, has, 'ok'],
    ['has exported', anyModule(dockerImageExport), { name: 'app:1', path: '/a' }, has, 'ok'],
    [
      'exports',
      anyModule(dockerImageExport),
      { names: ['app:1', 'other:1'], path: '/a' },
      has,
      'archive /a ["app:1"]>["app:1","other:1"]',
    ],
    [
      'exports again',
      anyModule(dockerImageExport),
      { names: ['app:1'], path: '/a', force: true },
      has,
      'archive /a ["app:1"]>["app:1"]',
    ],
    ['has loaded', anyModule(dockerImageLoad), { path: '/a' }, has, 'ok'],
    [
      'loads',
      anyModule(dockerImageLoad),
      { path: '/a' },
      host({}, archived(`${A}.json`, ['app:1'])),
      'image app:1 >/a',
    ],
    [
      'loads what has no name',
      anyModule(dockerImageLoad),
      { path: '/a' },
      host({}),
      'opaque: load images from /a',
    ],
    ['builds', anyModule(dockerImageBuild), { name: 'x', path: '/p' }, has, 'image x:latest absent>built'],
    ['has built', anyModule(dockerImageBuild), { name: 'app:1', path: '/p' }, has, 'ok'],
    [
      'builds again',
      anyModule(dockerImageBuild),
      { name: 'app:1', path: '/p', rebuild: 'always' },
      has,
      'opaque: build app:1',
    ],
  ])('%s', (_what, module, args, answers, says) => {
    expect(brief(decideWith(module, args, answers))).toBe(says)
  })

  it.each<[string, Module, object, string]>([
    [
      'builds with all that may be said',
      anyModule(dockerImage),
      {
        name: 'x',
        source: 'build',
        build: {
          path: '/p',
          dockerfile: 'D',
          args: { A: 'b', PATH: '/x' },
          nocache: true,
          pull: true,
          target: 't',
          etc_hosts: { h: '1.2.3.4' },
          container_limits: { memory: 5 },
        },
      },
      'docker build --tag=x:latest --file=/p/D --pull --no-cache --add-host=h:1.2.3.4 --target=t --memory=5 --build-arg=A --build-arg=PATH=/x -- /p',
    ],
    [
      'builds with secrets by file, variable and value',
      anyModule(dockerImageBuild),
      {
        name: 'x',
        path: '/p',
        secrets: [
          { id: 'f', type: 'file', src: '/s' },
          { id: 'e', type: 'env', env: 'E' },
          { id: 'v', type: 'value', value: 'hunter2' },
        ],
      },
      'docker buildx build --progress plain --tag=x:latest --load --secret id=f,src=/s --secret id=e,type=env,env=E --secret id=v,src="$VPAI_FILES/secret2" -- /p',
    ],
    [
      'pulls a platform',
      anyModule(dockerImage),
      { ...pull, pull: { platform: 'arm64' } },
      'docker pull --quiet --platform arm64 -- app:1',
    ],
    [
      'pulls a digest',
      anyModule(dockerImagePull),
      { name: 'app', tag: `sha256:${A}` },
      `docker pull --quiet -- app@sha256:${A}`,
    ],
  ])('%s', (_what, module, args, command) => {
    expect(lines(drive(decideWith(module, args, host({}))).actions)[0]).toBe(command)
  })

  it.each<[string, object]>([
    ['nothing to build', { name: 'x', source: 'build' }],
    ['no source', { name: 'x' }],
    ['no archive to load', { name: 'x', source: 'load' }],
  ])('refuses %s', (_what, args) => {
    expect(dockerImage.args().safeParse(args).success).toBe(false)
  })

  it('counts a push as a change when a layer was sent', () => {
    const sent = (stdout: string) =>
      drive(decideWith(dockerImagePush, { name: 'app:1' }, has), () => ({ stdout })).result.changed
    expect([sent('5f70: Pushed\n1: digest: x'), sent('5f70: Layer already exists\n1: digest: x')]).toEqual([
      true,
      false,
    ])
  })

  it('fails when the archive holds another image', () => {
    const load = { name: 'x', source: 'load', load_path: '/a' }
    const { result } = drive(decideWith(dockerImage, load, host({})), () => ({
      stdout: 'Loaded image: y:1\n',
    }))
    expect(result).toMatchObject({ failed: true, msg: 'the archive /a has y:1, not x:latest' })
  })
})

it.each([
  ['app', 'latest', 'app:latest'],
  ['r:5000/app', '2', 'r:5000/app:2'],
  ['app:1', '2', 'app:1'],
  [`app@sha256:${A}`, 'latest', `app@sha256:${A}`],
  [`sha256:${A}`, 'latest', `sha256:${A}`],
])('%s with the tag %s is %s', (name, tag, whole) => {
  expect(imageName(name, tag).whole).toBe(whole)
})

it.each([
  ['of old', `${archived(`${A}.json`, ['x:1'])}`, { ids: [A], tags: ['x:1'] }],
  [
    'of today',
    `${JSON.stringify([{ Config: `blobs/sha256/${A}`, RepoTags: null }])}\n{"manifests":[{"digest":"sha256:${B}"}]}\n`,
    { ids: [A, B], tags: [] },
  ],
  ['that is none', 'text\n\n', null],
])('an archive %s is read', (_what, stdout, says) => {
  expect(readArchive(stdout)).toEqual(says)
})

describe('docker_volume', () => {
  const volume = { Name: 'v', Driver: 'local', Options: null, Labels: { a: 'b' } }
  const there: Answers = () => ({ code: 0, stdout: JSON.stringify([volume]), stderr: '' })
  const gone: Answers = () => ({ code: 1, stdout: '[]', stderr: 'Error: No such volume: v' })
  it.each<[string, object, Answers, string]>([
    ['makes it', {}, gone, 'state v absent>present'],
    ['is done', { labels: { a: 'b' } }, there, 'ok'],
    ['leaves a difference', { labels: { a: 'c' } }, there, 'ok'],
    ['makes it anew', { labels: { a: 'c' }, recreate: 'options-changed' }, there, 'labels.a v b>c'],
    ['makes it anew always', { recreate: 'always' }, there, 'volume v present>made anew'],
    ['removes it', { state: 'absent' }, there, 'state v present>absent'],
    ['has nothing to remove', { state: 'absent' }, gone, 'ok'],
  ])('%s', (_what, args, answers, says) => {
    expect(brief(decideWith(dockerVolume, { name: 'v', ...args }, answers))).toBe(says)
  })

  it('warns of a difference that it leaves', () => {
    const verdict = decideWith(dockerVolume, { name: 'v', driver: 'nfs' }, there)
    expect(verdict).toMatchObject({ warnings: [expect.stringContaining('differs in driver')] })
  })
})
