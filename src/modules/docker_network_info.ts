/**
 * docker_network_info: what the engine knows of one network.
 *
 * Args     name (name or id).
 * Changes  none.
 * Errors   no docker program, or an engine that does not answer.
 * Returns  exists, network (null when there is none).
 */
import { inspectModule } from './shared/inspect-module.ts'

export const dockerNetworkInfo = inspectModule({
  name: 'docker_network_info',
  summary: 'What the engine knows of one network',
  aliases: { network_name: 'name' },
  noun: 'network',
})
