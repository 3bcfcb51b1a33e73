/** Which compose project is meant: the arguments all compose modules share. */
import { bool, list, path, text } from './arguments.ts'

export interface ComposeProject {
  readonly project_src: string
  readonly project_name?: string
  readonly files?: readonly string[]
  readonly env_files: readonly string[]
  readonly profiles: readonly string[]
  readonly check_files_existing: boolean
  readonly docker_cli?: string
  readonly docker_host?: string
  readonly cli_context?: string
  readonly api_version?: string
  readonly tls?: boolean
  readonly validate_certs?: boolean
  readonly ca_path?: string
  readonly client_cert?: string
  readonly client_key?: string
}

export const projectShape = () => ({
  project_src: path(),
  project_name: text().optional(),
  files: list().optional(),
  env_files: list().default([]),
  profiles: list().default([]),
  check_files_existing: bool().default(true),
  docker_cli: path().optional(),
  cli_context: text().optional(),
})
