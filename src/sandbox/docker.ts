import type { SandboxInfo, UpOptions } from './sandbox-info.ts'
import type { SandboxState } from './sandbox-state.ts'
export async function upDocker(_o: UpOptions): Promise<SandboxInfo> {
  throw new Error('x')
}
export async function downDocker(_s: SandboxState): Promise<void> {}
export async function dockerTrouble(_s: SandboxState): Promise<string | null> {
  return null
}
