/** Carries out what docker_image decided: gets the image, archives it, tags it, pushes it. */
import type { Action, Output, Result } from '../contract.ts'
import type { ImageArgs, ImageNames, ImageSight } from '../docker_image.ts'
import { buildAction } from './image-build.ts'
import { load, lookAtImage, pullAction, push, sameImage, saveAction, tagAction } from './image-steps.ts'
import { failedResult } from './results.ts'

type Doing<Found> = Generator<Action, Found, Output>

export function* applyImage(args: ImageArgs, names: ImageNames, sight: ImageSight): Doing<Result> {
  const { image, target } = names
  const actions: string[] = []
  const gets = sight.image === null || args.force_source
  const got = gets ? yield* get(args, names, actions) : { stdout: '', problem: null }
  if (got.problem !== null) return failedResult(got.problem, { actions, stdout: got.stdout })
  let found = gets ? yield* lookAtImage(args, image.whole) : sight.image
  if (found === null) return failedResult(`there is no image ${image.whole} after it was got`, { actions })
  let changed = gets && !sameImage(found, sight.image)
  if (args.archive_path !== undefined && (changed || !sight.isArchived)) {
    yield saveAction(args, args.archive_path, [image.whole])
    actions.push(`Archived image ${image.whole} to ${args.archive_path}`)
    changed = true
  }
  if (target !== null && (sight.target === null || (args.force_tag && !sameImage(sight.target, found)))) {
    yield tagAction(args, image.whole, target.whole)
    actions.push(`Tagged image ${image.whole} to ${target.whole}`)
    changed = true
  }
  if (args.push) {
    const name = (target ?? image).whole
    const { sent, status } = yield* push(args, name)
    actions.push(`Pushed image ${name}`)
    changed ||= sent
    found = { ...found, push_status: status }
  }
  return { changed, image: found, actions, stdout: got.stdout }
}

interface Got {
  readonly stdout: string
  readonly problem: string | null
}

function* get(args: ImageArgs, { image }: ImageNames, actions: string[]): Doing<Got> {
  if (args.source === 'build' && args.build !== undefined) {
    const { stdout, stderr } = yield buildAction(args, args.build, image.whole)
    actions.push(`Built image ${image.whole} from ${args.build.path}`)
    return { stdout: stdout || stderr, problem: null }
  }
  if (args.source === 'load' && args.load_path !== undefined) {
    const { names, stdout } = yield* load(args, args.load_path)
    actions.push(`Loaded image ${image.whole} from ${args.load_path}`)
    const isThere = names.includes(image.whole) || image.isId
    const problem = `the archive ${args.load_path} has ${names.join(', ') || 'no image'}, not ${image.whole}`
    return { stdout, problem: isThere ? null : problem }
  }
  if (args.source === 'pull') {
    yield pullAction(args, image.whole, args.pull?.platform)
    actions.push(`Pulled image ${image.whole}`)
  }
  return { stdout: '', problem: null }
}
