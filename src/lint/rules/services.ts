/** What is doubtful in the service.yml of roles; what is wrong is refused when it is read. */
import type { Service } from '../../manifest/service.ts'
import type { Remark, Rule } from '../contract.ts'

export const serviceSecretInEnvironment: Rule = {
  id: 'service-secret-in-environment',
  severity: 'warning',
  summary: 'a secret in the environment of a service',
  why: 'The Compose file can be read by everybody on the host. Put it into env_file, which is for root alone.',
  check: ({ services }) =>
    services.flatMap(({ name, environment, positionOf }) =>
      Object.keys(environment)
        .filter(key => SECRET.test(key) && !/_FILE$/.test(key))
        .map(
          (key): Remark => ({
            message: `${key} in the environment of ${name} looks like a secret`,
            hint: 'Write it into the file of env_file, 0600.',
            position: positionOf('environment', key),
          }),
        ),
    ),
}

const SECRET = /PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|CREDENTIAL/

export const serviceHealthProvesNothing: Rule = {
  id: 'service-health-proves-nothing',
  severity: 'warning',
  summary: 'a health check that a broken service passes',
  why: 'A version or a living process say nothing of what it answers; localhost may be ::1, where nobody listens. Ask 127.0.0.1.',
  check: ({ services }) =>
    services.flatMap((service): Remark[] => {
      const test = service.healthcheck.test.join(' ')
      const found = WEAK.find(([pattern]) => pattern.test(test))
      if (found === undefined) return []
      return [
        { message: `${service.name}: ${found[1]}`, position: service.positionOf('healthcheck', 'test') },
      ]
    }),
}

const WEAK: readonly (readonly [RegExp, string])[] = [
  [/\bkill -0\b/, 'kill -0 only asks whether the process is there'],
  [/(?:--version|\bversion)$/, 'the version of a program says nothing of what it serves'],
  [/\blocalhost\b/, 'localhost may be ::1; write 127.0.0.1'],
]

export const serviceWithoutBackup: Rule = {
  id: 'service-without-backup',
  severity: 'info',
  summary: 'a service that writes data which no backup saves',
  why: 'What it writes is gone with the disk. Say under backup what is saved, or leave this as it is where it can be made anew.',
  check: ({ services }) => services.flatMap(withoutBackup),
}

function withoutBackup({ name, volumes, backup, positionOf }: Service): Remark[] {
  const index = volumes.findIndex(({ owner }) => owner !== undefined)
  if (index === -1 || backup.length > 0) return []
  return [{ message: `nothing saves what ${name} writes`, position: positionOf('volumes', index) }]
}
