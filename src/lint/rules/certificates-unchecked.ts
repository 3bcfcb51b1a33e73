import { commandLine, isLoose } from '../command-line.ts'
import type { Rule } from '../contract.ts'

export const certificatesUnchecked: Rule = {
  id: 'certificates-unchecked',
  severity: 'warning',
  summary: 'a download that trusts whoever answers',
  why: 'Without a look at the certificate anybody on the way can hand over another file.',
  check: ({ tasks }) =>
    tasks
      .filter(
        ({ task }) =>
          task.args.validate_certs === false ||
          (isLoose(task) &&
            /\bcurl\s[^|;&]*(?:-k\b|--insecure)|\bwget\s[^|;&]*--no-check-certificate/.test(
              commandLine(task),
            )),
      )
      .map(({ task }) => ({
        message: 'the certificate of the server is not checked',
        position: task.position,
      })),
}
