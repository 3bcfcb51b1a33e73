/** Actions as requests, and what their failures mean. */
export { type Bundle, bundlesOf } from './bundle.ts'
export { explainFailure, isStale } from './explain-failure.ts'
export { isFine } from './is-fine.ts'
export { type Precondition, preconditionOf } from './precondition.ts'
export { type HostAction, type RenderedAction, type RenderOptions, renderAction } from './render-action.ts'
export { stillSo } from './still-so.ts'
