/**
 * docker_secret: a secret of the swarm.
 *
 * Args     name, state (present | absent), data or data_src (a file on the host), data_is_b64, labels, force,
 *          rolling_versions, versions_to_keep.
 * Changes  other data or labels make it anew: removed and made, or with rolling_versions made beside the old ones, which
 *          go when there are more than versions_to_keep.
 * Errors   the engine's own words, a secret that services use among them. The data travels in a file, never as argument.
 * Returns  secret_id, secret_name.
 */
import { swarmDataModule } from './shared/swarm-data.ts'

export const dockerSecret = swarmDataModule({
  name: 'docker_secret',
  summary: 'A secret of the swarm',
  noun: 'secret',
})
