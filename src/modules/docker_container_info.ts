/**
 * docker_container_info: what the engine knows of one container, as `docker inspect` tells it.
 *
 * Args     name (name or id).
 * Changes  none.
 * Errors   no docker program, or an engine that does not answer.
 * Returns  exists, container (null when there is none).
 */
import { inspectModule } from './shared/inspect-module.ts'

export const dockerContainerInfo = inspectModule({
  name: 'docker_container_info',
  summary: 'What the engine knows of one container',
  noun: 'container',
})
