/**
 * docker_config: a configuration file of the swarm.
 *
 * Args     name, state (present | absent), data or data_src (a file on the host), data_is_b64, labels, force,
 *          template_driver, rolling_versions, versions_to_keep.
 * Changes  other data or labels make it anew: removed and made, or with rolling_versions made beside the old ones, which
 *          go when there are more than versions_to_keep.
 * Errors   the engine's own words, a configuration that services use among them.
 * Returns  config_id, config_name.
 */
import { swarmDataModule } from './shared/swarm-data.ts'

export const dockerConfig = swarmDataModule({
  name: 'docker_config',
  summary: 'A configuration file of the swarm',
  noun: 'config',
})
