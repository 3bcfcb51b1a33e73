/**
 * docker_volume_info: what the engine knows of one volume.
 *
 * Args     name.
 * Changes  none.
 * Errors   no docker program, or an engine that does not answer.
 * Returns  exists, volume (null when there is none).
 */
import { inspectModule } from './shared/inspect-module.ts'

export const dockerVolumeInfo = inspectModule({
  name: 'docker_volume_info',
  summary: 'What the engine knows of one volume',
  aliases: { volume_name: 'name' },
  noun: 'volume',
})
