/**
 * docker_stack_info: the stacks of the swarm.
 *
 * Args     none but those of the connection.
 * Changes  none.
 * Errors   an engine that is no manager of a swarm.
 * Returns  results: what docker stack ls tells of each.
 */
import { listingModule } from './shared/listing-module.ts'

export const dockerStackInfo = listingModule({
  name: 'docker_stack_info',
  summary: 'The stacks of the swarm',
  isOfOne: false,
  words: ['stack', 'ls'],
})
