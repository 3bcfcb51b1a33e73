/**
 * docker_stack_task_info: the tasks of one stack.
 *
 * Args     name.
 * Changes  none.
 * Errors   a stack that is not there; an engine that is no manager of a swarm.
 * Returns  results: what docker stack ps tells of each task.
 */
import { listingModule } from './shared/listing-module.ts'

export const dockerStackTaskInfo = listingModule({
  name: 'docker_stack_task_info',
  summary: 'The tasks of one stack',
  isOfOne: true,
  words: ['stack', 'ps'],
})
