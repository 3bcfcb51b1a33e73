import type { Rule } from '../contract.ts'

export const packageLatest: Rule = {
  id: 'package-latest',
  severity: 'info',
  summary: 'a package or checkout at whatever is newest',
  why: 'Two runs of the same project then make two different hosts. Name a version, or use present and update on purpose.',
  check: ({ tasks }) => [
    ...tasks
      .filter(({ task }) => PACKAGES.has(task.module) && task.args.state === 'latest')
      .map(({ task }) => ({
        message: 'state latest installs another version on another day',
        position: task.position,
      })),
    ...tasks
      .filter(
        ({ task }) =>
          task.module === 'git' && (task.args.version === undefined || task.args.version === 'HEAD'),
      )
      .map(({ task }) => ({
        message: 'git without a version takes whatever the branch holds',
        position: task.position,
      })),
  ],
}

const PACKAGES = new Set(['apt', 'dnf', 'package', 'pip', 'npm'])
