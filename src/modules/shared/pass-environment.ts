/** Names of variables as flags, their values in the environment of the docker program, which nobody else reads. */
export interface PassedEnvironment {
  readonly flags: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** What the docker program itself lives by cannot be given another value: that is written out. */
const OWN = /^(PATH|HOME|DOCKER_.*|COMPOSE_.*|LD_.*|SSH_.*|XDG_.*|TMPDIR)$/

export function passEnvironment(flag: string, values: Readonly<Record<string, string>>): PassedEnvironment {
  const entries = Object.entries(values)
  return {
    flags: entries.map(([name, value]) => `${flag}=${OWN.test(name) ? `${name}=${value}` : name}`),
    env: Object.fromEntries(entries.filter(([name]) => !OWN.test(name))),
  }
}
