/** The manifests of all roles of a play beside each other, and the pins of their images. */
import type { Problem } from '../../base/error.ts'
import { checkServices as problemsOf } from '../../manifest/check-services.ts'
import { imagePin } from '../../manifest/image-pin.ts'
import type { Service } from '../../manifest/service.ts'
import type { LoadContext } from '../load-context.ts'
import type { Play, Playbook, Role } from '../model.ts'
import { walkProject } from '../walk.ts'

export function checkServices(context: LoadContext, playbooks: readonly Playbook[]): void {
  const roles = new Map<Play, Map<string, Role>>()
  walkProject(context, playbooks, {
    block: ({ use }, { play }) => {
      if (use === undefined || use.role.manifest.services.length === 0) return
      const ofPlay = roles.get(play) ?? new Map<string, Role>()
      roles.set(play, ofPlay.set(use.role.path, use.role))
    },
  })
  const plays = [...roles.values()].map(ofPlay => [...ofPlay.values()].map(({ manifest }) => manifest))
  context.problems.push(...plays.flatMap(problemsOf))
  const pins = new Set(plays.flat().flatMap(({ services }) => services.map(pinName)))
  context.problems.push(...[...pins].flatMap(name => checkPin(context, name)))
}

function pinName({ image }: Service): string {
  return `image_${image}`
}

/** In the variables of roles; those of the inventory are seen by `vpai lint` and on the host. */
function checkPin(context: LoadContext, name: string): Problem[] {
  return [...context.variableFiles.values()].flatMap((file): Problem[] => {
    const found = file.get(name)
    if (found?.text === undefined) return []
    const pin = imagePin(found.text)
    if (pin === 'pinned') return []
    const why = pin === 'floating' ? 'names a tag that moves' : 'has no version'
    return [
      {
        code: 'MANIFEST_IMAGE_UNPINNED',
        message: `${name}: ${found.text} ${why}`,
        hint: 'Name a version that stays, such as 18.1-bookworm, or a digest (name@sha256:…).',
        position: found.position,
      },
    ]
  })
}
