/** Images, volumes, networks, prunes and compose projects on a real engine of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Module } from '../../src/modules/contract.ts'
import { dockerComposeV2Exec } from '../../src/modules/docker_compose_v2_exec.ts'
import { dockerComposeV2Pull } from '../../src/modules/docker_compose_v2_pull.ts'
import { dockerComposeV2Run } from '../../src/modules/docker_compose_v2_run.ts'
import { dockerContainerInfo } from '../../src/modules/docker_container_info.ts'
import { dockerHostInfo } from '../../src/modules/docker_host_info.ts'
import { dockerImage } from '../../src/modules/docker_image.ts'
import { dockerImageBuild } from '../../src/modules/docker_image_build.ts'
import { dockerImageExport } from '../../src/modules/docker_image_export.ts'
import { dockerImageInfo } from '../../src/modules/docker_image_info.ts'
import { dockerImageLoad } from '../../src/modules/docker_image_load.ts'
import { dockerImagePull } from '../../src/modules/docker_image_pull.ts'
import { dockerImagePush } from '../../src/modules/docker_image_push.ts'
import { dockerImageRemove } from '../../src/modules/docker_image_remove.ts'
import { dockerImageTag } from '../../src/modules/docker_image_tag.ts'
import { dockerNetwork } from '../../src/modules/docker_network.ts'
import { dockerNetworkInfo } from '../../src/modules/docker_network_info.ts'
import { dockerPrune } from '../../src/modules/docker_prune.ts'
import { dockerVolume } from '../../src/modules/docker_volume.ts'
import { dockerVolumeInfo } from '../../src/modules/docker_volume_info.ts'
import { anyModule } from '../../src/modules/shared/any-module.ts'
import { useOuterEngine } from '../testbed/outer-engine.ts'
import { buildImage, converged, docker, IMAGE, keepsLaws, recipeFolder, whyNoEngine } from './docker-laws.ts'

const missing = whyNoEngine()
if (missing) console.warn(`the docker modules meet no engine: ${missing}`)

const OWN = `vpai-own-${process.pid}`
const built = `${OWN}:1`

describe.skipIf(missing)('on an engine', () => {
  let folder = ''
  let recipe = { path: '', remove: (): void => undefined }
  let giveBack: () => Promise<void> = async () => undefined

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vpai-engine-'))
    giveBack = await useOuterEngine(process.env.VPAI_TESTBED_CACHE ?? join(tmpdir(), 'vpai-testbed'))
    buildImage()
    recipe = recipeFolder(`FROM ${IMAGE}\nARG TOLD\nRUN echo "$TOLD" > /told\n`)
  }, 120_000)
  afterAll(async () => {
    if (folder === '') return
    recipe.remove()
    await giveBack()
    rmSync(folder, { recursive: true, force: true })
  }, 60_000)

  it('a volume is made, made anew when its options change, and removed', () => {
    const args = { name: OWN, labels: { a: 'b' }, driver_options: { type: 'tmpfs', device: 'tmpfs' } }
    keepsLaws(dockerVolume, args)
    const other = { ...args, labels: { a: 'c' } }
    expect(converged(dockerVolume, other)).toMatchObject({ changed: false, verdict: { kind: 'ok' } })
    keepsLaws(dockerVolume, { ...other, recreate: 'options-changed' })
    const { result } = converged(dockerVolumeInfo, { name: OWN })
    expect(result).toMatchObject({ exists: true, volume: { Name: OWN, Labels: { a: 'c' } } })
    keepsLaws(dockerVolume, { name: OWN, state: 'absent' })
    expect(converged(dockerVolumeInfo, { name: OWN }).result).toEqual({ exists: false, volume: null })
  })

  it('a network is made with all it may have, and removed', () => {
    const ipam_config = [{ subnet: '10.213.78.0/24', gateway: '10.213.78.1', iprange: '10.213.78.128/25' }]
    keepsLaws(dockerNetwork, {
      name: OWN,
      ipam_config,
      internal: true,
      attachable: true,
      scope: 'local',
      labels: { a: 'b' },
    })
    expect(converged(dockerNetworkInfo, { name: OWN }).result).toMatchObject({
      exists: true,
      network: { Internal: true },
    })
    keepsLaws(dockerNetwork, { name: OWN, state: 'absent' })
  })

  it('an image is built, tagged, archived, removed, loaded and told of', () => {
    const build = { path: recipe.path, args: { TOLD: 'a "b" $c' } }
    const first = keepsLaws(dockerImage, { name: OWN, tag: '1', source: 'build', build })
    expect(
      JSON.stringify(first.actions.map(action => (action.do === 'run' ? action.argv : []))),
    ).not.toContain('$c')
    expect(docker('run', '--rm', built, 'cat', '/told')).toBe('a "b" $c')
    const archive = join(folder, 'own.tar')
    keepsLaws(dockerImage, { name: built, source: 'local', archive_path: archive, repository: `${OWN}:2` })
    keepsLaws(dockerImageTag, { name: built, repository: [`${OWN}:3`, `${OWN}-b`], tag: '4' })
    keepsLaws(dockerImageExport, { names: [built, `${OWN}:2`], path: join(folder, 'both.tar') })
    const told = converged(dockerImageInfo, { name: [built, 'vpai-none:1'] })
    expect(told.result.images).toMatchObject([{ RepoTags: expect.arrayContaining([built, `${OWN}:3`]) }])
    for (const name of [`${OWN}:2`, `${OWN}:3`, `${OWN}-b:4`]) docker('rmi', name)
    expect(keepsLaws(dockerImageRemove, { name: built }).result).toMatchObject({ untagged: [built] })
    keepsLaws(dockerImageLoad, { path: archive })
    keepsLaws(dockerImage, { name: built, state: 'absent' })
    keepsLaws(dockerImage, { name: built, source: 'load', load_path: archive })
    docker('rmi', built)
  })

  it('an image that is not to be had fails with the words of docker', () => {
    const name = '127.0.0.1:1/none'
    expect(converged(dockerImagePull, { name }).result.msg).toMatch(
      /could not pull the image 127.0.0.1:1\/none:latest/,
    )
    docker('tag', IMAGE, `${name}:1`)
    expect(converged(dockerImagePush, { name, tag: '1' }).result.msg).toMatch(/could not push/)
    docker('rmi', `${name}:1`)
  })

  it('tells of itself', () => {
    const lists = { containers: true, images: true, networks: true, volumes: true, disk_usage: true }
    const { result } = converged(dockerHostInfo, { ...lists, images_filters: { reference: IMAGE } })
    expect(result).toMatchObject({
      can_talk_to_docker: true,
      host_info: { OSType: 'linux' },
      images: [
        { RepoTags: expect.arrayContaining([IMAGE]), Size: expect.any(Number), Created: expect.any(Number) },
      ],
      networks: expect.arrayContaining([expect.objectContaining({ Name: 'bridge', Driver: 'bridge' })]),
      disk_usage: { LayersSize: expect.any(Number) },
    })
    expect(converged(dockerContainerInfo, { name: 'vpai-none' }).result).toEqual({
      exists: false,
      container: null,
    })
  })

  it('prunes what is labelled, and says what went', () => {
    docker('create', '--label', `own=${OWN}`, '--name', OWN, IMAGE)
    const args = { containers: true, containers_filters: { label: `own=${OWN}` } }
    expect(converged(dockerPrune, args)).toMatchObject({
      changed: true,
      result: { containers: [expect.stringMatching(/^[0-9a-f]{64}$/)], containers_space_reclaimed: 0 },
    })
    expect(converged(dockerPrune, args).changed).toBe(false)
  })

  it.skipIf(missing || !hasPlugin('buildx'))(
    'buildx builds with secrets that stand in no command line',
    () => {
      const { path, remove } = recipeFolder('FROM scratch\nCOPY busybox /bin/busybox\n')
      const args = { name: built, path, secrets: [{ id: 's', type: 'value', value: 'hunter2' }] }
      const first = keepsLaws(dockerImageBuild, args)
      expect(first.actions.map(action => (action.do === 'run' ? action.script : '')).join()).not.toContain(
        'hunter2',
      )
      docker('rmi', built)
      remove()
    },
  )

  it.skipIf(missing || !hasPlugin('compose'))('compose runs programs in its services', () => {
    writeFileSync(join(folder, 'compose.yml'), `name: ${OWN}\nservices:\n  web:\n    image: ${IMAGE}\n`)
    const run = (module: Module, more: object) => converged(module, { project_src: folder, ...more })
    const command = {
      service: 'web',
      argv: ['sh', '-c', 'echo "$TOLD"; cat; exit 3'],
      stdin: 'in',
      env: { TOLD: 'a\n"b"' },
    }
    docker('compose', '--project-directory', folder, 'up', '--detach')
    for (const module of [anyModule(dockerComposeV2Exec), anyModule(dockerComposeV2Run)]) {
      const { result, actions } = run(module, { ...command, tty: false })
      expect(result).toMatchObject({ rc: 3, failed: true, stdout_lines: ['a', '"b"', 'in'] })
      expect(JSON.stringify(actions.map(action => (action.do === 'run' ? action.argv : [])))).not.toContain(
        '\\"b',
      )
    }
    const pulled = run(anyModule(dockerComposeV2Pull), { policy: 'missing' })
    expect(pulled).toMatchObject({ changed: false, failed: false })
    docker('compose', '--project-directory', folder, 'down', '--volumes', '--timeout', '0')
  })
})

function hasPlugin(name: string): boolean {
  try {
    docker(name, 'version')
    return true
  } catch {
    console.warn(`docker has no ${name} plugin here`)
    return false
  }
}
