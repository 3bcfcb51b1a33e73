/**
 * An action as the request that carries it out: POSIX sh, the bytes for its stdin and a time limit.
 * Pure; everything random (`token`) is handed in. Secrets travel in stdin only.
 */
import type { Pieces } from '../base/pieces.ts'
import type { Action } from '../modules/contract.ts'
import { attributesScript } from './attributes.ts'
import type { Bundle } from './bundle.ts'
import { bundleRequest } from './bundle-script.ts'
import { linkScript } from './link.ts'
import { mkdirScript } from './mkdir.ts'
import type { Precondition } from './precondition.ts'
import { putScript } from './put.ts'
import { readScript } from './read.ts'
import { removeScript } from './remove.ts'
import { runRequest } from './run.ts'
import { touchScript } from './touch.ts'

/** Actions that happen on the host; pause, reconnect and writeLocal are the engine's own. */
export type HostAction = Exclude<Action, { do: 'pause' | 'reconnect' | 'writeLocal' }> | Bundle

export interface RenderOptions {
  /** At least 12 random letters and digits, fresh for every action: names of temporary files. */
  readonly token: string
  /** What the decision saw at the path of a `put`; another state there refuses the change (exit 93). */
  readonly precondition?: Precondition
  /** Seconds for a `run` that names none. Default one day. */
  readonly timeoutS?: number
}

export interface RenderedAction {
  readonly script: string
  readonly stdin?: Uint8Array | string | Pieces
  /** Seconds; 0 means that the script is trusted to end by itself. */
  readonly timeoutS: number
}

export function renderAction(action: HostAction, options: RenderOptions): RenderedAction {
  switch (action.do) {
    case 'put':
      return {
        script: putScript(action, options),
        stdin: action.content,
        timeoutS: action.validate === undefined ? 0 : VALIDATE_S,
      }
    case 'bundle':
      return { ...bundleRequest(action, options.token), timeoutS: 0 }
    case 'mkdir':
      return trusted(mkdirScript(action))
    case 'link':
      return trusted(linkScript(action, options.token))
    case 'remove':
      return trusted(removeScript(action))
    case 'attributes':
      return trusted(attributesScript(action))
    case 'touch':
      return trusted(touchScript(action))
    case 'read':
      return trusted(readScript(action.path))
    case 'run':
      return { ...runRequest(action), timeoutS: action.timeoutS ?? options.timeoutS ?? DAY_S }
  }
}

const VALIDATE_S = 300
const DAY_S = 86_400
const trusted = (script: string): RenderedAction => ({ script, timeoutS: 0 })
