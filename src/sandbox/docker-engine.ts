/** The docker command of this machine, and the errors people see when it cannot do its work. */
import { execa } from 'execa'
import { VpaiError } from '../base/error.ts'

/** Runs docker with $DOCKER_HOST as it is; resolves to its standard output, trimmed. Throws SANDBOX_DOCKER_FAILED. */
export async function docker(
  args: readonly string[],
  options: { readonly input?: string } = {},
): Promise<string> {
  const result = await execa('docker', args, {
    reject: false,
    env: { DOCKER_BUILDKIT: '0' },
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
  })
  if (!result.failed) return result.stdout.trim()
  const words = String(result.stderr || result.stdout || result.shortMessage)
    .trim()
    .split('\n')
    .slice(-8)
  throw new VpaiError('SANDBOX_DOCKER_FAILED', `docker ${args[0]} failed: ${words.join('\n')}`)
}

/** True when docker succeeded; for questions. */
export async function dockerSays(args: readonly string[]): Promise<boolean> {
  return !(await execa('docker', args, { reject: false, stdin: 'ignore' })).failed
}

/** Throws SANDBOX_NO_DOCKER when no engine answers. */
export async function demandEngine(): Promise<void> {
  const asked = await execa('docker', ['version', '--format', '{{.Server.Version}}'], {
    reject: false,
    stdin: 'ignore',
  })
  if (!asked.failed) return
  const where = process.env.DOCKER_HOST ?? 'the default socket'
  const words = asked.code === 'ENOENT' ? 'the docker command is not installed' : String(asked.stderr).trim()
  throw new VpaiError('SANDBOX_NO_DOCKER', `No Docker engine answers at ${where}: ${words}`, {
    hint: 'Start Docker, set DOCKER_HOST, or leave out `--backend docker` for the embedded sandbox.',
  })
}
