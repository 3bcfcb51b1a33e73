/** What a task on a compose project returns of it, under the names that `docker compose ps` and `images` have. */
import type { Result } from '../contract.ts'
import type { ComposeSeen } from './compose-probe.ts'

export function composeReturns(project: ComposeSeen): Result {
  return {
    containers: project.containers.map(({ hash: _hash, imageId: _imageId, told, ...one }) => ({
      ...one,
      ...told,
      Project: project.name,
    })),
    images: project.containers.map(({ Name, Image, imageId }) => ({
      ContainerName: Name,
      ID: imageId,
      ...nameAndTag(Image),
      Size: project.imageSizes.get(Image) ?? 0,
    })),
  }
}

/** `host:5000/app:1@sha256:…` → `host:5000/app` and `1`. */
function nameAndTag(image: string): { Repository: string; Tag: string } {
  const [, Repository = image, Tag = 'latest'] = /^([^@]+?)(?::([^:/@]+))?(?:@.*)?$/.exec(image) ?? []
  return { Repository, Tag }
}
